// What every forecaster is judged against: rules that need no network. Each takes a person's scores step by
// step, gaps included, and says how it goes on.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pyro::forecast {

// The ends of the 95 % and 80 % bands, and the median between them.
inline constexpr std::array<double, 5> kQuantiles{0.025, 0.1, 0.5, 0.9, 0.975};

struct Band {
  double mean = 0;
  std::array<double, kQuantiles.size()> quantiles{};
};

// What a forecaster said after each step of a series.
struct Track {
  std::vector<double> present;           // the smoothed present
  std::vector<std::vector<Band>> ahead;  // [horizon][step]: of the score that many steps later
};

// A rule and what it has seen. Before anything was seen it says its training data's mean.
class Baseline {
 public:
  virtual ~Baseline() = default;
  virtual void see(double score) = 0;  // a NaN is a gap
  [[nodiscard]] virtual double present() const = 0;
  // `horizon` ≥ 1 steps after the last one.
  [[nodiscard]] virtual double ahead(std::size_t horizon) const = 0;
  [[nodiscard]] virtual std::unique_ptr<Baseline> fresh() const = 0;  // the same rule with nothing seen
  [[nodiscard]] virtual std::string name() const = 0;
  [[nodiscard]] virtual std::string settings() const = 0;  // what was fitted, for people
};

// The last score seen.
[[nodiscard]] std::unique_ptr<Baseline> persistence(double mean);
// The mean of the scores seen within the last `window` steps: the product's frame aggregation.
[[nodiscard]] std::unique_ptr<Baseline> rolling_mean(std::size_t window, double mean);
// Exponentially weighted mean: level ← level + alpha (score − level), from the first score on; a gap leaves
// it.
[[nodiscard]] std::unique_ptr<Baseline> ewma(double alpha, double mean);
// score = level + noise, level a random walk: the Kalman filter (Durbin and Koopman 2012, 2.2), its start
// diffuse. `ratio`: variance of a step of the level over the noise's. Unlike EWMA it trusts a score more
// after a gap.
[[nodiscard]] std::unique_ptr<Baseline> local_level(double ratio, double mean);
// score_t = c + Σ phi_i score_(t−i) + noise. In a gap its own forecast stands for what was not seen.
struct Autoregression {
  double constant = 0;
  std::vector<double> phi;  // of the score one step before, two before, …
  double aic = 0;           // n log(SSR/n) + 2 (p + 1)
};
[[nodiscard]] std::unique_ptr<Baseline> autoregressive(Autoregression fitted, double mean);

using SeriesView = std::span<const std::vector<double>>;

// The alpha with the least sum of squared errors one step ahead, golden section over (0, 1].
[[nodiscard]] double fit_ewma(SeriesView series);
// Log-likelihood of one series given both variances; the first score only starts the level.
[[nodiscard]] double local_level_likelihood(std::span<const double> series, double noise, double level);
// The ratio with the greatest likelihood, the noise's variance common to all series and concentrated out.
[[nodiscard]] double fit_local_level(SeriesView series);
// Least squares for each p of 0 .. most, on the same rows (those with `most` scores seen before them), so
// that their AIC (Akaike 1974) can be compared. Fewer where there are not enough rows.
[[nodiscard]] std::vector<Autoregression> fit_autoregressions(SeriesView series, std::size_t most);
inline constexpr std::size_t kMostLags = 10;

// A rule with bands: its own errors' quantiles at each horizon on the training data.
struct FittedBaseline {
  std::shared_ptr<const Baseline> rule;
  std::vector<std::array<double, kQuantiles.size()>> errors;  // [horizon]
};
// Persistence first, then rolling_mean (of `aggregation` steps), ewma, local_level, ar. `horizons` in steps.
[[nodiscard]] std::vector<FittedBaseline> fit_baselines(SeriesView training,
                                                        std::span<const std::size_t> horizons,
                                                        std::size_t aggregation);
[[nodiscard]] Track track_of(const FittedBaseline& baseline, std::span<const double> scores,
                             std::span<const std::size_t> horizons);

}  // namespace pyro::forecast

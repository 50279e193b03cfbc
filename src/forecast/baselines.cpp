#include "pyro/forecast/baselines.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <deque>

namespace pyro::forecast {
namespace {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

// Rules whose forecast is their level, however far ahead.
class Flat : public Baseline {
 public:
  explicit Flat(double mean) : level_(mean) {}
  [[nodiscard]] double present() const override { return level_; }
  [[nodiscard]] double ahead(std::size_t /*horizon*/) const override { return level_; }

 protected:
  double level_;
};

class Persistence final : public Flat {
 public:
  explicit Persistence(double mean) : Flat(mean), mean_(mean) {}
  void see(double score) override { level_ = std::isnan(score) ? level_ : score; }
  [[nodiscard]] std::unique_ptr<Baseline> fresh() const override { return persistence(mean_); }
  [[nodiscard]] std::string name() const override { return "persistence"; }
  [[nodiscard]] std::string settings() const override { return "the last step seen"; }

 private:
  double mean_;
};

class RollingMean final : public Flat {
 public:
  RollingMean(std::size_t window, double mean) : Flat(mean), window_(window), mean_(mean) {}
  void see(double score) override {
    kept_.push_back(score);
    if (kept_.size() > window_) kept_.pop_front();
    double sum = 0;
    std::size_t count = 0;
    for (const double value : kept_) {
      if (std::isnan(value)) continue;
      sum += value;
      ++count;
    }
    if (count > 0) level_ = sum / static_cast<double>(count);
  }
  [[nodiscard]] std::unique_ptr<Baseline> fresh() const override { return rolling_mean(window_, mean_); }
  [[nodiscard]] std::string name() const override { return "rolling_mean"; }
  [[nodiscard]] std::string settings() const override {
    return "frame aggregation over " + std::to_string(window_) + " steps";
  }

 private:
  std::size_t window_;
  double mean_;
  std::deque<double> kept_;
};

class Ewma final : public Flat {
 public:
  Ewma(double alpha, double mean) : Flat(mean), alpha_(alpha), mean_(mean) {}
  void see(double score) override {
    if (std::isnan(score)) return;
    level_ = begun_ ? level_ + alpha_ * (score - level_) : score;
    begun_ = true;
  }
  [[nodiscard]] std::unique_ptr<Baseline> fresh() const override { return ewma(alpha_, mean_); }
  [[nodiscard]] std::string name() const override { return "ewma"; }
  [[nodiscard]] std::string settings() const override { return "alpha " + number_text(alpha_); }

 private:
  double alpha_, mean_;
  bool begun_ = false;
};

// The filter in units of the noise's variance.
struct LevelFilter {
  double ratio;
  double level = 0;
  double uncertainty = -1;  // below 0: nothing seen yet

  struct Surprise {
    double error, variance;
  };
  // What a score was against what was expected; a gap only makes the level less certain.
  Surprise take(double score) {
    if (uncertainty < 0) {
      if (!std::isnan(score)) level = score, uncertainty = 1;
      return {kNone, 1};
    }
    uncertainty += ratio;
    if (std::isnan(score)) return {kNone, 1};
    const Surprise surprise{score - level, uncertainty + 1};
    level += uncertainty / surprise.variance * surprise.error;
    uncertainty /= surprise.variance;
    return surprise;
  }
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
};

class LocalLevel final : public Flat {
 public:
  LocalLevel(double ratio, double mean) : Flat(mean), filter_{ratio}, mean_(mean) {}
  void see(double score) override {
    filter_.take(score);
    if (filter_.uncertainty >= 0) level_ = filter_.level;
  }
  [[nodiscard]] std::unique_ptr<Baseline> fresh() const override { return local_level(filter_.ratio, mean_); }
  [[nodiscard]] std::string name() const override { return "local_level"; }
  [[nodiscard]] std::string settings() const override {
    return "variance ratio " + number_text(filter_.ratio);
  }

 private:
  LevelFilter filter_;
  double mean_;
};

class Autoregressive final : public Baseline {
 public:
  Autoregressive(Autoregression fitted, double mean) : fitted_(std::move(fitted)), mean_(mean) {
    last_.assign(std::max<std::size_t>(fitted_.phi.size(), 1), mean);
  }
  void see(double score) override {
    const double value = std::isnan(score) ? ahead(1) : score;
    if (!std::isnan(score)) present_ = score;
    if (!begun_ && !std::isnan(score)) {
      // As if it had always been so: nothing better is known of before the beginning.
      last_.assign(last_.size(), value);
      begun_ = true;
    }
    last_.push_front(value);
    last_.pop_back();
    if (std::isnan(present_)) present_ = mean_;
  }
  [[nodiscard]] double present() const override { return std::isnan(present_) ? mean_ : present_; }
  [[nodiscard]] double ahead(std::size_t horizon) const override {
    std::array<double, 2 * kMostLags> values{};  // a ring: newest at `at`
    const std::size_t lags = fitted_.phi.size();
    if (lags == 0) return fitted_.constant;
    std::copy(last_.begin(), last_.end(), values.begin());
    double next = 0;
    std::size_t at = 0;
    for (std::size_t step = 0; step < horizon; ++step) {
      next = fitted_.constant;
      for (std::size_t i = 0; i < lags; ++i) next += fitted_.phi[i] * values[(at + i) % lags];
      at = (at + lags - 1) % lags;
      values[at] = next;
    }
    return next;
  }
  [[nodiscard]] std::unique_ptr<Baseline> fresh() const override { return autoregressive(fitted_, mean_); }
  [[nodiscard]] std::string name() const override { return "ar"; }
  [[nodiscard]] std::string settings() const override {
    return "p " + std::to_string(fitted_.phi.size()) + " by AIC";
  }

 private:
  Autoregression fitted_;
  double mean_;
  double present_ = LevelFilter::kNone;
  bool begun_ = false;
  std::deque<double> last_;
};

// Where `f` is least between low and high, to `width`; f has one valley there.
template <typename F>
double golden_section(double low, double high, double width, const F& f) {
  constexpr double kRatio = 0.6180339887498949;
  double a = high - kRatio * (high - low), b = low + kRatio * (high - low);
  double at_a = f(a), at_b = f(b);
  while (high - low > width) {
    if (at_a < at_b) {
      high = b, b = a, at_b = at_a;
      a = high - kRatio * (high - low), at_a = f(a);
    } else {
      low = a, a = b, at_a = at_b;
      b = low + kRatio * (high - low), at_b = f(b);
    }
  }
  return (low + high) / 2;
}

// Solves the leading `size` rows of a symmetric positive system by Cholesky; empty where it is singular.
std::vector<double> solve_leading(std::vector<std::vector<double>> a, std::vector<double> b,
                                  std::size_t size) {
  b.resize(size);
  for (std::size_t j = 0; j < size; ++j) {
    const double before = a[j][j];
    for (std::size_t k = 0; k < j; ++k) a[j][j] -= a[j][k] * a[j][k];
    if (!(a[j][j] > 1e-12 * before)) return {};
    a[j][j] = std::sqrt(a[j][j]);
    for (std::size_t i = j + 1; i < size; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
    b[i] /= a[i][i];
  }
  for (std::size_t i = size; i-- > 0;) {
    for (std::size_t k = i + 1; k < size; ++k) b[i] -= a[k][i] * b[k];
    b[i] /= a[i][i];
  }
  return b;
}

double mean_of(SeriesView series) {
  double sum = 0;
  std::size_t count = 0;
  for (const std::vector<double>& scores : series) {
    for (const double score : scores) {
      if (std::isnan(score)) continue;
      sum += score;
      ++count;
    }
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

}  // namespace

std::unique_ptr<Baseline> persistence(double mean) {
  return std::make_unique<Persistence>(mean);
}
std::unique_ptr<Baseline> rolling_mean(std::size_t window, double mean) {
  return std::make_unique<RollingMean>(window, mean);
}
std::unique_ptr<Baseline> ewma(double alpha, double mean) {
  return std::make_unique<Ewma>(alpha, mean);
}
std::unique_ptr<Baseline> local_level(double ratio, double mean) {
  return std::make_unique<LocalLevel>(ratio, mean);
}
std::unique_ptr<Baseline> autoregressive(Autoregression fitted, double mean) {
  return std::make_unique<Autoregressive>(std::move(fitted), mean);
}

double fit_ewma(SeriesView series) {
  return golden_section(1e-4, 1, 1e-7, [&](double alpha) {
    double squares = 0;
    for (const std::vector<double>& scores : series) {
      double level = LevelFilter::kNone;
      for (const double score : scores) {
        if (std::isnan(score)) continue;
        if (std::isnan(level)) level = score;
        squares += (score - level) * (score - level);
        level += alpha * (score - level);
      }
    }
    return squares;
  });
}

double local_level_likelihood(std::span<const double> series, double noise, double level) {
  constexpr double kLog2Pi = 1.8378770664093453;
  LevelFilter filter{level / noise};
  double sum = 0;
  for (const double score : series) {
    const auto [error, variance] = filter.take(score);
    if (!std::isnan(error))
      sum -= (kLog2Pi + std::log(noise * variance) + error * error / (noise * variance)) / 2;
  }
  return sum;
}

double fit_local_level(SeriesView series) {
  const double log_ratio = golden_section(-14, 8, 1e-7, [&](double log_of_ratio) {
    double squares = 0, logs = 0;
    double count = 0;
    for (const std::vector<double>& scores : series) {
      LevelFilter filter{std::exp(log_of_ratio)};
      for (const double score : scores) {
        const auto [error, variance] = filter.take(score);
        if (std::isnan(error)) continue;
        squares += error * error / variance;
        logs += std::log(variance);
        ++count;
      }
    }
    return count > 0 ? count * std::log(squares / count) + logs : 0;
  });
  return std::exp(log_ratio);
}

std::vector<Autoregression> fit_autoregressions(SeriesView series, std::size_t most) {
  const double mean = mean_of(series);  // taken off, which keeps the sums well conditioned
  std::vector<Autoregression> fits{{mean, {}, 0}};
  const auto fit = [&](std::size_t lags) {
    // Sums over rows of (1, score before, …) with each other and with the score; the latter's square comes
    // last.
    const std::size_t size = lags + 1;
    std::vector<std::vector<double>> products(size, std::vector<double>(size));
    std::vector<double> with_score(size), row(size, 1);
    double square = 0;
    std::size_t rows = 0;
    for (const std::vector<double>& scores : series) {
      std::size_t seen = 0;  // scores in a row before this one
      for (std::size_t t = 0; t < scores.size(); ++t) {
        if (std::isnan(scores[t])) {
          seen = 0;
          continue;
        }
        if (seen++ < lags) continue;
        for (std::size_t i = 1; i < size; ++i) row[i] = scores[t - i] - mean;
        const double score = scores[t] - mean;
        for (std::size_t i = 0; i < size; ++i) {
          for (std::size_t j = 0; j <= i; ++j) products[i][j] += row[i] * row[j];
          with_score[i] += row[i] * score;
        }
        square += score * score;
        ++rows;
      }
    }
    if (rows < 2 * size) return false;
    fits.clear();
    for (std::size_t p = 0; p <= lags; ++p) {
      const std::vector<double> solved = solve_leading(products, with_score, p + 1);
      if (solved.empty()) break;
      double residual = square;
      for (std::size_t i = 0; i <= p; ++i) residual -= solved[i] * with_score[i];
      const auto n = static_cast<double>(rows);
      Autoregression fitted{solved[0] + mean,
                            {solved.begin() + 1, solved.end()},
                            n * std::log(residual / n) + 2 * static_cast<double>(p + 1)};
      for (const double phi : fitted.phi) fitted.constant -= phi * mean;
      if (!std::isfinite(fitted.aic)) break;  // nothing left to explain
      fits.push_back(std::move(fitted));
    }
    if (fits.empty()) fits.push_back({mean, {}, 0});
    return true;
  };
  for (std::size_t lags = std::min(most, kMostLags); lags > 0 && !fit(lags); --lags) {
  }
  return fits;
}

std::vector<FittedBaseline> fit_baselines(SeriesView training, std::span<const std::size_t> horizons,
                                          std::size_t aggregation) {
  const double mean = mean_of(training);
  std::vector<Autoregression> orders = fit_autoregressions(training, kMostLags);
  std::vector<std::unique_ptr<Baseline>> rules;
  rules.push_back(persistence(mean));
  rules.push_back(rolling_mean(aggregation, mean));
  rules.push_back(ewma(fit_ewma(training), mean));
  rules.push_back(local_level(fit_local_level(training), mean));
  rules.push_back(autoregressive(*std::ranges::min_element(orders, {}, &Autoregression::aic), mean));
  std::vector<FittedBaseline> fitted;
  for (std::unique_ptr<Baseline>& rule : rules) {
    FittedBaseline one{std::move(rule), {}};
    for (const std::size_t horizon : horizons) {
      std::vector<double> errors;
      for (const std::vector<double>& scores : training) {
        const std::unique_ptr<Baseline> fresh = one.rule->fresh();
        for (std::size_t t = 0; t + horizon < scores.size(); ++t) {
          fresh->see(scores[t]);
          if (!std::isnan(scores[t + horizon])) errors.push_back(scores[t + horizon] - fresh->ahead(horizon));
        }
      }
      std::ranges::sort(errors);
      std::array<double, kQuantiles.size()> quantiles{};
      for (std::size_t i = 0; i < quantiles.size() && !errors.empty(); ++i)
        quantiles[i] =
            errors[static_cast<std::size_t>(kQuantiles[i] * static_cast<double>(errors.size() - 1) + 0.5)];
      one.errors.push_back(quantiles);
    }
    fitted.push_back(std::move(one));
  }
  return fitted;
}

Track track_of(const FittedBaseline& baseline, std::span<const double> scores,
               std::span<const std::size_t> horizons) {
  const std::unique_ptr<Baseline> rule = baseline.rule->fresh();
  Track track;
  track.ahead.resize(horizons.size());
  for (const double score : scores) {
    rule->see(score);
    track.present.push_back(rule->present());
    for (std::size_t h = 0; h < horizons.size(); ++h) {
      Band band{rule->ahead(horizons[h]), {}};
      for (std::size_t i = 0; i < kQuantiles.size(); ++i)
        band.quantiles[i] = band.mean + baseline.errors[h][i];
      track.ahead[h].push_back(band);
    }
  }
  return track;
}

}  // namespace pyro::forecast

#include "pyro/forecast/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "pyro/datasets/bootstrap.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::forecast {
namespace {

// A person's sums, of which every figure is made: to resample persons is to add these up anew.
struct AheadSums {
  double n = 0, squares = 0, absolute = 0, inside_80 = 0, inside_95 = 0, width_80 = 0;
  void add(const AheadSums& other) {
    n += other.n, squares += other.squares, absolute += other.absolute;
    inside_80 += other.inside_80, inside_95 += other.inside_95, width_80 += other.width_80;
  }
};

constexpr std::size_t kMostLag = 60;  // steps

struct PresentSums {
  double n = 0, squares = 0, changes = 0, change = 0;
  struct Products {
    double n = 0, xx = 0, yy = 0, xy = 0;
  };
  std::array<Products, kMostLag + 1> lags{};
  void add(const PresentSums& other) {
    n += other.n, squares += other.squares, changes += other.changes, change += other.change;
    for (std::size_t i = 0; i < lags.size(); ++i)
      lags[i].n += other.lags[i].n, lags[i].xx += other.lags[i].xx, lags[i].yy += other.lags[i].yy,
          lags[i].xy += other.lags[i].xy;
  }
  [[nodiscard]] double lag() const {
    double best = 0, at = kGap;
    for (std::size_t i = 0; i < lags.size(); ++i) {
      if (2 * lags[i].n < lags[0].n) break;  // by chance the best, on the few steps that are left
      const double correlation = lags[i].xy / std::sqrt(lags[i].xx * lags[i].yy);
      if (correlation > best) best = correlation, at = static_cast<double>(i);
    }
    return at;
  }
};

struct PersonSums {
  std::vector<AheadSums> ahead;
  PresentSums present;
  void add(const PersonSums& other) {
    ahead.resize(other.ahead.size());
    for (std::size_t i = 0; i < ahead.size(); ++i) ahead[i].add(other.ahead[i]);
    present.add(other.present);
  }
};

AheadSums ahead_sums(const Series& series, const std::vector<Band>& said, std::size_t horizon,
                     std::size_t warm_up) {
  AheadSums sums;
  for (std::size_t t = warm_up; t + horizon < series.steps.size(); ++t) {
    const double score = series.steps[t + horizon].score;
    if (std::isnan(score)) continue;
    const Band& band = said[t];
    const auto& [low_95, low_80, median, high_80, high_95] = band.quantiles;
    ++sums.n;
    sums.squares += (score - band.mean) * (score - band.mean);
    sums.absolute += std::abs(score - median);
    sums.inside_80 += score >= low_80 && score <= high_80 ? 1 : 0;
    sums.inside_95 += score >= low_95 && score <= high_95 ? 1 : 0;
    sums.width_80 += high_80 - low_80;
  }
  return sums;
}

PresentSums present_sums(const std::vector<double>& said, const std::vector<double>& reference,
                         std::size_t warm_up) {
  PresentSums sums;
  double mean_said = 0, mean_reference = 0;
  for (std::size_t t = warm_up; t < said.size(); ++t) {
    if (t > warm_up) ++sums.changes, sums.change += std::abs(said[t] - said[t - 1]);
    if (std::isnan(reference[t])) continue;
    ++sums.n;
    sums.squares += (said[t] - reference[t]) * (said[t] - reference[t]);
    mean_said += said[t];
    mean_reference += reference[t];
  }
  if (sums.n == 0) return sums;
  // Within the session: persons differ more from each other than from themselves, which would drown any lag.
  mean_said /= sums.n, mean_reference /= sums.n;
  for (std::size_t lag = 0; lag <= kMostLag; ++lag) {
    for (std::size_t t = warm_up + lag; t < said.size(); ++t) {
      const double y = reference[t - lag] - mean_reference, x = said[t] - mean_said;
      if (std::isnan(y)) continue;
      ++sums.lags[lag].n, sums.lags[lag].xx += x * x, sums.lags[lag].yy += y * y, sums.lags[lag].xy += x * y;
    }
  }
  return sums;
}

using Persons = std::vector<PersonSums>;  // of one model

// With fewer, resampling persons tells little of how they differ.
constexpr std::ptrdiff_t kLeastPersons = 5;

// Every model's sums of the same persons, drawn with replacement.
class Resamples {
 public:
  Resamples(std::size_t persons, std::uint64_t seed) {
    datasets::Random random(seed);
    draws_.resize(datasets::kResamples);
    for (std::vector<std::size_t>& draw : draws_) {
      draw.resize(persons);
      for (std::size_t& person : draw) person = random.below(persons);
    }
  }
  // `figure` of the sums over a set of persons.
  // `figure` of the sums over a set of persons; of these `judged` have anything to say.
  [[nodiscard]] Figure operator()(std::size_t persons, std::ptrdiff_t judged,
                                  const std::function<double(std::span<const std::size_t>)>& figure) const {
    std::vector<std::size_t> everybody(persons);
    for (std::size_t i = 0; i < persons; ++i) everybody[i] = i;
    Figure result{figure(everybody), {kGap, kGap}};
    if (judged < kLeastPersons) return result;
    std::vector<double> resampled;
    resampled.reserve(draws_.size());
    for (const std::vector<std::size_t>& draw : draws_) resampled.push_back(figure(draw));
    result.interval_95 = datasets::percentile_interval(std::move(resampled));
    return result;
  }

 private:
  std::vector<std::vector<std::size_t>> draws_;
};

template <typename Value>
double summed(const Persons& persons, std::span<const std::size_t> chosen, const Value& value) {
  double sum = 0;
  for (const std::size_t person : chosen) sum += value(persons[person]);
  return sum;
}

HorizonFigures horizon_figures(const Persons& model, const Persons& reference, std::size_t horizon,
                               const Resamples& resamples) {
  const auto sum_of = [horizon](const Persons& persons, std::span<const std::size_t> chosen,
                                double AheadSums::*part) {
    return summed(persons, chosen, [&](const PersonSums& person) { return person.ahead[horizon].*part; });
  };
  const auto rmse = [&](const Persons& persons, std::span<const std::size_t> chosen) {
    return std::sqrt(sum_of(persons, chosen, &AheadSums::squares) / sum_of(persons, chosen, &AheadSums::n));
  };
  const std::ptrdiff_t judged =
      std::ranges::count_if(model, [&](const PersonSums& one) { return one.ahead[horizon].n > 0; });
  const auto share = [&](double AheadSums::*part) {
    return resamples(model.size(), judged, [&, part](std::span<const std::size_t> chosen) {
      return sum_of(model, chosen, part) / sum_of(model, chosen, &AheadSums::n);
    });
  };
  HorizonFigures figures;
  std::vector<std::size_t> everybody(model.size());
  for (std::size_t i = 0; i < everybody.size(); ++i) everybody[i] = i;
  figures.n = static_cast<std::int64_t>(sum_of(model, everybody, &AheadSums::n));
  if (figures.n == 0) return figures;
  figures.rmse = resamples(model.size(), judged,
                           [&](std::span<const std::size_t> chosen) { return rmse(model, chosen); });
  figures.skill = resamples(model.size(), judged, [&](std::span<const std::size_t> chosen) {
    return 1 - rmse(model, chosen) / rmse(reference, chosen);
  });
  figures.mae = share(&AheadSums::absolute);
  figures.inside_80 = share(&AheadSums::inside_80);
  figures.inside_95 = share(&AheadSums::inside_95);
  figures.width_80 = sum_of(model, everybody, &AheadSums::width_80) / static_cast<double>(figures.n);
  return figures;
}

SmoothingFigures smoothing_figures(const Persons& model, const Resamples& resamples) {
  const std::ptrdiff_t judged =
      std::ranges::count_if(model, [](const PersonSums& one) { return one.present.n > 0; });
  const auto figure = [&](double (*of)(const PresentSums&)) {
    return resamples(model.size(), judged, [&, of](std::span<const std::size_t> chosen) {
      PresentSums sums;
      for (const std::size_t person : chosen) sums.add(model[person].present);
      return of(sums);
    });
  };
  SmoothingFigures figures;
  for (const PersonSums& person : model) figures.n += static_cast<std::int64_t>(person.present.n);
  if (figures.n == 0) return figures;
  figures.variation = figure([](const PresentSums& sums) { return sums.change / sums.changes; });
  figures.lag = figure([](const PresentSums& sums) { return sums.lag(); });
  figures.rmse = figure([](const PresentSums& sums) { return std::sqrt(sums.squares / sums.n); });
  return figures;
}

std::vector<std::vector<double>> scores_of(const std::vector<Series>& series,
                                           const std::function<bool(const Series&)>& wanted) {
  std::vector<std::vector<double>> scores;
  for (const Series& one : series) {
    if (wanted(one)) scores.push_back(one.scores());
  }
  return scores;
}

}  // namespace

Result<std::vector<Judged>> judge_baselines(const std::vector<Series>& series,
                                            const std::vector<Series>& training,
                                            const EvaluationSettings& settings) {
  std::map<std::string, std::size_t> fold_of;
  for (const Series& one : series) fold_of.emplace(one.person, 0);
  const std::size_t folds = training.empty() ? std::min(settings.folds, fold_of.size()) : 1;
  if (folds == 0 || (training.empty() && folds < 2))
    return bad_input(
        "there are fewer than two persons, so none can be held out; give more recordings, or others to "
        "fit the baselines on");
  std::vector<std::size_t> order(fold_of.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i % folds;
  datasets::Random random(settings.seed);
  datasets::shuffle(std::span(order), random);
  std::size_t next = 0;
  for (auto& [person, fold] : fold_of) fold = order[next++];
  std::vector<Judged> judged;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    const std::vector<std::vector<double>> fit_on =
        training.empty()
            ? scores_of(series, [&](const Series& one) { return fold_of.at(one.person) != fold; })
            : scores_of(training, [](const Series&) { return true; });
    const std::vector<FittedBaseline> fitted = fit_baselines(fit_on, settings.horizons, settings.aggregation);
    judged.resize(fitted.size());
    for (std::size_t i = 0; i < fitted.size(); ++i) {
      judged[i].name = fitted[i].rule->name();
      judged[i].settings += (fold == 0 ? "" : "; ") + fitted[i].rule->settings();
      judged[i].tracks.resize(series.size());
      for (std::size_t k = 0; k < series.size(); ++k) {
        if (fold_of.at(series[k].person) == fold)
          judged[i].tracks[k] = track_of(fitted[i], series[k].scores(), settings.horizons);
      }
    }
  }
  return judged;
}

Evaluation evaluate(const std::vector<Series>& series, const std::vector<Judged>& models,
                    const EvaluationSettings& settings) {
  std::map<std::string, std::size_t> persons;
  Evaluation evaluation;
  evaluation.series = series.size();
  evaluation.horizons = settings.horizons;
  evaluation.step_s = settings.step_s;
  evaluation.warm_up = settings.warm_up;
  for (const Series& one : series) {
    persons.emplace(one.person, persons.size());
    evaluation.steps += static_cast<std::int64_t>(one.steps.size());
    evaluation.seen += std::ranges::count_if(one.steps, &Step::seen);
    evaluation.simulated = evaluation.simulated || !one.truth.empty();
  }
  evaluation.persons = persons.size();
  std::vector<Persons> sums(models.size(), Persons(persons.size()));
  for (std::size_t k = 0; k < series.size(); ++k) {
    const std::vector<double> reference =
        series[k].truth.empty() ? centred_mean(series[k].scores(), kReach) : series[k].truth;
    for (std::size_t m = 0; m < models.size(); ++m) {
      PersonSums one;
      for (std::size_t h = 0; h < settings.horizons.size(); ++h)
        one.ahead.push_back(
            ahead_sums(series[k], models[m].tracks[k].ahead[h], settings.horizons[h], settings.warm_up));
      one.present = present_sums(models[m].tracks[k].present, reference, settings.warm_up);
      sums[m][persons.at(series[k].person)].add(one);
    }
  }
  const Resamples resamples(persons.size(), settings.seed);
  for (std::size_t m = 0; m < models.size(); ++m) {
    ModelFigures figures{models[m].name, models[m].settings, {}, smoothing_figures(sums[m], resamples)};
    for (std::size_t h = 0; h < settings.horizons.size(); ++h)
      figures.ahead.push_back(horizon_figures(sums[m], sums.front(), h, resamples));
    evaluation.models.push_back(std::move(figures));
  }
  return evaluation;
}

}  // namespace pyro::forecast

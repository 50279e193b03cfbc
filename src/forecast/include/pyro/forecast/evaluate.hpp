// How good forecasts are, person-wise: nobody on whom a rule or network was fitted is among those it is
// judged on.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "pyro/datasets/metrics.hpp"
#include "pyro/forecast/baselines.hpp"
#include "pyro/forecast/series.hpp"

namespace pyro::forecast {

struct Figure {
  double value = kGap;
  datasets::Interval interval_95{kGap,
                                 kGap};  // bootstrap over persons; NaN where fewer than five were judged
};

struct HorizonFigures {
  std::int64_t n = 0;  // steps judged
  Figure rmse, mae;
  Figure skill;                 // 1 − RMSE / RMSE of persistence, on the same steps
  Figure inside_80, inside_95;  // shares of the scores within the bands
  double width_80 = kGap;       // mean width
};

// The present against the truth where that is known (simulated), else against centred_mean.
struct SmoothingFigures {
  std::int64_t n = 0;
  Figure variation;  // total variation: mean |change| from step to step
  Figure lag;        // steps by which it trails: where the correlation within sessions is greatest
  Figure rmse;
};

struct ModelFigures {
  std::string name, settings;
  std::vector<HorizonFigures> ahead;  // one a horizon
  SmoothingFigures present;
};

struct Judged {
  std::string name, settings;
  std::vector<Track> tracks;  // one a series
};

struct Evaluation {
  std::size_t persons = 0, series = 0;
  std::int64_t steps = 0, seen = 0;
  std::vector<std::size_t> horizons;  // steps
  double step_s = 1;
  std::size_t warm_up = kWindow;
  bool simulated = false;
  std::vector<ModelFigures> models;
};

struct EvaluationSettings {
  std::vector<std::size_t> horizons;  // steps
  double step_s = kStep.count();
  std::size_t aggregation = 60;   // steps of the rolling mean
  std::size_t warm_up = kWindow;  // steps at a series' beginning on which nobody is judged
  std::size_t folds = 5;          // without training series: groups of persons held out in turn
  std::uint64_t seed = 1;
};

// The baselines' tracks on `series`, fitted on `training`; where that is empty, on the other persons of
// `series`, in folds. Error (bad_input): fewer than two persons and no training series.
[[nodiscard]] Result<std::vector<Judged>> judge_baselines(const std::vector<Series>& series,
                                                          const std::vector<Series>& training,
                                                          const EvaluationSettings& settings);
// `models`: the first is persistence. All are judged at the same steps: those from warm_up on whose score at
// the horizon was seen.
[[nodiscard]] Evaluation evaluate(const std::vector<Series>& series, const std::vector<Judged>& models,
                                  const EvaluationSettings& settings);

[[nodiscard]] nlohmann::json to_json(const Evaluation& evaluation);
// Tables for people, as Markdown.
[[nodiscard]] std::string text_of(const Evaluation& evaluation);

}  // namespace pyro::forecast

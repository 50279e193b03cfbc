// Everything that is told of a model on a labelled set.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "pyro/datasets/calibration.hpp"
#include "pyro/datasets/class_figures.hpp"
#include "pyro/datasets/mcnemar.hpp"
#include "pyro/datasets/predictions.hpp"
#include "pyro/html/page.hpp"

namespace pyro::datasets {

// A temperature, fitted on another set than the judged one.
struct Scaling {
  std::string fitted_on;  // that set
  int n = 0;              // its answers with probabilities
  double temperature = 1;
  Calibration after;  // of the judged set
};

// The judged predictions against others of the same pictures.
struct Rival {
  std::string name;
  Figures figures;
  McNemar test;           // first: the judged; second: the rival
  Difference difference;  // in accuracy, the judged less the rival
};

struct Latency {
  double median_ms = 0, p95_ms = 0;
};

// What was judged, and how.
struct Protocol {
  std::string set, model, head;  // model: its reference, or the file of predictions
  bool cropped = true;
  bool from_file = false;           // predictions were given; no model ran
  std::string truth = "labels";     // or "votes": FER+ majority
  std::int64_t twins_left_out = 0;  // pictures that are in `twins_of`
  std::string twins_of = {};
  std::int64_t ties_left_out = 0;  // pictures whose votes give no majority
  std::uint64_t seed = 1;          // of the intervals
};

struct Evaluation {
  Protocol protocol;
  Figures figures;
  ByClass classes;
  Intervals intervals;
  std::map<std::string, std::int64_t> missed;  // why no face was usable → pictures
  std::optional<Calibration> calibration;      // nothing where only labels are known
  std::optional<Scaling> scaling;
  std::optional<Rival> rival;
  std::optional<Latency> latency;
  std::vector<std::string> warnings;
};

[[nodiscard]] std::vector<Answer> answers_of(const std::vector<Item>& items,
                                             const std::vector<Prediction>& predictions);
// All but scaling and rival, which need more than these.
[[nodiscard]] Evaluation evaluation_of(Protocol protocol, const std::vector<Item>& items,
                                       const std::vector<Prediction>& predictions);
[[nodiscard]] Rival rival_of(std::string name, const std::vector<Item>& items,
                             const std::vector<Prediction>& predictions,
                             const std::vector<Prediction>& rivals, std::uint64_t seed);

[[nodiscard]] nlohmann::json to_json(const Evaluation& evaluation);

// The same as a page, with at most `most` pictures behind each cell of the confusion matrix: the surest of
// them; 0: without any picture.
[[nodiscard]] html::Page evaluation_page(const Evaluation& evaluation, const std::vector<Item>& items,
                                         const std::vector<Prediction>& predictions, int most = 18);

}  // namespace pyro::datasets

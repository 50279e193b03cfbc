#include "pyro/datasets/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "words.hpp"

namespace pyro::datasets {
namespace {

using nlohmann::json;

std::optional<Latency> latency_of(const std::vector<Prediction>& predictions) {
  std::vector<double> times;
  for (const Prediction& one : predictions) {
    if (std::isfinite(one.latency_ms)) times.push_back(one.latency_ms);
  }
  if (times.empty()) return std::nullopt;
  std::ranges::sort(times);
  const auto at = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  return Latency{at(0.5), at(0.95)};
}

json to_json(const Calibration& calibration) {
  json bins = json::array();
  for (const CalibrationBin& bin : calibration.bins)
    bins.push_back({{"n", bin.n}, {"confidence", bin.confidence}, {"accuracy", bin.accuracy}});
  return {{"n", calibration.n},         {"ece", calibration.ece}, {"nll", calibration.nll},
          {"brier", calibration.brier}, {"bins", bins},           {"confidence", calibration.confidence}};
}

void add_warnings(Evaluation& evaluation, const std::vector<Item>& items) {
  if (std::ranges::all_of(items, [](const Item& item) { return item.groups.empty(); })) {
    evaluation.warnings.emplace_back(
        "The set tells no groups (age, gender, skin tone): whether the model serves some people worse than "
        "others "
        "cannot be seen here; pyrometer audit looks into that on a set that tells them.");
  }
  std::string rare, absent;
  for (std::size_t c = 0; c < evaluation.classes.size(); ++c) {
    const int support = evaluation.classes[c].support;
    std::string& list = support == 0 ? absent : rare;
    if (support < 30) list.append(list.empty() ? "" : ", ").append(records::kEmotionNames[c]);
  }
  if (!absent.empty())
    evaluation.warnings.push_back(
        "Classes that do not occur take no part in the means over classes: " + absent + ".");
  if (!rare.empty())
    evaluation.warnings.push_back("Fewer than 30 pictures, so their recall says little: " + rare + ".");
}

}  // namespace

std::vector<Judged> judge(const std::vector<Item>& items, const std::vector<Prediction>& predictions) {
  std::vector<Judged> judged;
  judged.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    judged.push_back({static_cast<int>(items[i].label), predictions[i].label});
  return judged;
}

std::vector<Answer> answers_of(const std::vector<Item>& items, const std::vector<Prediction>& predictions) {
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (predictions[i].said.known())
      answers.push_back({static_cast<int>(items[i].label), predictions[i].said});
  }
  return answers;
}

Evaluation evaluation_of(Protocol protocol, const std::vector<Item>& items,
                         const std::vector<Prediction>& predictions) {
  Evaluation evaluation;
  evaluation.protocol = std::move(protocol);
  const std::vector<Judged> judged = judge(items, predictions);
  evaluation.figures = figures_of(judged);
  evaluation.classes = by_class(judged);
  evaluation.intervals = intervals_of(judged, evaluation.protocol.seed);
  for (const Prediction& one : predictions) {
    if (one.label == kMissed)
      ++evaluation.missed[one.missed_because.empty() ? "not told" : one.missed_because];
  }
  if (const std::vector<Answer> answers = answers_of(items, predictions); !answers.empty())
    evaluation.calibration = calibration_of(answers);
  evaluation.latency = latency_of(predictions);
  add_warnings(evaluation, items);
  return evaluation;
}

Rival rival_of(std::string name, const std::vector<Item>& items, const std::vector<Prediction>& predictions,
               const std::vector<Prediction>& rivals, std::uint64_t seed) {
  const std::vector<Judged> first = judge(items, predictions), second = judge(items, rivals);
  return {std::move(name), figures_of(second), mcnemar(first, second),
          accuracy_difference(first, second, seed)};
}

json to_json(const Evaluation& evaluation) {
  const Protocol& protocol = evaluation.protocol;
  json line = to_json(evaluation.figures);
  line["accuracy_95"] = pair_of(evaluation.intervals.accuracy);
  line["balanced_accuracy_95"] = pair_of(evaluation.intervals.balanced_accuracy);
  line["macro_f1_95"] = pair_of(evaluation.intervals.macro_f1);
  json classes = json::array();
  for (std::size_t c = 0; c < evaluation.classes.size(); ++c) {
    const ClassFigures& figures = evaluation.classes[c];
    classes.push_back({{"class", records::kEmotionNames[c]},
                       {"support", figures.support},
                       {"predicted", figures.predicted},
                       {"precision", figures.precision},
                       {"recall", figures.recall},
                       {"recall_95", pair_of(evaluation.intervals.recall[c])},
                       {"f1", figures.f1}});
  }
  line["classes"] = std::move(classes);
  std::int64_t missed = 0;
  for (const auto& [why, count] : evaluation.missed) missed += count;
  line["faces_missed"] = missed;
  line["missed_because"] = evaluation.missed;
  line["dataset"] = protocol.set;
  line["model"] = protocol.model;
  line["head"] = protocol.from_file ? json() : json(protocol.head);
  line["cropped"] = protocol.cropped;
  line["truth"] = protocol.truth;
  line["seed"] = protocol.seed;
  if (!protocol.twins_of.empty()) {
    line["twins_left_out"] = protocol.twins_left_out;
    line["twins_of"] = protocol.twins_of;
  }
  if (protocol.truth == "votes") line["ties_left_out"] = protocol.ties_left_out;
  if (evaluation.calibration) line["calibration"] = to_json(*evaluation.calibration);
  if (const auto& scaling = evaluation.scaling) {
    line["temperature"] = {{"fitted_on", scaling->fitted_on},
                           {"n", scaling->n},
                           {"temperature", scaling->temperature},
                           {"ece_before", evaluation.calibration ? evaluation.calibration->ece : 0},
                           {"ece_after", scaling->after.ece},
                           {"after", to_json(scaling->after)}};
  }
  if (const auto& rival = evaluation.rival) {
    line["against"] = {
        {"name", rival->name},
        {"figures", to_json(rival->figures)},
        {"only_this_right", rival->test.only_first},
        {"only_other_right", rival->test.only_second},
        {"test", rival->test.exact ? "McNemar, exact binomial" : "McNemar, corrected chi-square"},
        {"chi2", rival->test.exact ? json() : json(rival->test.chi2)},
        {"p", rival->test.p},
        {"accuracy_difference", rival->difference.value},
        {"accuracy_difference_95", pair_of(rival->difference.interval)}};
  }
  if (evaluation.latency)
    line["latency_ms"] = {{"median", evaluation.latency->median_ms}, {"p95", evaluation.latency->p95_ms}};
  line["warnings"] = evaluation.warnings;
  return line;
}

}  // namespace pyro::datasets

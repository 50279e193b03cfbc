#include "pyro/datasets/metrics.hpp"

#include <nlohmann/json.hpp>

#include "pyro/datasets/bootstrap.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::datasets {

Confusion confusion_of(const std::vector<Judged>& judged) {
  Confusion confusion{};
  for (const Judged& one : judged) {
    if (one.predicted == kMissed) continue;
    ++confusion[static_cast<std::size_t>(one.truth)][static_cast<std::size_t>(one.predicted)];
  }
  return confusion;
}

Figures figures_of(const std::vector<Judged>& judged) {
  Figures figures;
  figures.n = static_cast<int>(judged.size());
  figures.confusion = confusion_of(judged);
  std::array<int, records::kClasses> truths_of{};
  for (const Judged& one : judged) ++truths_of[static_cast<std::size_t>(one.truth)];
  int hits = 0;
  int classes = 0;
  for (std::size_t c = 0; c < figures.confusion.size(); ++c) {
    const auto& row = figures.confusion[c];
    const int truths = truths_of[c];
    int predictions = 0;
    for (const auto& other : figures.confusion) {
      predictions += other[c];
    }
    hits += row[c];
    if (truths == 0) {
      continue;
    }
    ++classes;
    figures.balanced_accuracy += static_cast<double>(row[c]) / truths;
    figures.macro_f1 += 2.0 * row[c] / (truths + predictions);
  }
  if (classes > 0) {
    figures.accuracy = static_cast<double>(hits) / figures.n;
    figures.balanced_accuracy /= classes;
    figures.macro_f1 /= classes;
  }
  return figures;
}

Interval accuracy_interval(const std::vector<Judged>& judged, std::uint64_t seed, int resamples) {
  if (judged.empty() || resamples < 1) {
    return {};
  }
  Random random(seed);
  std::vector<double> accuracies(static_cast<std::size_t>(resamples));
  for (double& accuracy : accuracies) {
    int hits = 0;
    for (std::size_t i = 0; i < judged.size(); ++i) {
      const Judged& one = judged[random.below(judged.size())];
      hits += one.truth == one.predicted ? 1 : 0;
    }
    accuracy = static_cast<double>(hits) / static_cast<double>(judged.size());
  }
  return percentile_interval(std::move(accuracies));
}

nlohmann::json to_json(const Figures& figures) {
  return {{"n", figures.n},
          {"accuracy", figures.accuracy},
          {"balanced_accuracy", figures.balanced_accuracy},
          {"macro_f1", figures.macro_f1},
          {"confusion", figures.confusion}};
}

}  // namespace pyro::datasets

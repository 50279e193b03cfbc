#include "pyro/datasets/class_figures.hpp"

#include <limits>

#include "pyro/datasets/random.hpp"

namespace pyro::datasets {
namespace {

double share(double part, double whole) {
  return whole > 0 ? part / whole : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

ByClass by_class(const std::vector<Judged>& judged) {
  ByClass classes;
  std::array<int, records::kClasses> hits{};
  for (const Judged& one : judged) {
    ++classes[static_cast<std::size_t>(one.truth)].support;
    if (one.predicted != kMissed) ++classes[static_cast<std::size_t>(one.predicted)].predicted;
    if (one.truth == one.predicted) ++hits[static_cast<std::size_t>(one.truth)];
  }
  for (std::size_t c = 0; c < classes.size(); ++c) {
    ClassFigures& figures = classes[c];
    figures.precision = share(hits[c], figures.predicted);
    figures.recall = share(hits[c], figures.support);
    figures.f1 = share(2.0 * hits[c], figures.support + figures.predicted);
  }
  return classes;
}

Intervals intervals_of(const std::vector<Judged>& judged, std::uint64_t seed, int resamples) {
  if (judged.empty() || resamples < 1) return {};
  Random random(seed);
  const auto count = static_cast<std::size_t>(resamples);
  std::vector<double> accuracy(count), balanced(count), macro(count);
  std::array<std::vector<double>, records::kClasses> recall;
  for (std::vector<double>& one : recall) one.resize(count);
  std::vector<Judged> drawn(judged.size());
  for (std::size_t r = 0; r < count; ++r) {
    for (Judged& one : drawn) one = judged[random.below(judged.size())];
    const Figures figures = figures_of(drawn);
    accuracy[r] = figures.accuracy;
    balanced[r] = figures.balanced_accuracy;
    macro[r] = figures.macro_f1;
    const ByClass classes = by_class(drawn);
    for (std::size_t c = 0; c < classes.size(); ++c) recall[c][r] = classes[c].recall;
  }
  Intervals intervals;
  intervals.accuracy = percentile_interval(std::move(accuracy));
  intervals.balanced_accuracy = percentile_interval(std::move(balanced));
  intervals.macro_f1 = percentile_interval(std::move(macro));
  for (std::size_t c = 0; c < recall.size(); ++c)
    intervals.recall[c] = percentile_interval(std::move(recall[c]));
  return intervals;
}

Difference accuracy_difference(const std::vector<Judged>& first, const std::vector<Judged>& second,
                               std::uint64_t seed) {
  std::vector<double> lead(first.size());  // 1: only the first is right, -1: only the second
  double sum = 0;
  for (std::size_t i = 0; i < lead.size(); ++i) {
    lead[i] =
        (first[i].truth == first[i].predicted ? 1 : 0) - (second[i].truth == second[i].predicted ? 1 : 0);
    sum += lead[i];
  }
  return {share(sum, static_cast<double>(lead.size())), mean_interval(lead, seed)};
}

}  // namespace pyro::datasets

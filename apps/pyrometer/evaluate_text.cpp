#include "evaluate_text.hpp"

#include <cstdio>

namespace pyro::cli {
namespace {

using datasets::Interval;

void print_calibration(const datasets::Evaluation& evaluation) {
  if (!evaluation.calibration) return;
  std::printf("calibration error (ECE) %.4f, -log p(truth) %.3f\n", evaluation.calibration->ece,
              evaluation.calibration->nll);
  if (const auto& scaling = evaluation.scaling) {
    std::printf("  with temperature %.3f, fitted on %d answers to %s: %.4f, %.3f\n", scaling->temperature,
                scaling->n, scaling->fitted_on.c_str(), scaling->after.ece, scaling->after.nll);
  }
}

void print_rival(const datasets::Evaluation& evaluation) {
  if (!evaluation.rival) return;
  const datasets::Rival& rival = *evaluation.rival;
  std::printf(
      "against %s: accuracy %.2f %%, difference %+.2f points [%.2f, %.2f]; only this one right %d, only that "
      "one %d; McNemar (%s) p %.3g\n",
      rival.name.c_str(), 100 * rival.figures.accuracy, 100 * rival.difference.value,
      100 * rival.difference.interval.low, 100 * rival.difference.interval.high, rival.test.only_first,
      rival.test.only_second, rival.test.exact ? "exact" : "chi-square, corrected", rival.test.p);
}

}  // namespace

void print(const datasets::Evaluation& evaluation) {
  const datasets::Figures& figures = evaluation.figures;
  const datasets::Intervals& intervals = evaluation.intervals;
  const datasets::Protocol& protocol = evaluation.protocol;
  std::printf("%d pictures of %s, %s%s, %s\n", figures.n, protocol.set.c_str(), protocol.model.c_str(),
              protocol.from_file ? "" : (", head " + protocol.head).c_str(),
              protocol.cropped ? "cropped faces" : "whole pictures");
  std::printf("accuracy          %6.2f %%  [%.2f, %.2f]\n", 100 * figures.accuracy,
              100 * intervals.accuracy.low, 100 * intervals.accuracy.high);
  std::printf("balanced accuracy %6.2f %%  [%.2f, %.2f]\n", 100 * figures.balanced_accuracy,
              100 * intervals.balanced_accuracy.low, 100 * intervals.balanced_accuracy.high);
  std::printf("macro F1          %6.3f    [%.3f, %.3f]\n", figures.macro_f1, intervals.macro_f1.low,
              intervals.macro_f1.high);
  std::printf("95 %% bootstrap intervals over pictures, seed %llu\n",
              static_cast<unsigned long long>(protocol.seed));
  if (!protocol.twins_of.empty())
    std::printf("left out: %lld pictures that are in %s\n", static_cast<long long>(protocol.twins_left_out),
                protocol.twins_of.c_str());
  if (protocol.truth == "votes")
    std::printf("truth: FER+ majority; %lld pictures without one left out\n",
                static_cast<long long>(protocol.ties_left_out));
  for (const auto& [why, count] : evaluation.missed)
    std::printf("missed faces, counted as errors: %lld %s\n", static_cast<long long>(count), why.c_str());
  print_calibration(evaluation);
  print_rival(evaluation);
  if (evaluation.latency)
    std::printf("%.2f ms median, %.2f ms at the 95th percentile\n", evaluation.latency->median_ms,
                evaluation.latency->p95_ms);
  std::printf("\n%-12s %8s %9s %8s %17s %7s\n", "", "pictures", "precision", "recall", "95 %", "F1");
  for (std::size_t c = 0; c < evaluation.classes.size(); ++c) {
    const datasets::ClassFigures& one = evaluation.classes[c];
    if (one.support == 0) continue;
    std::printf("%-12s %8d %7.1f %% %6.1f %%   [%5.1f, %5.1f] %% %7.3f\n",
                std::string{records::kEmotionNames[c]}.c_str(), one.support, 100 * one.precision,
                100 * one.recall, 100 * intervals.recall[c].low, 100 * intervals.recall[c].high, one.f1);
  }
  std::printf("\n%-12s", "truth \\ said");
  for (const std::string_view name : records::kEmotionNames) std::printf(" %8s", std::string{name}.c_str());
  std::printf("\n");
  for (std::size_t truth = 0; truth < figures.confusion.size(); ++truth) {
    std::printf("%-12s", std::string{records::kEmotionNames[truth]}.c_str());
    for (const int count : figures.confusion[truth]) std::printf(" %8d", count);
    std::printf("\n");
  }
  for (const std::string& warning : evaluation.warnings) std::printf("\nwarning: %s\n", warning.c_str());
}

}  // namespace pyro::cli

// Whether probabilities mean what they say, and the one number that mends most of it.
#pragma once

#include <span>

#include "pyro/base/result.hpp"
#include "pyro/datasets/metrics.hpp"

namespace pyro::datasets {

// What was said of a picture whose class is known.
struct Answer {
  int truth = 0;
  records::Expression said;
};

inline constexpr int kCalibrationBins = 15;

// Pictures whose largest probability (the confidence) lies in (i/15, (i+1)/15].
struct CalibrationBin {
  int n = 0;
  double confidence = 0, accuracy = 0;  // means over the bin; 0 in an empty one
};

struct Calibration {
  int n = 0;
  std::array<CalibrationBin, kCalibrationBins> bins{};
  // Expected calibration error: |accuracy - confidence| over the bins, weighted by their pictures (Guo et al.
  // 2017, "On calibration of modern neural networks").
  double ece = 0;
  double nll = 0;                       // mean of -log p(truth), nats
  double brier = 0;                     // mean over pictures of the sum over classes of (p - truth)², 0..2
  double confidence = 0, accuracy = 0;  // means over all
};
[[nodiscard]] Calibration calibration_of(std::span<const Answer> answers);

// softmax(log p / T): T > 1 makes it less sure; the label stays. Probabilities below 1e-12 count as 1e-12.
[[nodiscard]] records::Expression tempered(const records::Expression& said, double temperature);
[[nodiscard]] std::vector<Answer> tempered(std::span<const Answer> answers, double temperature);

// The T in kLowestTemperature..kHighestTemperature that makes the mean of -log p(truth) least. It is convex
// in 1/T, so the minimum is the only one. Error (bad_input): it lies at an end of the range (all answers
// right, or no better than chance), or there are no answers.
inline constexpr double kLowestTemperature = 0.05, kHighestTemperature = 20;
[[nodiscard]] Result<double> fit_temperature(std::span<const Answer> answers);

}  // namespace pyro::datasets

#include "pyro/datasets/calibration.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::datasets {
namespace {

constexpr double kLeastProbability = 1e-12;
using Logs = std::array<double, records::kClasses>;

Logs logs_of(const records::Expression& said) {
  Logs logs{};
  for (std::size_t k = 0; k < logs.size(); ++k)
    logs[k] = std::log(std::max(kLeastProbability, static_cast<double>(said.p[k])));
  return logs;
}

// softmax(inverse · logs)
Logs softmax(const Logs& logs, double inverse) {
  const double top = *std::ranges::max_element(logs);
  Logs shares{};
  double sum = 0;
  for (std::size_t k = 0; k < logs.size(); ++k) sum += shares[k] = std::exp(inverse * (logs[k] - top));
  for (double& share : shares) share /= sum;
  return shares;
}

}  // namespace

Calibration calibration_of(std::span<const Answer> answers) {
  Calibration calibration;
  calibration.n = static_cast<int>(answers.size());
  if (answers.empty()) return calibration;
  for (const Answer& answer : answers) {
    const auto label = static_cast<std::size_t>(answer.said.label());
    const double confidence = answer.said.p[label];
    const double hit = static_cast<int>(label) == answer.truth ? 1 : 0;
    const int place = static_cast<int>(std::ceil(confidence * kCalibrationBins)) - 1;
    CalibrationBin& bin =
        calibration.bins[static_cast<std::size_t>(std::clamp(place, 0, kCalibrationBins - 1))];
    ++bin.n;
    bin.confidence += confidence;
    bin.accuracy += hit;
    calibration.confidence += confidence;
    calibration.accuracy += hit;
    calibration.nll -= std::log(std::max(
        kLeastProbability, static_cast<double>(answer.said.p[static_cast<std::size_t>(answer.truth)])));
    for (std::size_t k = 0; k < answer.said.p.size(); ++k) {
      const double off = answer.said.p[k] - (static_cast<int>(k) == answer.truth ? 1.0 : 0.0);
      calibration.brier += off * off;
    }
  }
  const double n = calibration.n;
  for (CalibrationBin& bin : calibration.bins) {
    calibration.ece += std::abs(bin.accuracy - bin.confidence) / n;  // still sums
    if (bin.n == 0) continue;
    bin.confidence /= bin.n;
    bin.accuracy /= bin.n;
  }
  for (double* sum : {&calibration.nll, &calibration.brier, &calibration.confidence, &calibration.accuracy})
    *sum /= n;
  return calibration;
}

records::Expression tempered(const records::Expression& said, double temperature) {
  if (!said.known()) return said;
  const Logs shares = softmax(logs_of(said), 1 / temperature);
  records::Expression scaled;
  std::ranges::transform(shares, scaled.p.begin(), [](double share) { return static_cast<float>(share); });
  return scaled;
}

std::vector<Answer> tempered(std::span<const Answer> answers, double temperature) {
  std::vector<Answer> scaled;
  scaled.reserve(answers.size());
  for (const Answer& answer : answers) scaled.push_back({answer.truth, tempered(answer.said, temperature)});
  return scaled;
}

Result<double> fit_temperature(std::span<const Answer> answers) {
  if (answers.empty()) return bad_input("a temperature needs answers with probabilities; there are none");
  std::vector<Logs> logs;
  logs.reserve(answers.size());
  for (const Answer& answer : answers) logs.push_back(logs_of(answer.said));
  // The derivative of the loss by 1/T: what the probabilities expect of the logs, less the truth's.
  const auto slope = [&](double inverse) {
    double sum = 0;
    for (std::size_t i = 0; i < logs.size(); ++i) {
      const Logs shares = softmax(logs[i], inverse);
      for (std::size_t k = 0; k < shares.size(); ++k) sum += shares[k] * logs[i][k];
      sum -= logs[i][static_cast<std::size_t>(answers[i].truth)];
    }
    return sum;
  };
  // Bisection in log T; it rises with 1/T.
  double low = std::log(1 / kHighestTemperature), high = std::log(1 / kLowestTemperature);
  if (slope(std::exp(low)) >= 0)
    return bad_input("no temperature helps: these probabilities are no better than chance on this set");
  if (slope(std::exp(high)) <= 0)
    return bad_input(
        "no temperature can be fitted: nearly every answer on this set is right; give a larger one");
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (slope(std::exp(middle)) < 0 ? low : high) = middle;
  }
  return std::exp(-(low + high) / 2);
}

}  // namespace pyro::datasets

#include "landmarks/fusion.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace pyro::training {
namespace {

constexpr double kLeastProbability = 1e-6;  // as the program that runs it has it
constexpr int kMostSteps = 500;
constexpr double kSmallestStep = 1e-6;

double log_of(float p) {
  return std::log(std::max(static_cast<double>(p), kLeastProbability));
}

std::array<double, kClasses> probabilities(const Fusion& fusion, const Distribution& network,
                                           const Distribution& branch) {
  std::array<double, kClasses> p{};
  for (std::size_t k = 0; k < p.size(); ++k) {
    p[k] = fusion.network * log_of(network[k]) + fusion.branch * log_of(branch[k]);
  }
  const double most = *std::max_element(p.begin(), p.end());
  double sum = 0;
  for (double& value : p) {
    sum += value = std::exp(value - most);
  }
  for (double& value : p) {
    value /= sum;
  }
  return p;
}

double square(double value) {
  return value * value;
}

double loss_of(const Fusion& fusion, const std::vector<Pair>& pairs, double pull, Fusion& slope) {
  slope = {0, 0};
  double loss = 0;
  const auto n = static_cast<double>(pairs.size());
  for (const Pair& pair : pairs) {
    const auto p = probabilities(fusion, pair.network, pair.branch);
    loss -= std::log(std::max(p[static_cast<std::size_t>(pair.label)], 1e-300)) / n;
    for (std::size_t k = 0; k < p.size(); ++k) {
      const double error = (p[k] - (static_cast<int>(k) == pair.label ? 1 : 0)) / n;
      slope.network += error * log_of(pair.network[k]);
      slope.branch += error * log_of(pair.branch[k]);
    }
  }
  loss += pull * (square(fusion.network - 1) + square(fusion.branch));
  slope.network += 2 * pull * (fusion.network - 1);
  slope.branch += 2 * pull * fusion.branch;
  return loss;
}

Fusion stepped(const Fusion& from, const Fusion& slope, double step) {
  return {from.network - step * slope.network, from.branch - step * slope.branch};
}

}  // namespace

nlohmann::json to_json(const Fusion& fusion) {
  return {{"network", fusion.network}, {"branch", fusion.branch}};
}

Distribution fused(const Fusion& fusion, const Distribution& network, const Distribution& branch) {
  const auto p = probabilities(fusion, network, branch);
  Distribution answer{};
  std::transform(p.begin(), p.end(), answer.begin(), [](double value) { return static_cast<float>(value); });
  return answer;
}

Fusion fit_fusion(const std::vector<Pair>& pairs, double pull) {
  Fusion best;
  if (pairs.empty()) {
    return best;
  }
  Fusion slope;
  Fusion tried_slope;
  double loss = loss_of(best, pairs, pull, slope);
  double step = 0.5;
  for (int i = 0; i < kMostSteps && step > kSmallestStep; ++i) {
    const Fusion tried = stepped(best, slope, step);
    const double tried_loss = loss_of(tried, pairs, pull, tried_slope);
    if (tried_loss < loss) {
      best = tried;
      loss = tried_loss;
      slope = tried_slope;
      step *= 1.3;
    } else {
      step /= 2;
    }
  }
  return best;
}

}  // namespace pyro::training

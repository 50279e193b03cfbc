#include "map/fuzzy_set.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace pyro::training {
namespace {

constexpr int kBisections = 64;
constexpr double kLeastSigma = 1e-3;  // of the mean distance

// Probabilistic t-conorm.
float joined(float a, float b) {
  return a + b - a * b;
}

}  // namespace

LocalScale local_scale(std::span<const float> distances) {
  LocalScale scale;
  const auto first =
      std::find_if(distances.begin(), distances.end(), [](float distance) { return distance > 0; });
  if (first == distances.end()) {
    return {0, kLeastSigma};  // all lie on the point: each weighs 1 whatever sigma is
  }
  scale.rho = static_cast<double>(*first);
  const double wanted = std::log2(static_cast<double>(distances.size()));
  const auto sum = [&](double sigma) {
    return std::accumulate(distances.begin(), distances.end(), 0.0, [&](double before, float distance) {
      return before + std::exp(-std::max(0.0, static_cast<double>(distance) - scale.rho) / sigma);
    });
  };
  const double mean =
      std::accumulate(distances.begin(), distances.end(), 0.0) / static_cast<double>(distances.size());
  const double least = kLeastSigma * mean;
  double low = 0;
  double high = mean;
  while (sum(high) < wanted && high < 1e12 * mean) {
    low = high;
    high *= 2;
  }
  for (int i = 0; i < kBisections; ++i) {
    const double middle = (low + high) / 2;
    (sum(middle) < wanted ? low : high) = middle;
  }
  scale.sigma = std::max((low + high) / 2, least);
  return scale;
}

std::vector<Edge> fuzzy_set(const Neighbours& neighbours) {
  std::vector<Edge> edges;
  edges.reserve(neighbours.index.size());
  const std::size_t count = neighbours.k == 0 ? 0 : neighbours.index.size() / neighbours.k;
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = std::span(neighbours.distance).subspan(i * neighbours.k, neighbours.k);
    const LocalScale scale = local_scale(row);
    for (std::size_t j = 0; j < neighbours.k; ++j) {
      const int from = static_cast<int>(i);
      const int to = neighbours.index[i * neighbours.k + j];
      const auto weight =
          static_cast<float>(std::exp(-std::max(0.0, static_cast<double>(row[j]) - scale.rho) / scale.sigma));
      if (weight > 0) {  // not so far that it vanishes
        edges.push_back({std::min(from, to), std::max(from, to), weight});
      }
    }
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) {
    return std::tie(a.from, a.to, a.weight) < std::tie(b.from, b.to, b.weight);
  });
  std::vector<Edge> once;
  for (const Edge& edge : edges) {
    if (!once.empty() && once.back().from == edge.from && once.back().to == edge.to) {
      once.back().weight = joined(once.back().weight, edge.weight);
    } else {
      once.push_back(edge);
    }
  }
  return once;
}

std::vector<Edge> supervised(std::vector<Edge> edges, std::span<const int> labels,
                             const Supervision& supervision) {
  const auto far = static_cast<float>(std::exp(-supervision.far));
  const auto unknown = static_cast<float>(std::exp(-supervision.unknown));
  std::vector<float> largest(labels.size(), 0);
  for (Edge& edge : edges) {
    const int a = labels[static_cast<std::size_t>(edge.from)];
    const int b = labels[static_cast<std::size_t>(edge.to)];
    if (a < 0 || b < 0) {
      edge.weight *= unknown;
    } else if (a != b) {
      edge.weight *= far;
    }
    for (const int end : {edge.from, edge.to}) {
      float& most = largest[static_cast<std::size_t>(end)];
      most = std::max(most, edge.weight);
    }
  }
  for (Edge& edge : edges) {
    edge.weight = joined(edge.weight / largest[static_cast<std::size_t>(edge.from)],
                         edge.weight / largest[static_cast<std::size_t>(edge.to)]);
  }
  return edges;
}

}  // namespace pyro::training

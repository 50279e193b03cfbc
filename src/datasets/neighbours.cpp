#include "pyro/datasets/neighbours.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "pyro/records/signals.hpp"

namespace pyro::datasets {
namespace {

using records::MapPoint;
using records::PlacedFace;

float squared(MapPoint a, MapPoint b) {
  return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

// Places of the k smallest, in their order.
std::vector<std::size_t> smallest(std::span<const float> distances, std::size_t k) {
  std::vector<std::size_t> order(distances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  k = std::min(k, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k), order.end(),
      [&](std::size_t a, std::size_t b) { return std::pair(distances[a], a) < std::pair(distances[b], b); });
  order.resize(k);
  return order;
}

// By how much the k nearest by `near` exceed rank k by `far`, summed. The point itself is infinitely far in
// both.
double excess(std::span<const float> near, std::span<const float> far, std::size_t k) {
  double sum = 0;
  for (const std::size_t j : smallest(near, k)) {
    std::size_t rank = 1;
    for (std::size_t other = 0; other < far.size(); ++other)
      rank += far[other] < far[j] || (far[other] == far[j] && other < j) ? 1 : 0;
    sum += rank > k ? static_cast<double>(rank - k) : 0;
  }
  return sum;
}

}  // namespace

Neighbourhoods neighbourhoods(std::span<const float> rows, std::span<const MapPoint> points, int k) {
  const std::size_t n = points.size(), near = static_cast<std::size_t>(k);
  Neighbourhoods kept{static_cast<int>(n), k};
  if (k < 1 || n < 2 * near + 2) return kept;
  const std::size_t columns = rows.size() / n;
  // Column by column, so that the inner loop runs over points and needs no sum across a vector.
  std::vector<float> turned(rows.size());
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t c = 0; c < columns; ++c) turned[c * n + i] = rows[i * columns + c];
  std::vector<float> in_rows(n), on_map(n);
  double intruders = 0, lost = 0;
  for (std::size_t i = 0; i < n; ++i) {
    std::ranges::fill(in_rows, 0.0F);
    for (std::size_t c = 0; c < columns; ++c) {
      const float here = rows[i * columns + c];
      const float* column = turned.data() + c * n;
      for (std::size_t j = 0; j < n; ++j) in_rows[j] += (column[j] - here) * (column[j] - here);
    }
    for (std::size_t j = 0; j < n; ++j) on_map[j] = squared(points[i], points[j]);
    in_rows[i] = on_map[i] = std::numeric_limits<float>::infinity();
    intruders += excess(on_map, in_rows, near);
    lost += excess(in_rows, on_map, near);
  }
  const double most =
      static_cast<double>(n) * k * (2.0 * static_cast<double>(n) - 3.0 * static_cast<double>(k) - 1) / 2;
  kept.trustworthiness = 1 - intruders / most;
  kept.continuity = 1 - lost / most;
  return kept;
}

int vote(std::span<const int> labels) {
  std::array<int, records::kClasses> votes{};
  for (const int label : labels)
    if (label >= 0) ++votes.at(static_cast<std::size_t>(label));
  const int most = *std::ranges::max_element(votes);
  for (const int label : labels)
    if (label >= 0 && votes[static_cast<std::size_t>(label)] == most) return label;
  return -1;
}

int label_at(MapPoint place, std::span<const PlacedFace> placed, int k) {
  std::vector<float> distances;
  distances.reserve(placed.size());
  for (const PlacedFace& one : placed) distances.push_back(squared(place, one.at));
  std::vector<int> labels;
  for (const std::size_t i : smallest(distances, static_cast<std::size_t>(k)))
    labels.push_back(placed[i].label);
  return vote(labels);
}

std::vector<PlacedFace> centres_of(std::span<const PlacedFace> placed) {
  const auto median = [](std::vector<float>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
  };
  std::vector<PlacedFace> centres;
  for (int label = 0; label < records::kClasses; ++label) {
    std::vector<float> xs, ys;
    for (const PlacedFace& one : placed) {
      if (one.label != label) continue;
      xs.push_back(one.at.x);
      ys.push_back(one.at.y);
    }
    if (!xs.empty()) centres.push_back({{median(xs), median(ys)}, label});
  }
  return centres;
}

}  // namespace pyro::datasets

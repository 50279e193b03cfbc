// How much of the neighbourhoods in many dimensions a map in two keeps, and what the neighbours on it say.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "pyro/records/map.hpp"

namespace pyro::datasets {

// Venna and Kaski, "Neighborhood preservation in nonlinear projection methods", ICANN 2001. 1: no neighbour
// is false (trustworthiness), none is lost (continuity); about 0.5: points thrown down at random.
struct Neighbourhoods {
  int n = 0, k = 0;
  double trustworthiness = std::numeric_limits<double>::quiet_NaN();
  double continuity = std::numeric_limits<double>::quiet_NaN();
};

// Row i of `rows` (n × columns, row-major) is what `points[i]` stands for. Euclidean distances; of equal ones
// the earlier row is the nearer. Both figures are NaN below 2k + 2 points, where they are not defined. Takes
// n² · columns operations: 2 s for 5,000 rows of 160.
[[nodiscard]] Neighbourhoods neighbourhoods(std::span<const float> rows,
                                            std::span<const records::MapPoint> points, int k);

// The most frequent of `labels`, which stand in the order of distance; of equally frequent ones the one that
// is met first. -1 where there is none; labels below 0 are passed over.
[[nodiscard]] int vote(std::span<const int> labels);

// What the k nearest of `placed` say of a place.
[[nodiscard]] int label_at(records::MapPoint place, std::span<const records::PlacedFace> placed, int k);

// The median place (axis by axis) of each class that occurs, in the classes' order.
[[nodiscard]] std::vector<records::PlacedFace> centres_of(std::span<const records::PlacedFace> placed);

}  // namespace pyro::datasets

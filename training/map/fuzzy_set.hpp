// The fuzzy simplicial set of UMAP (McInnes, Healy, Melville, "UMAP: Uniform Manifold Approximation and
// Projection for Dimension Reduction", 2018) as a weighted graph; no libtorch here.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pyro::training {

// Row i holds the k nearest other points of point i, nearest first.
struct Neighbours {
  std::size_t k = 0;
  std::vector<int> index;       // n × k
  std::vector<float> distance;  // n × k
};

// Weights of a point's neighbours: exp(-max(0, d - rho) / sigma). rho is the distance to the nearest one that
// does not lie on the point itself; sigma, found by bisection, makes the weights sum to log2 k. Where so many
// lie at rho or nearer that no sigma does, it is a thousandth of their mean distance.
struct LocalScale {
  double rho = 0, sigma = 0;
};
[[nodiscard]] LocalScale local_scale(std::span<const float> distances);

// An undirected edge: from < to, weight in (0, 1].
struct Edge {
  int from = 0, to = 0;
  float weight = 0;
};

// Each pair once, by (from, to). Both points' weights are joined as a + b - ab.
[[nodiscard]] std::vector<Edge> fuzzy_set(const Neighbours& neighbours);

// What labels do to the graph: the intersection with their own, in which points of different classes lie
// `far` apart and points without a label `unknown` from all (the same paper's reference implementation).
struct Supervision {
  double far = 5;
  double unknown = 1;
};
// Weights between different labels times exp(-far), those of unlabelled points (-1) times exp(-unknown). Then
// every point is connected to something again: each row divided by its largest weight, and joined as above.
[[nodiscard]] std::vector<Edge> supervised(std::vector<Edge> edges, std::span<const int> labels,
                                           const Supervision& supervision = {});

}  // namespace pyro::training

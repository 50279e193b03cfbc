// The network that places an embedding on the map: parametric UMAP (Sainburg, McInnes, Gentner, "Parametric
// UMAP embeddings for representation and semisupervised learning", 2021).
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "export/arrays.hpp"
#include "map/curve.hpp"
#include "map/fuzzy_set.hpp"

namespace pyro::training {

struct EncoderOptions {
  int hidden = 128;
  int steps = 4000;
  int batch = 1024;             // edges a step, drawn by their weight
  int negatives = 5;            // draws of a point that is no neighbour, for each edge
  double learning_rate = 2e-3;  // Adam's (Kingma and Ba 2015), falling to 0 along half a cosine
  std::uint64_t seed = 1;
};

// Layers [out, in] with ReLU between them. They take the embedding as it is: its standardisation lies in the
// first one.
struct MapEncoder {
  struct Layer {
    torch::Tensor weight, bias;
  };
  std::vector<Layer> layers;

  // [n, e] → [n, 2]
  [[nodiscard]] torch::Tensor place(const torch::Tensor& embeddings) const;
};

// Minimises the binary cross-entropy between "is an edge" and the curve of the distance on the map. The same
// seed gives the same weights on one thread.
[[nodiscard]] MapEncoder fit_encoder(const torch::Tensor& embeddings, const std::vector<Edge>& edges,
                                     const Curve& curve, const EncoderOptions& options);

// "layer0.weight", "layer0.bias", … and, for comparison, "reference.input" and "reference.map".
[[nodiscard]] Arrays to_arrays(const MapEncoder& encoder, const torch::Tensor& reference);

}  // namespace pyro::training

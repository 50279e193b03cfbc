// The embedding of a face → its place on the map that was fitted with the expression model
// (`pyrometer-train map`; parametric UMAP, Sainburg, McInnes, Gentner 2021).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/infer/network.hpp"
#include "pyro/records/map.hpp"

namespace pyro::signals {

// The shipped map's name.
inline constexpr char kExpressionMap[] = "expression_map";

// Whether `map` was fitted on the embeddings of these very weights. Errors: it is missing or altered, or is
// no map (bad_input).
[[nodiscard]] Result<bool> map_is_of(const infer::ModelStore& models, std::string_view map,
                                     const infer::ModelEntry& expression);

// The shipped map where it is of this expression model (a fused one: of its network), else empty.
[[nodiscard]] std::string map_beside(const infer::ModelStore& models, std::string_view expression);

// One request: belongs to one thread at a time. Nothing is allocated per face.
class EmbeddingMap {
 public:
  // `expression` is the network that the map was fitted for, or one whose heads alone were trained anew.
  // Errors: a model is unknown, missing, altered or cannot be compiled; `map` is no map, or was fitted on
  // other embeddings than those of `expression` (bad_input).
  [[nodiscard]] static Result<EmbeddingMap> create(const infer::ModelStore& models,
                                                   std::string_view expression = "expression",
                                                   std::string_view map = kExpressionMap);

  // What ExpressionNet::embedding() gives, as it is. Errors: another size (bad_input), the engine failed.
  [[nodiscard]] Result<records::MapPoint> project(std::span<const float> embedding);

  // Where some of the faces lie that the map was fitted on, each with its class.
  [[nodiscard]] std::span<const records::PlacedFace> fitted() const { return fitted_; }

 private:
  EmbeddingMap(infer::Network network, std::vector<records::PlacedFace> fitted)
      : network_(std::move(network)), fitted_(std::move(fitted)) {}

  infer::Network network_;
  std::vector<records::PlacedFace> fitted_;
};

}  // namespace pyro::signals

#include "pyro/signals/embedding_map.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "pyro/infer/model_forms.hpp"
#include "pyro/records/signals.hpp"
#include "pyro/signals/expression_net.hpp"

namespace pyro::signals {
namespace {

// The SHA-256 of the weights whose embeddings the map was fitted on, as `pyrometer-train map` leaves it in
// the model's own file; empty where there is none.
std::string_view fitted_for(std::string_view xml) {
  constexpr std::string_view kKey = "<expression_weights value=\"";
  const std::size_t at = xml.find(kKey);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = xml.substr(at + kKey.size());
  return rest.substr(0, rest.find('"'));
}

tl::unexpected<Error> no_map(std::string_view map) {
  return bad_input("model '" + std::string(map) +
                   "' is no map of embeddings; fit one with `pyrometer-train map`");
}

// Made-up faces: a network with another trunk answers them otherwise.
crop::GreyFace made_up_face(unsigned step) {
  crop::GreyFace face;
  for (std::size_t i = 0; i < face.pixels.size(); ++i)
    face.pixels[i] = static_cast<std::uint8_t>(i * (2 * step + 1) % 251);
  return face;
}

// Whether both networks have the same embedding of a face, as they have where only the heads were trained
// anew. Error: one of them cannot be run.
Result<bool> embed_alike(const infer::ModelStore& models, const infer::ModelEntry& a,
                         const infer::ModelEntry& b) {
  Result<ExpressionNet> first = ExpressionNet::create(models, a.reference());
  if (!first) return tl::make_unexpected(first.error());
  Result<ExpressionNet> second = ExpressionNet::create(models, b.reference());
  if (!second) return tl::make_unexpected(second.error());
  for (unsigned step = 0; step < 4; ++step) {
    for (ExpressionNet* net : {&*first, &*second}) {
      if (const auto read = net->read(made_up_face(step)); !read) return tl::make_unexpected(read.error());
    }
    const auto near = [](float x, float y) { return std::abs(x - y) <= 1e-4F + 1e-3F * std::abs(x); };
    if (!std::ranges::equal(first->embedding(), second->embedding(), near)) return false;
  }
  return !first->embedding().empty();
}

Result<std::string> weights_of_partner(const infer::ModelStore& models, std::string_view map) {
  const auto file = models.read(map);
  if (!file) return tl::make_unexpected(file.error());
  const std::string_view weights = fitted_for({reinterpret_cast<const char*>(file->data()), file->size()});
  if (weights.empty()) return no_map(map);
  return std::string(weights);
}

Status check_partner(const infer::ModelStore& models, std::string_view expression, std::string_view map) {
  const Result<std::string> weights = weights_of_partner(models, map);
  if (!weights) return tl::make_unexpected(weights.error());
  const infer::ModelEntry* network = models.find(expression);
  if (network == nullptr)
    return bad_input("there is no model '" + std::string(expression) +
                     "': 'pyrometer models list' shows them");
  if (network->weights.sha256 == *weights) return {};
  const auto& entries = models.entries();
  const auto fitted =
      std::ranges::find(entries, *weights, [](const auto& entry) { return entry.weights.sha256; });
  Result<bool> alike = false;
  if (fitted != entries.end() && !infer::is_fused(*network)) alike = embed_alike(models, *fitted, *network);
  if (!alike) return tl::make_unexpected(alike.error());
  if (!*alike) {
    return bad_input("the map '" + std::string(map) + "' was fitted for another expression model than " +
                     network->reference() +
                     "; fit one for it: `pyrometer-train map --model …` (docs/laboratory.md), or choose "
                     "the map's own model with --model");
  }
  return {};
}

}  // namespace

Result<bool> map_is_of(const infer::ModelStore& models, std::string_view map,
                       const infer::ModelEntry& expression) {
  const Result<std::string> weights = weights_of_partner(models, map);
  if (!weights) return tl::make_unexpected(weights.error());
  return expression.weights.sha256 == *weights;
}

Result<EmbeddingMap> EmbeddingMap::create(const infer::ModelStore& models, std::string_view expression,
                                          std::string_view map) {
  const Result<infer::Model> compiled = models.compile(map);
  if (!compiled) return tl::make_unexpected(compiled.error());
  if (Status fits = check_partner(models, expression, map); !fits) return tl::make_unexpected(fits.error());
  Result<infer::Network> network = infer::Network::create(*compiled);
  if (!network) return tl::make_unexpected(network.error());
  const std::vector<std::size_t> point{1, 2};
  if (network->input_shape().size() != 2 || network->output_count() != 2 ||
      network->output_shape(0) != point || network->output_shape(1).size() != 2 ||
      network->output_shape(1)[1] != 3) {
    return no_map(map);
  }
  std::ranges::fill(network->input(), 0.0F);
  if (Status ran = network->run(); !ran) return tl::make_unexpected(ran.error());
  std::vector<records::PlacedFace> fitted;
  const std::span<const float> rows = network->output(1);  // x, y, class
  for (std::size_t i = 0; i + 2 < rows.size(); i += 3) {
    const float label = rows[i + 2];
    if (!(label >= 0 && label < records::kClasses)) return no_map(map);
    fitted.push_back({{rows[i], rows[i + 1]}, static_cast<int>(label)});
  }
  return EmbeddingMap(std::move(*network), std::move(fitted));
}

Result<records::MapPoint> EmbeddingMap::project(std::span<const float> embedding) {
  const std::span<float> input = network_.input();
  if (embedding.size() != input.size()) {
    return bad_input("an embedding of " + std::to_string(embedding.size()) +
                     " numbers has no place on a map of " + std::to_string(input.size()) +
                     "; take the map that was fitted with this expression model");
  }
  std::ranges::copy(embedding, input.begin());
  if (Status ran = network_.run(); !ran) return tl::make_unexpected(ran.error());
  const std::span<const float> place = network_.output(0);
  return records::MapPoint{place[0], place[1]};
}

std::string map_beside(const infer::ModelStore& models, std::string_view expression) {
  const infer::ModelEntry* network = models.find(expression);
  if (network != nullptr && infer::is_fused(*network)) network = models.find(infer::kFusedPartner);
  if (network == nullptr || models.find(kExpressionMap) == nullptr) return "";
  const Result<bool> fits = map_is_of(models, kExpressionMap, *network);
  return fits && *fits ? kExpressionMap : "";
}

}  // namespace pyro::signals

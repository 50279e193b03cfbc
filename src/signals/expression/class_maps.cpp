#include "pyro/signals/class_maps.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "pyro/infer/class_maps.hpp"

namespace pyro::signals {

Result<ClassMapNet> ClassMapNet::create(const infer::ModelStore& models, std::string_view model, Head head,
                                        infer::Precision precision) {
  // Says what is wrong with a model that is none of expressions.
  if (const auto plain = ExpressionNet::create(models, model, head, precision); !plain)
    return tl::make_unexpected(plain.error());
  const Result<infer::Model> compiled = infer::compile_with_class_maps(models, model, precision);
  if (!compiled) return tl::make_unexpected(compiled.error());
  Result<infer::Network> network = infer::Network::create(*compiled);
  if (!network) return tl::make_unexpected(network.error());
  // Its own outputs are product, fer2013 and perhaps more; the last two are the maps.
  const std::size_t output = head == Head::product ? 0 : 1;
  const std::size_t count = network->output_count();
  if (count < 4 || network->output_shape(count - 2 + output).size() != 4) {
    return wrong_use("model '" + std::string(model) + "' has no class activation map for each of its heads");
  }
  return ClassMapNet(std::move(*network), output, count - 2 + output);
}

Result<ClassMaps> ClassMapNet::read(std::span<const float, crop::kExpressionPixels> face) {
  std::ranges::copy(face, network_.input().begin());
  if (Status ran = network_.run(); !ran) return tl::make_unexpected(ran.error());
  const Result<records::Expression> expression = normalised(network_.output(output_));
  if (!expression) return tl::make_unexpected(expression.error());
  const std::vector<std::size_t>& shape = network_.output_shape(maps_);
  ClassMaps out{*expression, static_cast<int>(shape[2]), static_cast<int>(shape[3]), {}};
  const std::size_t size = shape[2] * shape[3];
  const std::span<const float> all = network_.output(maps_);
  for (std::size_t c = 0; c < out.maps.size(); ++c) {
    const auto of = all.subspan(c * size, size);
    out.maps[c].assign(of.begin(), of.end());
  }
  return out;
}

}  // namespace pyro::signals

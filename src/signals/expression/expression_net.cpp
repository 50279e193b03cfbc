#include "pyro/signals/expression_net.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace pyro::signals {

Result<records::Expression> normalised(std::span<const float> values) {
  double sum = 0;
  bool usable = values.size() == records::kClasses;
  for (const float value : values) {
    usable = usable && std::isfinite(value) && value >= 0;
    sum += static_cast<double>(value);
  }
  if (!usable || !(sum > 0)) {
    return failed(
        "the expression network gave no probabilities; check its file with 'pyrometer models verify'");
  }
  records::Expression expression;
  for (std::size_t i = 0; i < expression.p.size(); ++i) {
    expression.p[i] = static_cast<float>(static_cast<double>(values[i]) / sum);
  }
  return expression;
}

Result<ExpressionNet> ExpressionNet::create(const infer::ModelStore& models, std::string_view model,
                                            Head head, infer::Precision precision) {
  Result<infer::Model> compiled = models.compile(model, {.precision = precision});
  if (!compiled) return tl::make_unexpected(compiled.error());
  Result<infer::Network> network = infer::Network::create(*compiled);
  if (!network) return tl::make_unexpected(network.error());
  const std::size_t output = head == Head::product ? 0 : 1;
  const std::vector<std::size_t> picture{1, 1, crop::kExpressionSide, crop::kExpressionSide};
  const std::vector<std::size_t> classes{1, records::kClasses};
  if (network->input_shape() != picture || network->output_count() <= output ||
      network->output_shape(output) != classes) {
    return bad_input(
        "model '" + std::string(model) +
        "' is no expression network: it must take a 48×48 picture and give seven values per head; choose "
        "another with --model ('pyrometer models list' shows them)");
  }
  return ExpressionNet(std::move(*network), output);
}

Result<records::Expression> ExpressionNet::read(const crop::GreyFace& face) {
  crop::normalise(face, network_.input().first<crop::kExpressionPixels>());
  if (Status ran = network_.run(); !ran) return tl::make_unexpected(ran.error());
  return normalised(network_.output(output_));
}

std::span<const float> ExpressionNet::embedding() const {
  constexpr std::size_t kEmbedding = 2;  // behind the two heads
  const bool given = network_.output_count() > kEmbedding && network_.output_shape(kEmbedding).size() == 2;
  return given ? network_.output(kEmbedding) : std::span<const float>();
}

}  // namespace pyro::signals

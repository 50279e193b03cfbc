// What our own runners share in reading a network's graph. Private to the room.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <openvino/openvino.hpp>
#include <openvino/opsets/opset13.hpp>
#include <optional>
#include <type_traits>
#include <vector>

namespace pyro::infer {

// Thrown and caught inside a runner: the graph, or the stored form, is not one of ours.
struct Unknown {};
inline void require(bool holds) {
  if (!holds) throw Unknown{};
}

// What `make` gives; nullopt where something that it required did not hold.
template <class Make>
std::optional<std::invoke_result_t<Make>> unless_unknown(const Make& make) {
  try {
    return make();
  } catch (const Unknown&) {
    return std::nullopt;
  }
}

// The value of something that does not depend on the network's input (weights come as half-precision
// constants behind conversions, transposes and reshapes). Unknown: it does, or is no float.
[[nodiscard]] std::vector<float> constant_of(const ov::Output<ov::Node>& output);
[[nodiscard]] bool is_constant(const ov::Output<ov::Node>& output);

// A convolution and the bias that is added to it.
template <class Convolution>
struct Biased {
  std::shared_ptr<Convolution> node;
  std::vector<float> bias;

  [[nodiscard]] ov::Output<ov::Node> input() const { return node->input_value(0); }
  [[nodiscard]] ov::Shape weights_shape() const { return node->input_value(1).get_shape(); }
  [[nodiscard]] std::vector<float> weights() const { return constant_of(node->input_value(1)); }
};

template <class Convolution>
std::optional<Biased<Convolution>> biased(const ov::Output<ov::Node>& output) {
  auto node = output.get_node_shared_ptr();
  const std::size_t channels = output.get_shape().at(1);
  std::vector<float> bias(channels, 0.0F);
  if (const auto add = std::dynamic_pointer_cast<ov::opset13::Add>(node)) {
    if (!is_constant(add->input_value(1))) return std::nullopt;
    bias = constant_of(add->input_value(1));
    node = add->get_input_node_shared_ptr(0);
  }
  const auto convolution = std::dynamic_pointer_cast<Convolution>(node);
  if (!convolution || bias.size() != channels) return std::nullopt;
  require(convolution->get_dilations() == ov::Strides{1, 1});
  return Biased<Convolution>{convolution, std::move(bias)};
}

template <class Convolution>
bool has(const Biased<Convolution>& layer, std::size_t kernel, std::size_t stride, std::ptrdiff_t before,
         std::ptrdiff_t behind) {
  const ov::Shape shape = layer.weights_shape();
  return shape.at(shape.size() - 1) == kernel && shape.at(shape.size() - 2) == kernel &&
         layer.node->get_strides() == ov::Strides{stride, stride} &&
         layer.node->get_pads_begin() == ov::CoordinateDiff{before, before} &&
         layer.node->get_pads_end() == ov::CoordinateDiff{behind, behind};
}

}  // namespace pyro::infer

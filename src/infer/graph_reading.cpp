#include "graph_reading.hpp"

namespace pyro::infer {

namespace op = ov::opset13;

namespace {

ov::Tensor constant_tensor(const ov::Output<ov::Node>& output) {
  const auto node = output.get_node_shared_ptr();
  if (const auto constant = std::dynamic_pointer_cast<op::Constant>(node)) {
    ov::Tensor tensor(constant->get_element_type(), constant->get_shape());
    std::copy_n(static_cast<const std::uint8_t*>(constant->get_data_ptr()), tensor.get_byte_size(),
                static_cast<std::uint8_t*>(tensor.data()));
    return tensor;
  }
  require(node->get_input_size() > 0);
  ov::TensorVector inputs, outputs;
  for (const auto& input : node->input_values()) inputs.push_back(constant_tensor(input));
  for (const auto& each : node->outputs()) outputs.emplace_back(each.get_element_type(), each.get_shape());
  require(node->evaluate(outputs, inputs));
  return outputs.at(output.get_index());
}

}  // namespace

std::vector<float> constant_of(const ov::Output<ov::Node>& output) {
  const ov::Tensor tensor = constant_tensor(output);
  if (tensor.get_element_type() == ov::element::f16) {
    const auto* values = tensor.data<const ov::float16>();
    return {values, values + tensor.get_size()};
  }
  require(tensor.get_element_type() == ov::element::f32);
  const auto* values = tensor.data<const float>();
  return {values, values + tensor.get_size()};
}

bool is_constant(const ov::Output<ov::Node>& output) {
  const auto node = output.get_node_shared_ptr();
  if (std::dynamic_pointer_cast<op::Constant>(node)) return true;
  if (node->get_input_size() == 0) return false;
  const auto inputs = node->input_values();
  return std::ranges::all_of(inputs, is_constant);
}

}  // namespace pyro::infer

#include "recipes.hpp"

#include <algorithm>
#include <openvino/opsets/opset13.hpp>
#include <vector>

namespace pyro::infer {
namespace {

void fix_batch(const std::shared_ptr<ov::Model>& graph) {
  auto shape = graph->input().get_partial_shape();
  shape[0] = 1;
  graph->reshape(shape);
}

// The network of the facial actions mixes 97 tokens and then reads the first one only. What its last block
// computes for the others is a sixth of all its work: that block's product over tokens gets one row of
// weights, and with it everything behind is one token wide. Where the graph is another one than we know, it
// stays as it is.
void keep_first_token(const std::shared_ptr<ov::Model>& graph) {
  namespace op = ov::opset13;
  constexpr std::size_t kTokens = 97;
  // The product, its bias, and the sum with what the block took in.
  std::shared_ptr<op::Convolution> product;
  for (const auto& node : graph->get_ordered_ops()) {
    const auto convolution = std::dynamic_pointer_cast<op::Convolution>(node);
    if (convolution && convolution->get_output_shape(0).at(1) == kTokens) product = convolution;
  }
  if (!product) return;
  const auto only_reader = [](const ov::Output<ov::Node>& output) -> std::shared_ptr<op::Add> {
    const auto readers = output.get_target_inputs();
    if (readers.size() != 1) return nullptr;
    return std::dynamic_pointer_cast<op::Add>(readers.begin()->get_node()->shared_from_this());
  };
  const auto biased = only_reader(product->output(0));
  const auto sum = biased ? only_reader(biased->output(0)) : nullptr;
  if (!sum || biased->get_input_node_ptr(0) != product.get()) return;
  const std::size_t other = sum->get_input_node_ptr(0) == biased.get() ? 1 : 0;

  // The slices behind it, which take the first token in two steps.
  std::vector<std::shared_ptr<op::StridedSlice>> slices;
  for (const auto& node : graph->get_ordered_ops()) {
    const auto slice = std::dynamic_pointer_cast<op::StridedSlice>(node);
    if (!slice || slice->get_output_shape(0).size() != 4 ||
        slice->get_input_shape(0) == slice->get_output_shape(0))
      continue;
    for (std::size_t i = 1; i < 4; ++i) {
      const auto constant = std::dynamic_pointer_cast<op::Constant>(slice->get_input_node_shared_ptr(i));
      if (!constant) return;
      const auto values = constant->cast_vector<std::int64_t>();
      if (i == 1 && std::ranges::any_of(values, [](auto value) { return value != 0; })) return;
      if (i == 3 && std::ranges::any_of(values, [](auto value) { return value != 1; })) return;
    }
    slices.push_back(slice);
  }
  if (slices.size() != 2 || slices[0]->get_input_shape(0) != ov::Shape{1, 1, kTokens, 64} ||
      slices[1]->get_output_shape(0) != ov::Shape{1, 1, 1, 64}) {
    return;
  }

  const auto first_of = [](const ov::Output<ov::Node>& values, std::int64_t axis) {
    return std::make_shared<op::Gather>(values, op::Constant::create(ov::element::i64, {1}, {0}),
                                        op::Constant::create(ov::element::i64, {}, {axis}));
  };
  const auto row = std::make_shared<op::Convolution>(
      product->input_value(0), first_of(product->input_value(1), 0), product->get_strides(),
      product->get_pads_begin(), product->get_pads_end(), product->get_dilations(), product->get_auto_pad());
  const auto with_bias = std::make_shared<op::Add>(row, first_of(biased->input_value(1), 1));
  const auto token = std::make_shared<op::Add>(with_bias, first_of(sum->input_value(other), 1));
  sum->output(0).replace(token->output(0));
  for (const auto& slice : slices) slice->output(0).replace(slice->input_value(0));
  graph->validate_nodes_and_infer_types();
}

}  // namespace

void prepare(const std::string& name, const std::shared_ptr<ov::Model>& graph) {
  if (name == "face_mesh_478") {
    fix_batch(graph);
    // The third output ("tongue out") is not part of the 52 and nobody reads it.
    graph->remove_result(graph->get_results().at(2));
    graph->validate_nodes_and_infer_types();
  } else if (name == "face_blendshapes") {
    keep_first_token(graph);
  }
}

}  // namespace pyro::infer

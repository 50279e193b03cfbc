#include "export/map_ir.hpp"

#include <openvino/opsets/opset13.hpp>
#include <stdexcept>

namespace pyro::training {
namespace {

namespace op = ov::opset13;
using MapNode = ov::Output<ov::Node>;

MapNode constant(const Array& array) {
  return op::Constant::create(ov::element::f32, ov::Shape(array.shape), array.values);
}

MapNode result(const MapNode& node, const std::string& name) {
  node.get_node()->set_friendly_name(name);
  node.get_tensor().set_names({name});
  return node;
}

}  // namespace

Result<std::shared_ptr<ov::Model>> build_map(const Arrays& arrays) {
  try {
    const auto layers = arrays.about.at("layers").get<std::size_t>();
    const auto part = [&](std::size_t layer, const char* of) {
      return arrays.items.at("layer" + std::to_string(layer) + of);
    };
    const auto input =
        std::make_shared<op::Parameter>(ov::element::f32, ov::Shape{1, part(0, ".weight").shape.at(1)});
    MapNode x = result(input, "embedding");
    for (std::size_t layer = 0; layer < layers; ++layer) {
      Array bias = part(layer, ".bias");
      bias.shape.insert(bias.shape.begin(), 1);
      x = std::make_shared<op::MatMul>(x, constant(part(layer, ".weight")), false, true);
      x = std::make_shared<op::Add>(x, constant(bias));
      if (layer + 1 < layers) x = std::make_shared<op::Relu>(x);
    }
    if (x.get_shape() != ov::Shape{1, 2}) throw std::invalid_argument("its last layer gives no two numbers");
    auto model = std::make_shared<ov::Model>(
        ov::OutputVector{result(x, "map"), result(constant(arrays.items.at("fitted")), "fitted")},
        ov::ParameterVector{input}, "pyrometer_map");
    model->set_rt_info(arrays.about.at("expression_weights").get<std::string>(), "pyrometer",
                       "expression_weights");
    return model;
  } catch (const std::exception& error) {
    return bad_input("the exported weights are no map; fit it again", error.what());
  }
}

}  // namespace pyro::training

#include "class_maps.hpp"

#include "engine.hpp"
#include "graph_reading.hpp"
#include "pyro/infer/class_maps.hpp"

namespace pyro::infer {
namespace {

namespace op = ov::opset13;

// nullptr where the output is of another kind.
std::shared_ptr<op::Result> maps_behind(const op::Result& result) {
  const auto softmax = std::dynamic_pointer_cast<op::Softmax>(result.get_input_node_shared_ptr(0));
  if (!softmax) return nullptr;
  const auto add = std::dynamic_pointer_cast<op::Add>(softmax->get_input_node_shared_ptr(0));
  if (!add || !is_constant(add->input_value(1))) return nullptr;
  const auto product = std::dynamic_pointer_cast<op::MatMul>(add->get_input_node_shared_ptr(0));
  if (!product || product->get_transpose_a() || !product->get_transpose_b() ||
      !is_constant(product->input_value(1)))
    return nullptr;
  const auto mean = std::dynamic_pointer_cast<op::ReduceMean>(product->get_input_node_shared_ptr(0));
  if (!mean || mean->get_reduction_axes() != ov::AxisSet{2, 3}) return nullptr;
  const auto maps = mean->input_value(0);
  const ov::Shape weights = product->input_value(1).get_shape();
  if (maps.get_shape().size() != 4 || weights.size() != 2 || weights[1] != maps.get_shape()[1])
    return nullptr;
  const auto kernel = op::Constant::create(ov::element::f32, ov::Shape{weights[0], weights[1], 1, 1},
                                           constant_of(product->input_value(1)));
  return std::make_shared<op::Result>(
      std::make_shared<op::Convolution>(maps, kernel, ov::Strides{1, 1}, ov::CoordinateDiff{0, 0},
                                        ov::CoordinateDiff{0, 0}, ov::Strides{1, 1}));
}

}  // namespace

Status add_class_maps(ov::Model& graph, const std::string& model) {
  ov::ResultVector made;
  for (const auto& result : graph.get_results()) {
    if (const auto maps = maps_behind(*result)) made.push_back(maps);
  }
  if (made.empty()) {
    return wrong_use("model " + model +
                     " has no head that reads the mean of its last maps, so it has no class activation map; "
                     "explain its checkpoint by `pyrometer-train explain`");
  }
  graph.add_results(made);
  return {};
}

namespace {

Result<Model> compiled(const std::filesystem::path& xml, const std::filesystem::path& weights,
                       const std::string& name, const std::string& version, Precision precision) {
  try {
    ov::Core core;
    const auto graph = core.read_model(xml.string(), weights.string());
    if (const Status added = add_class_maps(*graph, name); !added) return tl::make_unexpected(added.error());
    ov::CompiledModel model = core.compile_model(
        graph, "CPU",
        {ov::hint::inference_precision(precision == Precision::f32 ? ov::element::f32 : ov::element::bf16),
         ov::inference_num_threads(1), ov::hint::enable_cpu_pinning(false)});
    return Model(std::make_shared<Model::Impl>(Model::Impl{name, version, std::move(model)}));
  } catch (const std::exception& error) {
    return failed("model " + name + ": the engine cannot compile it with class activation maps",
                  error.what());
  }
}

}  // namespace

Result<Model> compile_with_class_maps(const ModelStore& store, std::string_view name, Precision precision) {
  if (auto plain = store.compile(name, {.precision = precision}); !plain) return plain;
  const ModelEntry& entry = *store.find(name);
  if (entry.weights.path.empty()) {
    return wrong_use("model " + entry.reference() +
                     " is no network that was trained here, so it has no class activation map");
  }
  return compiled(store.path_of(entry.file, entry.origin), store.path_of(entry.weights, entry.origin),
                  entry.name, entry.version, precision);
}

Result<Model> compile_with_class_maps(const std::filesystem::path& xml, const std::string& name,
                                      Precision precision) {
  std::filesystem::path weights = xml;
  return compiled(xml, weights.replace_extension(".bin"), name, "", precision);
}

}  // namespace pyro::infer

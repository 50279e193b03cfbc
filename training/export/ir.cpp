#include "export/ir.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <openvino/core/graph_util.hpp>
#include <openvino/opsets/opset13.hpp>
#include <openvino/runtime/core.hpp>
#include <stdexcept>

namespace pyro::training {
namespace {

namespace op = ov::opset13;
using Node = ov::Output<ov::Node>;

Node constant(const Arrays& arrays, const std::string& name, const ov::Shape& as = {}) {
  const auto found = arrays.items.find(name);
  if (found == arrays.items.end()) {
    throw std::out_of_range("'" + name + "' is missing");
  }
  const Array& array = found->second;
  return op::Constant::create(ov::element::f32, as.empty() ? ov::Shape(array.shape) : as, array.values);
}

Node conv(const Arrays& arrays, const std::string& name, const Node& x, std::size_t stride) {
  const Node weight = constant(arrays, name + ".weight");
  const auto pad = static_cast<std::ptrdiff_t>(weight.get_shape().at(2) / 2);
  const Node y =
      std::make_shared<op::Convolution>(x, weight, ov::Strides{stride, stride}, ov::CoordinateDiff{pad, pad},
                                        ov::CoordinateDiff{pad, pad}, ov::Strides{1, 1});
  return std::make_shared<op::Add>(y, constant(arrays, name + ".bias", {1, weight.get_shape().at(0), 1, 1}));
}

Node relu(const Node& x) {
  return std::make_shared<op::Relu>(x);
}

Node residual(const Arrays& arrays, const std::string& name, const Node& x, std::size_t stride) {
  Node y = relu(conv(arrays, name + ".conv1", x, stride));
  y = conv(arrays, name + ".conv2", y, 1);
  Node shortcut = x;
  if (arrays.items.contains(name + ".shortcut.weight")) {
    if (stride == 2) {
      shortcut = std::make_shared<op::AvgPool>(x, ov::Strides{2, 2}, ov::Shape{0, 0}, ov::Shape{0, 0},
                                               ov::Shape{2, 2}, true);
    }
    shortcut = conv(arrays, name + ".shortcut", shortcut, 1);
  }
  return relu(std::make_shared<op::Add>(y, shortcut));
}

Node named(const Node& node, const std::string& name) {
  node.get_node()->set_friendly_name(name);
  node.get_tensor().set_names({name});
  return node;
}

Node head(const Arrays& arrays, const std::string& name, const Node& embedding) {
  const Node product =
      std::make_shared<op::MatMul>(embedding, constant(arrays, name + ".weight"), false, true);
  const Node logits = std::make_shared<op::Add>(product, constant(arrays, name + ".bias", {1, 7}));
  return named(std::make_shared<op::Softmax>(logits, 1), name);
}

ov::InferRequest request(const std::filesystem::path& xml, Arithmetic arithmetic) {
  ov::Core core;
  const ov::element::Type type = arithmetic == Arithmetic::f32 ? ov::element::f32 : ov::element::bf16;
  ov::CompiledModel compiled = core.compile_model(
      xml.string(), "CPU", ov::inference_num_threads(1), ov::hint::inference_precision(type),
      ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY));
  return compiled.create_infer_request();
}

tl::unexpected<Error> engine_failed(const std::filesystem::path& xml, const std::exception& error) {
  return failed(xml.string() + ": the inference engine refused the model; export again", error.what());
}

}  // namespace

Result<std::shared_ptr<ov::Model>> build_model(const Arrays& arrays) {
  try {
    const auto channels = arrays.about.at("channels").get<std::vector<std::size_t>>();
    const auto blocks = arrays.about.at("blocks").get<std::vector<int>>();
    const auto face = std::make_shared<op::Parameter>(ov::element::f32, ov::Shape{1, 1, 48, 48});
    named(face, "face");
    Node x = relu(conv(arrays, "stem", face, 2));
    int count = 0;
    for (std::size_t stage = 0; stage < channels.size(); ++stage) {
      for (int block = 0; block < blocks.at(stage); ++block) {
        x = residual(arrays, "residual" + std::to_string(count++), x, stage > 0 && block == 0 ? 2 : 1);
      }
    }
    const Node sides = op::Constant::create(ov::element::i64, {2}, {2, 3});
    const Node embedding = named(std::make_shared<op::ReduceMean>(x, sides, false), "embedding");
    return std::make_shared<ov::Model>(
        ov::OutputVector{head(arrays, "product", embedding), head(arrays, "fer2013", embedding), embedding},
        ov::ParameterVector{face}, "pyrometer_expression");
  } catch (const std::exception& error) {
    return bad_input("the exported weights do not make a network; export again", error.what());
  }
}

Status save_model(const std::shared_ptr<ov::Model>& model, const std::filesystem::path& xml) {
  try {
    ov::save_model(model, xml.string(), false);
  } catch (const std::exception& error) {
    return failed(xml.string() + ": cannot be written; free disk space or choose another --out",
                  error.what());
  }
  return {};
}

Result<nlohmann::json> compare(const std::filesystem::path& xml, const Arrays& arrays,
                               Arithmetic arithmetic) {
  try {
    ov::InferRequest run = request(xml, arithmetic);
    const Array& input = arrays.items.at("reference.input");
    const std::size_t count = input.shape.at(0);
    const std::size_t pixels = input.values.size() / std::max<std::size_t>(count, 1);
    nlohmann::json result{{"n", count}};
    for (const char* name : {"product", "fer2013", "embedding"}) {
      result[name] = 0.0F;
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::copy_n(input.values.begin() + static_cast<std::ptrdiff_t>(i * pixels), pixels,
                  run.get_input_tensor().data<float>());
      run.infer();
      for (const char* name : {"product", "fer2013", "embedding"}) {
        const ov::Tensor output = run.get_tensor(name);
        const Array& expected = arrays.items.at(std::string("reference.") + name);
        float worst = result[name].get<float>();
        for (std::size_t k = 0; k < output.get_size(); ++k) {
          const float difference =
              std::abs(output.data<float>()[k] - expected.values.at(i * output.get_size() + k));
          worst = std::isfinite(difference) ? std::max(worst, difference) : difference;
        }
        result[name] = worst;
      }
    }
    return result;
  } catch (const std::exception& error) {
    return engine_failed(xml, error);
  }
}

Result<nlohmann::json> time_calls(const std::filesystem::path& xml, Arithmetic arithmetic, int calls) {
  try {
    ov::InferRequest run = request(xml, arithmetic);
    ov::Tensor input = run.get_input_tensor();
    for (std::size_t i = 0; i < input.get_size(); ++i) {
      input.data<float>()[i] = static_cast<float>(i % 17) / 8.0F - 1.0F;
    }
    std::vector<double> times_ms;
    constexpr int kWarmUp = 50;
    for (int i = 0; i < kWarmUp + calls; ++i) {
      const auto start = std::chrono::steady_clock::now();
      run.infer();
      const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
      if (i >= kWarmUp) {
        times_ms.push_back(taken.count());
      }
    }
    std::sort(times_ms.begin(), times_ms.end());
    const auto at = [&](double share) {
      return times_ms.at(static_cast<std::size_t>(share * static_cast<double>(times_ms.size() - 1)));
    };
    return nlohmann::json{{"calls", calls}, {"median_ms", at(0.5)}, {"p10_ms", at(0.1)}, {"p90_ms", at(0.9)}};
  } catch (const std::exception& error) {
    return engine_failed(xml, error);
  }
}

}  // namespace pyro::training

#include "export/ir.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <openvino/core/graph_util.hpp>
#include <openvino/opsets/opset13.hpp>
#include <openvino/runtime/core.hpp>
#include <stdexcept>

namespace pyro::training {
namespace {

namespace op = ov::opset13;
constexpr std::size_t kClasses = 7;
constexpr std::string_view kReferencePrefix = "reference.";
using Node = ov::Output<ov::Node>;

// Weights of 7 bits, -63 to 63: products of 8 × 8 bits overflow the 16-bit sums of processors without VNNI.
constexpr int kWeightLevels = 127;
constexpr std::size_t kActivationLevels = 256;

Node named(const Node& node, const std::string& name) {
  node.get_node()->set_friendly_name(name);
  node.get_tensor().set_names({name});
  return node;
}

Node scalar(float value) {
  return op::Constant::create(ov::element::f32, {1, 1, 1, 1}, {value});
}

// Turns the steps one by one into the engine's nodes.
class Builder {
 public:
  Builder(const Program& program, const Ranges* ranges) : program_(program), ranges_(ranges) {
    for (std::size_t i = 0; i < program.steps.size(); ++i) {
      plain_.push_back(node_of(i));
      values_.push_back(quantised(i));
    }
  }

  [[nodiscard]] Node result(int step, const std::string& name) const {
    return named(values_.at(static_cast<std::size_t>(step)), name);
  }
  [[nodiscard]] const Node& plain(int step) const { return plain_.at(static_cast<std::size_t>(step)); }
  [[nodiscard]] const std::shared_ptr<op::Parameter>& face() const { return face_; }

 private:
  [[nodiscard]] const Array& array(std::size_t step, const char* part) const {
    return program_.arrays.items.at(std::to_string(step) + part);
  }

  [[nodiscard]] Node bias(std::size_t step, const ov::Shape& shape) const {
    return op::Constant::create(ov::element::f32, shape, array(step, ".bias").values);
  }

  // Per output channel, symmetric.
  [[nodiscard]] Node quantised_weight(const Array& weight) const {
    const std::size_t channels = weight.shape.at(0);
    const std::size_t each = weight.values.size() / channels;
    std::vector<std::int8_t> whole;
    std::vector<float> scales;
    for (std::size_t c = 0; c < channels; ++c) {
      const auto channel = std::span(weight.values).subspan(c * each, each);
      constexpr float kHighest = (kWeightLevels - 1) / 2.0F;
      scales.push_back(best_limit(channel, kWeightLevels) / kHighest);
      std::transform(channel.begin(), channel.end(), std::back_inserter(whole), [&](float value) {
        return static_cast<std::int8_t>(std::clamp(std::round(value / scales.back()), -kHighest, kHighest));
      });
    }
    const Node stored = op::Constant::create(ov::element::i8, ov::Shape(weight.shape), whole);
    const Node scale = op::Constant::create(ov::element::f32, ov::Shape{channels, 1, 1, 1}, scales);
    return std::make_shared<op::Multiply>(std::make_shared<op::Convert>(stored, ov::element::f32), scale);
  }

  [[nodiscard]] Node quantised(std::size_t step) const {
    const auto found = ranges_ == nullptr ? Ranges::const_iterator{} : ranges_->find(static_cast<int>(step));
    if (ranges_ == nullptr || found == ranges_->end()) {
      return plain_.at(step);
    }
    const Node low = scalar(found->second.low);
    const Node high = scalar(found->second.high);
    return std::make_shared<op::FakeQuantize>(plain_.at(step), low, high, low, high, kActivationLevels);
  }

  [[nodiscard]] Node convolution(std::size_t number, const Step& step, const Node& x) const {
    const Array& array = this->array(number, ".weight");
    const Node weight =
        ranges_ != nullptr
            ? quantised_weight(array)
            : Node(op::Constant::create(ov::element::f32, ov::Shape(array.shape), array.values));
    const std::ptrdiff_t pad = step.pad;
    const auto stride = static_cast<std::size_t>(step.stride);
    const Node y = std::make_shared<op::Convolution>(x, weight, ov::Strides{stride, stride},
                                                     ov::CoordinateDiff{pad, pad},
                                                     ov::CoordinateDiff{pad, pad}, ov::Strides{1, 1});
    return std::make_shared<op::Add>(y, bias(number, {1, array.shape.at(0), 1, 1}));
  }

  [[nodiscard]] Node linear(std::size_t number, Node x) const {
    if (x.get_partial_shape().size() != 2) {
      x = std::make_shared<op::Reshape>(x, op::Constant::create(ov::element::i64, {2}, {1, -1}), false);
    }
    const Array& array = this->array(number, ".weight");
    const Node weight = op::Constant::create(ov::element::f32, ov::Shape(array.shape), array.values);
    const Node y = std::make_shared<op::MatMul>(x, weight, false, true);
    return std::make_shared<op::Add>(y, bias(number, {1, array.shape.at(0)}));
  }

  static Node resized(const Node& x, int side) {
    op::Interpolate::InterpolateAttrs how;
    how.mode = op::Interpolate::InterpolateMode::LINEAR_ONNX;
    how.shape_calculation_mode = op::Interpolate::ShapeCalcMode::SIZES;
    how.coordinate_transformation_mode = op::Interpolate::CoordinateTransformMode::HALF_PIXEL;
    return std::make_shared<op::Interpolate>(x, op::Constant::create(ov::element::i64, {2}, {side, side}),
                                             op::Constant::create(ov::element::i64, {2}, {2, 3}), how);
  }

  [[nodiscard]] Node node_of(std::size_t number) {
    const Step& step = program_.steps[number];
    const auto in = [&](std::size_t k) { return values_.at(static_cast<std::size_t>(step.inputs.at(k))); };
    const ov::Strides two{2, 2};
    const ov::Shape none{0, 0};
    const ov::Shape square{2, 2};
    if (step.op == "input") {
      face_ = std::make_shared<op::Parameter>(ov::element::f32, ov::Shape{1, 1, 48, 48});
      return named(face_, "face");
    }
    if (step.op == "conv") return convolution(number, step, in(0));
    if (step.op == "linear") return linear(number, in(0));
    if (step.op == "resize") return resized(in(0), step.side);
    if (step.op == "relu") return std::make_shared<op::Relu>(in(0));
    if (step.op == "add") return std::make_shared<op::Add>(in(0), in(1));
    if (step.op == "concat") return std::make_shared<op::Concat>(ov::OutputVector{in(0), in(1)}, 1);
    if (step.op == "max_pool") {
      return std::make_shared<op::MaxPool>(in(0), two, ov::Strides{1, 1}, none, none, square);
    }
    if (step.op == "mean_pool") return std::make_shared<op::AvgPool>(in(0), two, none, none, square, true);
    if (step.op == "mean") {
      return std::make_shared<op::ReduceMean>(in(0), op::Constant::create(ov::element::i64, {2}, {2, 3}),
                                              false);
    }
    if (step.op == "softmax") return std::make_shared<op::Softmax>(in(0), 1);
    throw std::out_of_range("there is no step '" + step.op + "'");
  }

  const Program& program_;
  const Ranges* ranges_;
  std::shared_ptr<op::Parameter> face_;
  std::vector<Node> plain_;   // each step's result
  std::vector<Node> values_;  // what later steps read: quantised where ranges say so
};

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

Result<std::shared_ptr<ov::Model>> build_model(const Program& program, const Ranges* ranges) {
  try {
    const Builder builder(program, ranges);
    return std::make_shared<ov::Model>(ov::OutputVector{builder.result(program.product, "product"),
                                                        builder.result(program.fer2013, "fer2013"),
                                                        builder.result(program.embedding, "embedding")},
                                       ov::ParameterVector{builder.face()}, "pyrometer_expression");
  } catch (const std::exception& error) {
    return bad_input("the exported weights do not make a network; export again", error.what());
  }
}

Result<Ranges> calibrated(const Program& program, const Array& pictures) {
  try {
    const Builder builder(program, nullptr);
    ov::OutputVector outputs{builder.result(program.product, "product"),
                             builder.result(program.fer2013, "fer2013"),
                             builder.result(program.embedding, "embedding")};
    for (const int step : quantised_steps(program)) {
      outputs.push_back(builder.plain(step));
    }
    return calibrate(std::make_shared<ov::Model>(outputs, ov::ParameterVector{builder.face()}), program,
                     pictures);
  } catch (const std::exception& error) {
    return failed("the network cannot be run for its calibration; export again", error.what());
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
    std::vector<std::string> names;
    for (const auto& [item, array] : arrays.items) {
      if (item.starts_with(kReferencePrefix) && item != "reference.input") {
        names.push_back(item.substr(kReferencePrefix.size()));
        result[names.back()] = 0.0F;
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      std::copy_n(input.values.begin() + static_cast<std::ptrdiff_t>(i * pixels), pixels,
                  run.get_input_tensor().data<float>());
      run.infer();
      for (const std::string& name : names) {
        const ov::Tensor output = run.get_tensor(name);
        const Array& expected = arrays.items.at(std::string(kReferencePrefix) + name);
        float worst = result[name].get<float>();
        for (std::size_t k = 0; k < output.get_size(); ++k) {
          const float difference =
              std::abs(output.data<float>()[k] - expected.values.at(i * output.get_size() + k));
          worst = std::isfinite(difference) ? std::max(worst, difference) : difference;
        }
        result[name] = worst;
        if (output.get_size() == kClasses) {
          const auto expected_from = expected.values.begin() + static_cast<std::ptrdiff_t>(i * kClasses);
          const auto* said = output.data<float>();
          const bool changed = std::max_element(said, said + kClasses) - said !=
                               std::max_element(expected_from, expected_from + kClasses) - expected_from;
          nlohmann::json& count_changed = result[name + "_changed"];
          count_changed = count_changed.is_null() ? int{changed} : count_changed.get<int>() + int{changed};
        }
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

#include "export/forecast_ir.hpp"

#include <cmath>
#include <openvino/opsets/opset13.hpp>
#include <stdexcept>

namespace pyro::training {
namespace {

namespace ops = ov::opset13;
using Value = ov::Output<ov::Node>;

constexpr std::int64_t kStepSize = 11, kWindowSteps = 30, kForecastTargets = 5, kEach = 6;

template <typename Op, typename... Parts>
Value make(Parts&&... parts) {
  return std::make_shared<Op>(std::forward<Parts>(parts)...)->output(0);
}

Value numbers(const std::vector<std::int64_t>& values) {
  return ops::Constant::create(ov::element::i64, ov::Shape{values.size()}, values);
}
Value axis_of(std::int64_t axis) {
  return ops::Constant::create(ov::element::i64, ov::Shape{}, {axis});
}
Value factor_of(float value) {
  return ops::Constant::create(ov::element::f32, ov::Shape{}, {value});
}

class ForecastBuilder {
 public:
  explicit ForecastBuilder(const Arrays& arrays) : arrays_(arrays) {}

  std::shared_ptr<ov::Model> build() {
    const auto kind = arrays_.about.at("kind").get<std::string>();
    const auto width = arrays_.about.at("width").get<std::int64_t>();
    const bool recurrent = kind == "lstm";
    const std::int64_t state = recurrent ? 2 * width : (kWindowSteps - 1) * kStepSize;
    input_ = std::make_shared<ops::Parameter>(ov::element::f32,
                                              ov::Shape{1, static_cast<std::size_t>(state + kStepSize)});
    name(input_, "input");
    step_ = range(input_, 1, state, state + kStepSize);
    Value known, next;
    if (recurrent) {
      std::tie(known, next) = lstm(width);
    } else if (kind == "tcn" || kind == "transformer") {
      known = kind == "tcn" ? tcn() : transformer(width);
      next = range(input_, 1, kStepSize, state + kStepSize);
    } else {
      throw std::invalid_argument("its kind is " + kind);
    }
    const Value raw = linear(make<ops::Concat>(ov::OutputVector{known, step_}, 1), "head");
    const Value step_s =
        ops::Constant::create(ov::element::f32, ov::Shape{1, 1}, {arrays_.about.at("step_s").get<float>()});
    auto model = std::make_shared<ov::Model>(
        ov::OutputVector{named(ordered(raw), "forecast"), named(next, "state"), named(step_s, "step_s")},
        ov::ParameterVector{input_}, "pyrometer_forecast");
    model->set_rt_info(kind, "pyrometer", "forecast_kind");
    return model;
  }

 private:
  static void name(const Value& value, const std::string& text) {
    value.get_node()->set_friendly_name(text);
    value.get_tensor().set_names({text});
  }
  // An output of its own node: what is cut out of the input may stand elsewhere too.
  static Value named(const Value& value, const std::string& text) {
    name(value, text);
    return value;
  }
  [[nodiscard]] Value constant(const std::string& item) const {
    const Array& array = arrays_.items.at(item);
    return ops::Constant::create(ov::element::f32, ov::Shape(array.shape), array.values);
  }
  [[nodiscard]] Value row(const std::string& item) const {
    const Array& array = arrays_.items.at(item);
    return ops::Constant::create(ov::element::f32, ov::Shape{1, array.values.size()}, array.values);
  }
  [[nodiscard]] Value linear(const Value& x, const std::string& part) const {
    return make<ops::Add>(make<ops::MatMul>(x, constant(part + ".weight"), false, true), row(part + ".bias"));
  }
  static Value range(const Value& x, std::int64_t axis, std::int64_t from, std::int64_t to) {
    return make<ops::Slice>(x, numbers({from}), numbers({to}), numbers({1}), numbers({axis}));
  }
  static Value shaped(const Value& x, const std::vector<std::int64_t>& shape) {
    return make<ops::Reshape>(x, numbers(shape), false);
  }

  std::pair<Value, Value> lstm(std::int64_t width) const {
    const Value h = range(input_, 1, 0, width), c = range(input_, 1, width, 2 * width);
    const Value gates = linear(make<ops::Concat>(ov::OutputVector{step_, h}, 1), "gates");
    const auto parts = std::make_shared<ops::Split>(gates, axis_of(1), 4);  // input, forget, cell, output
    const Value kept = make<ops::Multiply>(make<ops::Sigmoid>(parts->output(1)), c);
    const Value added =
        make<ops::Multiply>(make<ops::Sigmoid>(parts->output(0)), make<ops::Tanh>(parts->output(2)));
    const Value cell = make<ops::Add>(kept, added);
    const Value hidden = make<ops::Multiply>(make<ops::Sigmoid>(parts->output(3)), make<ops::Tanh>(cell));
    return {hidden, make<ops::Concat>(ov::OutputVector{hidden, cell}, 1)};
  }

  Value tcn() const {
    Value x = make<ops::Transpose>(shaped(input_, {1, kWindowSteps, kStepSize}), numbers({0, 2, 1}));
    std::int64_t length = kWindowSteps;
    const auto dilations = arrays_.about.at("dilations").get<std::vector<std::size_t>>();
    for (std::size_t i = 0; i < dilations.size(); ++i) {
      const std::string part = "conv" + std::to_string(i);
      const Array& weight = arrays_.items.at(part + ".weight");
      const Array& bias = arrays_.items.at(part + ".bias");
      const Value conv =
          make<ops::Convolution>(x, constant(part + ".weight"), ov::Strides{1}, ov::CoordinateDiff{0},
                                 ov::CoordinateDiff{0}, ov::Strides{dilations[i]});
      const Value shift =
          ops::Constant::create(ov::element::f32, ov::Shape{1, bias.values.size(), 1}, bias.values);
      const Value y = make<ops::Relu>(make<ops::Add>(conv, shift));
      const auto shorter = length - static_cast<std::int64_t>((weight.shape.at(2) - 1) * dilations[i]);
      x = i == 0 ? y : make<ops::Add>(y, range(x, 2, length - shorter, length));
      length = shorter;
    }
    return shaped(x, {1, static_cast<std::int64_t>(x.get_shape().at(1) * x.get_shape().at(2))});
  }

  [[nodiscard]] Value normed(const Value& x, const std::string& part) const {
    const Value centred = make<ops::MVN>(x, numbers({-1}), true, arrays_.about.at("epsilon").get<float>(),
                                         ov::op::MVNEpsMode::INSIDE_SQRT);
    return make<ops::Add>(make<ops::Multiply>(centred, row(part + ".weight")), row(part + ".bias"));
  }

  // In three dimensions although the batch is always 1: OpenVINO 2026.4.1 fuses two linear layers in a row
  // of one or two dimensions, and dies where a residual connection then joins the fused pair.
  [[nodiscard]] Value transformer(std::int64_t width) const {
    const auto heads = arrays_.about.at("heads").get<std::int64_t>();
    const std::int64_t per_head = width / heads, last = kWindowSteps - 1;
    const Value x =
        make<ops::Add>(linear(shaped(input_, {1, kWindowSteps, kStepSize}), "embed"), constant("places"));
    const Value calm = normed(x, "norm");
    const Value q = shaped(linear(range(calm, 1, last, kWindowSteps), "query"), {heads, 1, per_head});
    const auto pair = std::make_shared<ops::Split>(linear(calm, "key_value"), axis_of(2), 2);
    const auto by_head = [&](const Value& of) {
      return make<ops::Transpose>(shaped(of, {kWindowSteps, heads, per_head}), numbers({1, 0, 2}));
    };
    const Value close = make<ops::Multiply>(make<ops::MatMul>(q, by_head(pair->output(0)), false, true),
                                            factor_of(1 / std::sqrt(static_cast<float>(per_head))));
    const Value attended =
        shaped(make<ops::MatMul>(make<ops::Softmax>(close, 2), by_head(pair->output(1))), {1, 1, width});
    const Value y = make<ops::Add>(range(x, 1, last, kWindowSteps), linear(attended, "out"));
    const Value rise = linear(make<ops::Relu>(linear(normed(y, "norm2"), "up")), "down");
    return shaped(make<ops::Add>(y, rise), {1, width});
  }

  // As ordered_answers in forecast/nets.cpp.
  static Value ordered(const Value& raw) {
    const Value parts = shaped(raw, {1, kForecastTargets, kEach});
    const auto each = std::make_shared<ops::Split>(parts, axis_of(2), kEach);
    const auto positive = [&](std::size_t i) { return make<ops::SoftPlus>(each->output(i)); };
    const Value median = each->output(1);
    const Value low_80 = make<ops::Subtract>(median, positive(2));
    const Value high_80 = make<ops::Add>(median, positive(4));
    return shaped(
        make<ops::Concat>(ov::OutputVector{each->output(0), make<ops::Subtract>(low_80, positive(3)), low_80,
                                           median, high_80, make<ops::Add>(high_80, positive(5))},
                          2),
        {1, kForecastTargets * kEach});
  }

  const Arrays& arrays_;
  std::shared_ptr<ops::Parameter> input_;
  Value step_;
};

}  // namespace

Result<std::shared_ptr<ov::Model>> build_forecast(const Arrays& arrays) {
  try {
    return ForecastBuilder(arrays).build();
  } catch (const std::exception& error) {
    return bad_input("the exported weights are no forecasting network; fit it again", error.what());
  }
}

}  // namespace pyro::training

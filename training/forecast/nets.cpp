#include "forecast/nets.hpp"

#include <cmath>

#include "export/tensors.hpp"

namespace pyro::training {
namespace {

namespace nn = torch::nn;
constexpr auto kIn = static_cast<int64_t>(forecast::kChannels);
constexpr auto kPast = static_cast<int64_t>(forecast::kWindow) - 1;

void put(Arrays& arrays, const std::string& name, const nn::Linear& linear) {
  arrays.items[name + ".weight"] = array_of(linear->weight);
  arrays.items[name + ".bias"] = array_of(linear->bias);
}

// The answers see the present step beside the features, so that persistence is a straight line away.
nn::Linear make_head(int64_t width) {
  nn::Linear head(nn::LinearOptions(width + kIn, kAnswers));
  const torch::NoGradGuard no_grad;
  head->weight.mul_(0.1);
  return head;
}

// The past of a window as the state [n, 29 · channels], and the steps behind it.
torch::Tensor with_past(const torch::Tensor& steps, const torch::Tensor& state) {
  return torch::cat({state.view({steps.size(0), kPast, kIn}), steps}, 1);
}
torch::Tensor past_of(const torch::Tensor& all) {
  return all.slice(1, all.size(1) - kPast).reshape({all.size(0), kPast * kIn});
}

// Hochreiter and Schmidhuber 1997, one layer.
class Lstm final : public ForecastNet {
 public:
  explicit Lstm(int64_t width) : width_(width) {
    lstm_ = register_module("lstm", nn::LSTM(nn::LSTMOptions(kIn, width).batch_first(true)));
    head_ = register_module("head", make_head(width));
    // Remembers at first (Jozefowicz et al. 2015): torch adds two biases, gates in the order i, f, g, o.
    const torch::NoGradGuard no_grad;
    lstm_->named_parameters()["bias_ih_l0"].slice(0, width, 2 * width).fill_(1);
  }
  Answer forward(const torch::Tensor& steps, const torch::Tensor& state) override {
    const torch::Tensor h = state.slice(1, 0, width_).unsqueeze(0).contiguous();
    const torch::Tensor c = state.slice(1, width_).unsqueeze(0).contiguous();
    const auto [out, last] = lstm_->forward(steps, std::make_tuple(h, c));
    return {ordered_answers(head_->forward(torch::cat({out, steps}, 2))),
            torch::cat({std::get<0>(last)[0], std::get<1>(last)[0]}, 1)};
  }
  [[nodiscard]] int64_t state_size() const override { return 2 * width_; }
  [[nodiscard]] Arrays to_arrays() const override {
    Arrays arrays;
    arrays.about = {{"kind", "lstm"}, {"width", width_}};
    const auto named = lstm_->named_parameters();
    arrays.items["gates.weight"] = array_of(torch::cat({named["weight_ih_l0"], named["weight_hh_l0"]}, 1));
    arrays.items["gates.bias"] = array_of(named["bias_ih_l0"] + named["bias_hh_l0"]);
    put(arrays, "head", head_);
    return arrays;
  }

 private:
  int64_t width_;
  nn::LSTM lstm_{nullptr};
  nn::Linear head_{nullptr};
};

// Causal dilated convolutions with residual connections (Bai, Kolter and Koltun 2018). Kernels and dilations
// see exactly a window: 1 + 2 (1 + 2 + 4) + 15 = 30.
class Tcn final : public ForecastNet {
 public:
  explicit Tcn(int64_t width) : width_(width) {
    for (const auto& [kernel, dilation] : kLayers) {
      convs_.push_back(register_module(
          "conv" + std::to_string(convs_.size()),
          nn::Conv1d(nn::Conv1dOptions(convs_.empty() ? kIn : width, width, kernel).dilation(dilation))));
    }
    head_ = register_module("head", make_head(width));
  }
  Answer forward(const torch::Tensor& steps, const torch::Tensor& state) override {
    const torch::Tensor all = with_past(steps, state);
    torch::Tensor x = all.transpose(1, 2);
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      nn::Conv1d conv = convs_[i];
      const torch::Tensor y = conv->forward(x).relu();
      x = i == 0 ? y : y + x.slice(2, x.size(2) - y.size(2));
    }
    return {ordered_answers(head_->forward(torch::cat({x.transpose(1, 2), steps}, 2))), past_of(all)};
  }
  [[nodiscard]] int64_t state_size() const override { return kPast * kIn; }
  [[nodiscard]] Arrays to_arrays() const override {
    Arrays arrays;
    arrays.about = {{"kind", "tcn"}, {"width", width_}, {"dilations", nlohmann::json::array()}};
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      arrays.about["dilations"].push_back(kLayers[i].second);
      const std::string name = "conv" + std::to_string(i);
      arrays.items[name + ".weight"] = array_of(convs_[i]->weight);
      arrays.items[name + ".bias"] = array_of(convs_[i]->bias);
    }
    put(arrays, "head", head_);
    return arrays;
  }

 private:
  static constexpr std::array<std::pair<int64_t, int64_t>, 4> kLayers{{{3, 1}, {3, 2}, {3, 4}, {2, 15}}};
  int64_t width_;
  std::vector<nn::Conv1d> convs_;
  nn::Linear head_{nullptr};
};

// One block of a Transformer (Vaswani et al. 2017, normalised before each part) over a window; only the
// present step asks, so one row of attention is all that it costs.
class Transformer final : public ForecastNet {
 public:
  explicit Transformer(int64_t width) : width_(width) {
    embed_ = register_module("embed", nn::Linear(kIn, width));
    places_ = register_parameter("places", torch::randn({kPast + 1, width}) * 0.1);
    norm_ = register_module("norm", nn::LayerNorm(nn::LayerNormOptions({width})));
    query_ = register_module("query", nn::Linear(width, width));
    key_value_ = register_module("key_value", nn::Linear(width, 2 * width));
    out_ = register_module("out", nn::Linear(width, width));
    norm2_ = register_module("norm2", nn::LayerNorm(nn::LayerNormOptions({width})));
    up_ = register_module("up", nn::Linear(width, 2 * width));
    down_ = register_module("down", nn::Linear(2 * width, width));
    head_ = register_module("head", make_head(width));
  }
  Answer forward(const torch::Tensor& steps, const torch::Tensor& state) override {
    const torch::Tensor all = with_past(steps, state);
    const int64_t n = steps.size(0), t = steps.size(1), per_head = width_ / kHeads;
    // Windows as [n · t, 30, width], each with the places of its own.
    const torch::Tensor windows = embed_->forward(all).unfold(1, kPast + 1, 1).transpose(2, 3) + places_;
    const torch::Tensor x = windows.reshape({n * t, kPast + 1, width_});
    const torch::Tensor normed = norm_->forward(x);
    const torch::Tensor present = x.select(1, kPast);
    const torch::Tensor q = query_->forward(normed.select(1, kPast)).view({n * t, kHeads, 1, per_head});
    const torch::Tensor kv = key_value_->forward(normed).view({n * t, kPast + 1, 2, kHeads, per_head});
    const torch::Tensor k = kv.select(2, 0).permute({0, 2, 3, 1}), v = kv.select(2, 1).permute({0, 2, 1, 3});
    const torch::Tensor weights = (q.matmul(k) / std::sqrt(static_cast<double>(per_head))).softmax(3);
    torch::Tensor y = present + out_->forward(weights.matmul(v).reshape({n * t, width_}));
    y = y + down_->forward(up_->forward(norm2_->forward(y)).relu());
    return {ordered_answers(head_->forward(torch::cat({y.view({n, t, width_}), steps}, 2))), past_of(all)};
  }
  [[nodiscard]] int64_t state_size() const override { return kPast * kIn; }
  [[nodiscard]] Arrays to_arrays() const override {
    Arrays arrays;
    arrays.about = {{"kind", "transformer"}, {"width", width_}, {"heads", kHeads}, {"epsilon", 1e-5}};
    arrays.items["places"] = array_of(places_);
    for (const auto& [name, linear] :
         {std::pair{"embed", embed_}, std::pair{"query", query_}, std::pair{"key_value", key_value_},
          std::pair{"out", out_}, std::pair{"up", up_}, std::pair{"down", down_}, std::pair{"head", head_}})
      put(arrays, name, linear);
    for (const auto& [name, norm] : {std::pair{"norm", norm_}, std::pair{"norm2", norm2_}}) {
      arrays.items[std::string(name) + ".weight"] = array_of(norm->weight);
      arrays.items[std::string(name) + ".bias"] = array_of(norm->bias);
    }
    return arrays;
  }

 private:
  static constexpr int64_t kHeads = 4;
  int64_t width_;
  nn::Linear embed_{nullptr}, query_{nullptr}, key_value_{nullptr}, out_{nullptr}, up_{nullptr},
      down_{nullptr}, head_{nullptr};
  torch::Tensor places_;
  nn::LayerNorm norm_{nullptr}, norm2_{nullptr};
};

}  // namespace

torch::Tensor ordered_answers(const torch::Tensor& raw) {
  const torch::Tensor parts = raw.view({raw.size(0), raw.size(1), kTargets, kPerTarget});
  const auto part = [&](int64_t i) { return parts.select(3, i); };
  const torch::Tensor median = part(1);
  const torch::Tensor down_80 = torch::softplus(part(2)), down_95 = torch::softplus(part(3));
  const torch::Tensor up_80 = torch::softplus(part(4)), up_95 = torch::softplus(part(5));
  return torch::stack({part(0), median - down_80 - down_95, median - down_80, median, median + up_80,
                       median + up_80 + up_95},
                      3)
      .flatten(2);
}

ForecastNetPtr make_forecast_net(const std::string& kind, int64_t width) {
  if (kind == "lstm") return std::make_shared<Lstm>(width);
  if (kind == "tcn") return std::make_shared<Tcn>(width);
  return std::make_shared<Transformer>(width);
}

}  // namespace pyro::training

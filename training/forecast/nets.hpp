// Small recurrent, convolutional and attending networks that forecast the score, one way of calling them all.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "export/arrays.hpp"
#include "pyro/forecast/series.hpp"

namespace pyro::training {

// What a network says each step: the smoothed present, then the score at each horizon; each a mean and five
// quantiles, the latter in order by construction.
inline constexpr int64_t kTargets = 5;
inline constexpr int64_t kPerTarget = 6;
inline constexpr int64_t kAnswers = kTargets * kPerTarget;

// Takes steps [n, t, channels] that go on from `state` [n, s], and gives answers [n, t, kAnswers] and the
// state after them. The state is all that a network remembers: hidden and cell state of an LSTM, the last 29
// steps of one that looks at a window. A series begins with a state of zeros, which for a window are gaps.
class ForecastNet : public torch::nn::Module {
 public:
  struct Answer {
    torch::Tensor answers, state;
  };
  virtual Answer forward(const torch::Tensor& steps, const torch::Tensor& state) = 0;
  [[nodiscard]] virtual int64_t state_size() const = 0;
  // Plain arrays and, as "kind" and its numbers, what they make (export/forecast_ir.hpp).
  [[nodiscard]] virtual Arrays to_arrays() const = 0;
};
using ForecastNetPtr = std::shared_ptr<ForecastNet>;

// "lstm", "tcn" or "transformer".
[[nodiscard]] ForecastNetPtr make_forecast_net(const std::string& kind, int64_t width);

// The second half of every network: what it knows and the present step → answers. The raw head's numbers are,
// per target, mean, median, and the steps up and down from the median, made positive by softplus.
[[nodiscard]] torch::Tensor ordered_answers(const torch::Tensor& raw);

}  // namespace pyro::training

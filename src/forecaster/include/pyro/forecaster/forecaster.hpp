// A trained forecaster at work: a step of ten numbers in, the smoothed present and the score to come out.
// Streaming: between calls it keeps the network's state (an LSTM's hidden and cell state, a window of steps),
// nothing else.
#pragma once

#include <array>

#include "pyro/base/result.hpp"
#include "pyro/forecast/baselines.hpp"
#include "pyro/forecast/series.hpp"
#include "pyro/infer/network.hpp"

namespace pyro::forecaster {

// The smoothed present, then the score at each of horizons_in_steps.
inline constexpr std::size_t kTargets = 5;
using Answer = std::array<forecast::Band, kTargets>;

// Not thread-safe; one object a person. step() does not allocate in our code.
class Forecaster {
 public:
  // `model`: what pyrometer-train forecast exported. Errors (bad_input): another kind of model.
  static Result<Forecaster> create(const infer::Model& model);

  // Seconds of a step that the network was trained on.
  [[nodiscard]] double step_s() const { return step_s_; }
  // Forgets the person.
  void reset();
  // A gap is a step too. Errors: the engine, an answer that is not a number.
  Result<Answer> step(const forecast::Step& step);

 private:
  Forecaster(infer::Network network, double step_s) : network_(std::move(network)), step_s_(step_s) {}
  infer::Network network_;
  double step_s_;
};

// What it says after each step of a series, as the baselines do.
[[nodiscard]] Result<forecast::Track> track_of(Forecaster& forecaster, const forecast::Series& series);

}  // namespace pyro::forecaster

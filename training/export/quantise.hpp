// Post-training quantisation to INT8: which range of each activation, and of each channel's weights, is cut
// into 256 levels. Own routine: the range that loses least in the mean square over calibration pictures.
#pragma once

#include <map>
#include <memory>
#include <openvino/core/model.hpp>
#include <span>
#include <vector>

#include "export/program.hpp"

namespace pyro::training {

// A step's activations lie in [low, high]; low is 0 behind a ReLU.
struct Range {
  float low = 0;
  float high = 0;
};
using Ranges = std::map<int, Range>;  // by step

// The steps whose results convolutions read: these are quantised. The heads and the mean before them stay
// FP32.
[[nodiscard]] std::vector<int> quantised_steps(const Program& program);

// Runs `model` (FP32, one more output for each of quantised_steps, in their order, after the three results)
// on the pictures [n, 1, 48, 48] and chooses each step's range. Throws what the engine throws.
[[nodiscard]] Ranges calibrate(const std::shared_ptr<ov::Model>& model, const Program& program,
                               const Array& pictures);

// Values in equal bins over [-limit, limit].
struct Histogram {
  explicit Histogram(float limit);
  void add(std::span<const float> values);
  float limit;
  std::vector<std::int64_t> bins;
};

// The range with the least mean square error when cut into `levels` levels; from 0 where nothing negative
// occurs, otherwise symmetric.
[[nodiscard]] Range best_range(const Histogram& histogram, int levels);

// The largest absolute value worth keeping of one channel's weights, cut into `levels` symmetric levels.
[[nodiscard]] float best_limit(std::span<const float> weights, int levels);

}  // namespace pyro::training

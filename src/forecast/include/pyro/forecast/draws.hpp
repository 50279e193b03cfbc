// Random numbers of the distributions that the simulators need, the same on every machine but for rounding in
// log, sqrt and cos.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "pyro/datasets/random.hpp"

namespace pyro::forecast {

class Draws {
 public:
  explicit Draws(std::uint64_t seed) : random_(seed) {}
  double uniform() { return (static_cast<double>(random_.next() >> 11U) + 0.5) * 0x1p-53; }
  // Box and Muller 1958, one of the pair.
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(2 * std::numbers::pi * uniform());
  }
  double exponential(double mean) { return -mean * std::log(uniform()); }
  double log_normal(double median, double spread) { return median * std::exp(spread * normal()); }

 private:
  datasets::Random random_;
};

}  // namespace pyro::forecast

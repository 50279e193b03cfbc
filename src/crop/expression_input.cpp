#include "pyro/crop/expression_input.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::crop {

void normalise(const GreyFace& face, std::span<float, kExpressionPixels> out) {
  // Integer sums are exact, so the result does not depend on the order of summation or the compiler.
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
  for (const std::uint8_t pixel : face.pixels) {
    sum += pixel;
    squares += std::uint64_t{pixel} * pixel;
  }
  const double count = kExpressionPixels;
  const double mean = static_cast<double>(sum) / count;
  const double variance = std::max(0.0, static_cast<double>(squares) / count - mean * mean);
  const auto offset = static_cast<float>(mean);
  const float gain = 1.0F / std::max(static_cast<float>(std::sqrt(variance)), kFlatContrast);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = (static_cast<float>(face.pixels[i]) - offset) * gain;
  }
}

}  // namespace pyro::crop

#include "datasets/augment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

using crop::GreyFace;
using crop::kExpressionSide;
constexpr float kCentre = (kExpressionSide - 1) / 2.0F;

std::uint8_t to_grey(float value) {
  return static_cast<std::uint8_t>(std::clamp(value + 0.5F, 0.0F, 255.0F));
}

float pixel(const GreyFace& face, int x, int y) {
  x = std::clamp(x, 0, kExpressionSide - 1);
  y = std::clamp(y, 0, kExpressionSide - 1);
  return face.pixels[static_cast<std::size_t>(y * kExpressionSide + x)];
}

// Flip, rotation, scale and shift as one bilinear resampling, so the picture is smoothed only once.
GreyFace warped(const GreyFace& face, const AugmentOptions& options, Random& random) {
  const bool flip = random.uniform() < options.flip_chance;
  const float angle_rad =
      random.uniform(-options.rotation_deg, options.rotation_deg) * std::numbers::pi_v<float> / 180.0F;
  const float zoom = 1.0F / (1.0F + random.uniform(-options.scale, options.scale));
  const float shift_x = random.uniform(-options.shift_px, options.shift_px);
  const float shift_y = random.uniform(-options.shift_px, options.shift_px);
  const float cosine = std::cos(angle_rad) * zoom;
  const float sine = std::sin(angle_rad) * zoom;
  GreyFace out;
  std::size_t at = 0;
  for (int y = 0; y < kExpressionSide; ++y) {
    for (int x = 0; x < kExpressionSide; ++x, ++at) {
      const float dx = (flip ? kCentre - static_cast<float>(x) : static_cast<float>(x) - kCentre) - shift_x;
      const float dy = static_cast<float>(y) - kCentre - shift_y;
      const float source_x = cosine * dx - sine * dy + kCentre;
      const float source_y = sine * dx + cosine * dy + kCentre;
      const float floor_x = std::floor(source_x);
      const float floor_y = std::floor(source_y);
      const auto left = static_cast<int>(floor_x);
      const auto top = static_cast<int>(floor_y);
      const float fx = source_x - floor_x;
      const float fy = source_y - floor_y;
      const float upper = pixel(face, left, top) * (1 - fx) + pixel(face, left + 1, top) * fx;
      const float lower = pixel(face, left, top + 1) * (1 - fx) + pixel(face, left + 1, top + 1) * fx;
      out.pixels[at] = to_grey(upper * (1 - fy) + lower * fy);
    }
  }
  return out;
}

// Gain and offset alone would be undone by the normalisation; what stays of them is the clipping at 0 and
// 255.
void relight(GreyFace& face, Random& random) {
  const float gamma = std::exp(random.uniform(-0.4F, 0.4F));
  const float gain = random.uniform(0.7F, 1.3F);
  const float offset = random.uniform(-30.0F, 30.0F);
  const float slope_x = random.uniform(-0.8F, 0.8F);  // grey levels a pixel
  const float slope_y = random.uniform(-0.8F, 0.8F);
  std::array<float, 256> curve{};
  for (std::size_t i = 0; i < curve.size(); ++i) {
    curve[i] = 255.0F * std::pow(static_cast<float>(i) / 255.0F, gamma) * gain + offset;
  }
  std::size_t at = 0;
  for (int y = 0; y < kExpressionSide; ++y) {
    for (int x = 0; x < kExpressionSide; ++x, ++at) {
      const float slope =
          slope_x * (static_cast<float>(x) - kCentre) + slope_y * (static_cast<float>(y) - kCentre);
      face.pixels[at] = to_grey(curve[face.pixels[at]] + slope);
    }
  }
}

GreyFace blurred(const GreyFace& face) {
  GreyFace out;
  std::size_t at = 0;
  for (int y = 0; y < kExpressionSide; ++y) {
    for (int x = 0; x < kExpressionSide; ++x, ++at) {
      float sum = 0;
      for (int v = -1; v <= 1; ++v) {
        for (int u = -1; u <= 1; ++u) {
          sum += pixel(face, x + u, y + v) * static_cast<float>((2 - std::abs(u)) * (2 - std::abs(v)));
        }
      }
      out.pixels[at] = to_grey(sum / 16.0F);
    }
  }
  return out;
}

void erase(GreyFace& face, float share, Random& random) {
  const float area = random.uniform(0.02F, std::max(0.02F, share)) * crop::kExpressionPixels;
  const float aspect = std::exp(random.uniform(-1.0F, 1.0F));
  const auto extent = [](float length) { return std::clamp(static_cast<int>(length), 1, kExpressionSide); };
  const int width = extent(std::sqrt(area * aspect));
  const int height = extent(std::sqrt(area / aspect));
  const auto place = [&](int length) {
    return static_cast<int>(random.below(static_cast<std::size_t>(kExpressionSide - length + 1)));
  };
  const int left = place(width);
  const int top = place(height);
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) {
      face.pixels[static_cast<std::size_t>(y * kExpressionSide + x)] =
          static_cast<std::uint8_t>(random.below(256));
    }
  }
}

}  // namespace

GreyFace augment(const GreyFace& face, const AugmentOptions& options, std::uint64_t seed) {
  Random random(seed);
  GreyFace out = warped(face, options, random);
  if (random.uniform() < options.light_chance) {
    relight(out, random);
  }
  if (random.uniform() < options.blur_chance) {
    out = blurred(out);
  }
  if (random.uniform() < options.erase_chance) {
    erase(out, options.erase_share, random);
  }
  return out;
}

}  // namespace pyro::training

// Made-up pictures for tests: smooth, as photographs are, each from its seed.
#pragma once

#include <algorithm>
#include <cmath>

#include "pyro/crop/expression_input.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::datasets {

inline crop::GreyFace made_up_face(std::uint64_t seed) {
  Random random(mix(seed, 77));
  struct Blob {
    float x, y, width, height, strength;
  };
  std::array<Blob, 14> blobs{};
  for (Blob& blob : blobs) {
    blob = {random.uniform(0, 48), random.uniform(0, 48), random.uniform(3, 14), random.uniform(3, 14),
            random.uniform(-90, 90)};
  }
  crop::GreyFace face;
  for (std::size_t i = 0; i < face.pixels.size(); ++i) {
    const std::size_t column = i % 48, row = i / 48;
    const float x = static_cast<float>(column), y = static_cast<float>(row);
    float value = 128;
    for (const Blob& blob : blobs) {
      const float dx = (x - blob.x) / blob.width, dy = (y - blob.y) / blob.height;
      value += blob.strength * std::exp(-dx * dx - dy * dy);
    }
    face.pixels[i] = static_cast<std::uint8_t>(std::clamp(value, 10.0F, 240.0F));
  }
  return face;
}

}  // namespace pyro::datasets

// What the expression network sees: a 48×48 grey face, and its normalisation. Training and run time call this
// same code.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace pyro::crop {

inline constexpr int kExpressionSide = 48;
inline constexpr int kExpressionPixels = kExpressionSide * kExpressionSide;

// Grey levels 0..255, row by row, top left first.
struct GreyFace {
  std::array<std::uint8_t, kExpressionPixels> pixels{};
};

// Below this standard deviation (grey levels) a picture counts as flat: its noise is not blown up to full
// contrast.
inline constexpr float kFlatContrast = 8.0F;

// out = (pixel - mean) / max(standard deviation, kFlatContrast), both taken over this one picture.
// Standardising each picture, not the data set, makes the network blind to gain and offset: a dim room and a
// bright one look the same. Never fails; a picture of one grey level becomes all zeros. No allocation,
// thread-safe.
void normalise(const GreyFace& face, std::span<float, kExpressionPixels> out);

}  // namespace pyro::crop

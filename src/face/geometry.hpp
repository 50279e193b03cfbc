// Small plane geometry that the room's files share. Private to the room.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

#include "pyro/records/face.hpp"

namespace pyro::face {

// Area common to both over the area that either covers; 0..1.
[[nodiscard]] inline float overlap(const records::FaceBox& a, const records::FaceBox& b) {
  const float width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const float height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const float common = width * height;
  const float all = a.width * a.height + b.width * b.height - common;
  return all > 0 ? common / all : 0;
}

[[nodiscard]] inline records::Point2 centre_of(const records::FaceBox& box) {
  return {box.x + box.width / 2, box.y + box.height / 2};
}

// What the next stage looks at: the square around the box and half of it again, turned as the face is.
[[nodiscard]] inline records::FaceRegion region_around(const records::FaceBox& box, float roll_rad) {
  constexpr float kScale = 1.5F;
  return {centre_of(box), kScale * std::max(box.width, box.height), roll_rad};
}

// An angle brought into [-π, π).
[[nodiscard]] inline float wrapped(float angle_rad) {
  constexpr float kTurn = 2 * std::numbers::pi_v<float>;
  return angle_rad - kTurn * std::floor((angle_rad + std::numbers::pi_v<float>) / kTurn);
}

// How far the line between two points is turned clockwise (in the image) from level.
[[nodiscard]] inline float level_angle(float from_x, float from_y, float to_x, float to_y) {
  return wrapped(-std::atan2(-(to_y - from_y), to_x - from_x));
}

}  // namespace pyro::face

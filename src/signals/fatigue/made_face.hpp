// For tests: meshes made of numbers, with exactly the eyes, mouth and head that a test asks for.
#pragma once

#include <cmath>
#include <optional>

#include "pyro/records/face.hpp"

namespace pyro::signals {

struct MadeFace {
  float ear_right = 0.30f, ear_left = 0.30f;
  float mar = 0.02f;
  float pitch_deg = 0, yaw_deg = 0;
  std::optional<float> blink = {};  // both eyeBlink blendshapes; without it the face has no blendshapes
  float size_px = 100;              // width of the mouth; the eyes are half as wide
  float turn_rad = 0;               // of all points about the vertical axis
};

inline records::FaceMesh made_face(const MadeFace& made) {
  records::FaceMesh face;
  face.point_count = records::kMeshPoints;
  face.quality.reason = records::GapReason::none;
  face.pose.pitch_deg = made.pitch_deg;
  face.pose.yaw_deg = made.yaw_deg;
  const auto put = [&](std::size_t index, float x, float y) {
    face.points[index] = {x * std::cos(made.turn_rad), y, x * std::sin(made.turn_rad)};
  };
  const auto eye = [&](const std::size_t(&index)[6], float x, float ear) {
    const float width = made.size_px / 2, half = ear * width / 2;
    put(index[0], x, 0);
    put(index[3], x + width, 0);
    put(index[1], x + width / 3, -half);
    put(index[5], x + width / 3, half);
    put(index[2], x + 2 * width / 3, -half);
    put(index[4], x + 2 * width / 3, half);
  };
  eye({33, 160, 158, 133, 153, 144}, 0, made.ear_right);
  eye({362, 385, 387, 263, 373, 380}, made.size_px, made.ear_left);
  const float half = made.mar * made.size_px / 2;
  put(78, 0, made.size_px);
  put(308, made.size_px, made.size_px);
  put(13, made.size_px / 2, made.size_px - half);
  put(14, made.size_px / 2, made.size_px + half);
  put(81, made.size_px / 4, made.size_px - half);
  put(178, made.size_px / 4, made.size_px + half);
  put(311, 3 * made.size_px / 4, made.size_px - half);
  put(402, 3 * made.size_px / 4, made.size_px + half);
  if (made.blink) {
    face.has_blendshapes = true;
    face.blendshapes[9] = face.blendshapes[10] = *made.blink;
  }
  return face;
}

}  // namespace pyro::signals

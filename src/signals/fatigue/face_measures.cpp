#include "pyro/signals/face_measures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace pyro::signals {

namespace {

// Indices into the 468/478-point mesh.
struct EyePoints {
  std::size_t corner_a, corner_b, upper_a, lower_a, upper_b, lower_b;
};
constexpr EyePoints kRightEye{33, 133, 160, 144, 158, 153};
constexpr EyePoints kLeftEye{362, 263, 385, 380, 387, 373};

struct LipPair {
  std::size_t upper, lower;
};
constexpr std::array<LipPair, 3> kInnerLips{{{13, 14}, {81, 178}, {311, 402}}};
constexpr std::size_t kInnerCornerRight = 78, kInnerCornerLeft = 308;

// Indices into FaceMesh::blendshapes.
enum Blendshape : std::size_t {
  eye_blink_left = 9,
  eye_blink_right = 10,
  mouth_press_left = 36,
  mouth_press_right = 37,
  mouth_roll_lower = 40,
  mouth_roll_upper = 41,
  mouth_stretch_left = 46,
  mouth_stretch_right = 47,
};

float distance(const records::FaceMesh& face, std::size_t a, std::size_t b) {
  const records::Point3& p = face.points[a];
  const records::Point3& q = face.points[b];
  return std::hypot(p.x - q.x, p.y - q.y, p.z - q.z);
}

bool has_mesh(const records::FaceMesh& face) {
  return face.point_count >= records::kMeshPointsFast;
}

float ratio(float part, float whole) {
  return whole > 0 ? part / whole : records::kNoValue;
}

float aspect(const records::FaceMesh& face, const EyePoints& eye) {
  const float heights = distance(face, eye.upper_a, eye.lower_a) + distance(face, eye.upper_b, eye.lower_b);
  return ratio(heights, 2 * distance(face, eye.corner_a, eye.corner_b));
}

}  // namespace

EyePair eye_aspect_ratio(const records::FaceMesh& face) {
  if (!has_mesh(face)) return {};
  return {aspect(face, kRightEye), aspect(face, kLeftEye)};
}

EyePair eye_blink(const records::FaceMesh& face) {
  if (!face.has_blendshapes) return {};
  return {face.blendshapes[eye_blink_right], face.blendshapes[eye_blink_left]};
}

float mouth_aspect_ratio(const records::FaceMesh& face) {
  if (!has_mesh(face)) return records::kNoValue;
  float heights = 0;
  for (const LipPair& lips : kInnerLips) heights += distance(face, lips.upper, lips.lower);
  return ratio(heights / static_cast<float>(kInnerLips.size()),
               distance(face, kInnerCornerRight, kInnerCornerLeft));
}

float mouth_tension(const records::FaceMesh& face) {
  if (!face.has_blendshapes) return records::kNoValue;
  const auto mean = [&face](Blendshape a, Blendshape b) {
    return (face.blendshapes[a] + face.blendshapes[b]) / 2;
  };
  return std::max({mean(mouth_press_left, mouth_press_right), mean(mouth_roll_lower, mouth_roll_upper),
                   mean(mouth_stretch_left, mouth_stretch_right)});
}

bool looks_like_yawn(const records::FaceMesh& face) {
  return mouth_aspect_ratio(face) >= kYawnStillMar;
}

}  // namespace pyro::signals

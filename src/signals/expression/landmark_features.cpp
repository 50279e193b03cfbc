#include "pyro/signals/landmark_features.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace pyro::signals {
namespace {

using Index = std::uint16_t;  // into the mesh, below 468: both meshes have them
struct Vector {
  double x = 0, y = 0, z = 0;
};

enum class Kind : std::uint8_t { distance, height, depth, angle };
constexpr std::array<std::string_view, 4> kKindNames{"distance", "height", "depth", "angle"};

// Between two points; an angle at `b` between the directions to `a` and `c`.
struct Measure {
  Kind kind;
  Index a, b, c = 0;
};
struct Central {
  std::string_view name;
  Measure measure;
};
// The same on the person's right and left.
struct Paired {
  std::string_view name;
  Measure right, left;
};

constexpr Measure distance(Index a, Index b) {
  return {Kind::distance, a, b};
}
constexpr Measure height(Index a, Index b) {  // of a above b
  return {Kind::height, a, b};
}
constexpr Measure depth(Index a, Index b) {  // of a before b
  return {Kind::depth, a, b};
}
constexpr Measure angle(Index a, Index b, Index c) {
  return {Kind::angle, a, b, c};
}

constexpr std::array kCentral{
    Central{"mouth_width", distance(61, 291)},
    Central{"inner_mouth_width", distance(78, 308)},
    Central{"mouth_opening", distance(13, 14)},
    Central{"lips_height", distance(0, 17)},
    Central{"upper_lip", distance(0, 13)},
    Central{"lower_lip", distance(14, 17)},
    Central{"nose_to_lip", distance(2, 0)},
    Central{"lip_to_chin", distance(17, 152)},
    Central{"lip_to_chin_boss", distance(17, 199)},
    Central{"nose_to_chin", distance(1, 152)},
    Central{"jaw_drop", distance(13, 152)},
    Central{"nose_wings", distance(129, 358)},
    Central{"nostrils", distance(98, 327)},
    Central{"nose_length", distance(168, 2)},
    Central{"nose_bridge", distance(9, 6)},
    Central{"brow_gap", distance(55, 285)},
    Central{"upper_brow_gap", distance(107, 336)},
    Central{"forehead", distance(10, 9)},
    Central{"face_height", distance(10, 152)},
    Central{"face_width", distance(234, 454)},
    Central{"jaw_width", distance(172, 397)},
    Central{"cheeks", distance(205, 425)},
    Central{"upper_lip", depth(0, 1)},
    Central{"lower_lip", depth(17, 1)},
    Central{"chin", depth(152, 1)},
    Central{"lips", depth(0, 17)},
    Central{"upper_lip", angle(61, 0, 291)},
    Central{"lower_lip", angle(61, 17, 291)},
    Central{"nose", angle(129, 1, 358)},
    Central{"chin", angle(172, 152, 397)},
    Central{"profile", angle(168, 1, 152)},
    Central{"brows", angle(55, 168, 285)},
};

constexpr std::array kPaired{
    // brows
    Paired{"brow_inner_to_eye", distance(55, 133), distance(285, 362)},
    Paired{"brow_inner_to_lid", distance(55, 159), distance(285, 386)},
    Paired{"brow_middle_to_lid", distance(105, 159), distance(334, 386)},
    Paired{"brow_outer_to_eye", distance(46, 33), distance(276, 263)},
    Paired{"brow_length", distance(70, 107), distance(300, 336)},
    Paired{"brow_inner", height(55, 133), height(285, 362)},
    Paired{"brow_middle", height(105, 33), height(334, 263)},
    Paired{"brow_outer", height(46, 33), height(276, 263)},
    Paired{"brow_slope", height(55, 46), height(285, 276)},
    Paired{"brow_inner", depth(55, 168), depth(285, 168)},
    Paired{"brow", angle(46, 52, 55), angle(276, 282, 285)},
    Paired{"upper_brow", angle(70, 105, 107), angle(300, 334, 336)},
    // eyes
    Paired{"eye_opening", distance(159, 145), distance(386, 374)},
    Paired{"eye_opening_inner", distance(158, 153), distance(385, 380)},
    Paired{"eye_opening_outer", distance(160, 144), distance(387, 373)},
    Paired{"eye_width", distance(33, 133), distance(263, 362)},
    Paired{"under_eye", distance(117, 145), distance(346, 374)},
    Paired{"cheek_to_eye", distance(50, 145), distance(280, 374)},
    Paired{"upper_lid", height(159, 33), height(386, 263)},
    Paired{"lower_lid", height(145, 33), height(374, 263)},
    Paired{"upper_lid", angle(33, 159, 133), angle(263, 386, 362)},
    Paired{"lower_lid", angle(33, 145, 133), angle(263, 374, 362)},
    // nose and cheeks
    Paired{"wing_to_eye", distance(129, 133), distance(358, 362)},
    Paired{"wing_to_bridge", distance(129, 168), distance(358, 168)},
    Paired{"wing_to_lip", distance(129, 40), distance(358, 270)},
    Paired{"wing", height(129, 1), height(358, 1)},
    Paired{"cheek", height(50, 1), height(280, 1)},
    Paired{"cheek", depth(50, 1), depth(280, 1)},
    Paired{"lower_cheek", depth(205, 1), depth(425, 1)},
    // mouth and jaw
    Paired{"corner_to_eye", distance(61, 33), distance(291, 263)},
    Paired{"corner_to_wing", distance(61, 129), distance(291, 358)},
    Paired{"corner_to_chin", distance(61, 152), distance(291, 152)},
    Paired{"corner_to_jaw", distance(61, 172), distance(291, 397)},
    Paired{"corner_to_fold", distance(61, 206), distance(291, 426)},
    Paired{"upper_lip_side", distance(61, 0), distance(291, 0)},
    Paired{"lower_lip_side", distance(61, 17), distance(291, 17)},
    Paired{"mouth_opening", distance(81, 178), distance(311, 402)},
    Paired{"corner_over_upper_lip", height(61, 13), height(291, 13)},
    Paired{"corner_over_lower_lip", height(61, 14), height(291, 14)},
    Paired{"corner_over_chin", height(61, 17), height(291, 17)},
    Paired{"lip_over_corner", height(40, 61), height(270, 291)},
    Paired{"corner_under_nose", height(61, 1), height(291, 1)},
    Paired{"corner", depth(61, 0), depth(291, 0)},
    Paired{"mouth_corner", angle(0, 61, 17), angle(0, 291, 17)},
    Paired{"inner_mouth_corner", angle(13, 78, 14), angle(13, 308, 14)},
    Paired{"corner_line", angle(129, 61, 152), angle(358, 291, 152)},
    Paired{"jaw", angle(234, 172, 152), angle(454, 397, 152)},
    Paired{"mouth_to_nose", angle(61, 1, 168), angle(291, 1, 168)},
};

constexpr std::size_t kActions = records::kBlendshapes;
static_assert(kCentral.size() + 3 * kPaired.size() + kActions == kLandmarkFeatures);

// The mesh in the canonical face's frame: x to the image's right, y up, z towards the viewer; the eyes'
// centres are 1 apart.
class FaceInFrame {
 public:
  // Rows of the transposed rotation of src/face/head_pose.cpp: R = R_y(yaw) · R_x(pitch) · R_z(−roll).
  explicit FaceInFrame(const records::FaceMesh& face) : face_(face) {
    constexpr double kRadians = std::numbers::pi / 180;
    const double yaw = static_cast<double>(face.pose.yaw_deg) * kRadians;
    const double pitch = static_cast<double>(face.pose.pitch_deg) * kRadians;
    const double roll = static_cast<double>(-face.pose.roll_deg) * kRadians;
    const double cy = std::cos(yaw), sy = std::sin(yaw), cp = std::cos(pitch), sp = std::sin(pitch),
                 cr = std::cos(roll), sr = std::sin(roll);
    rows_ = {Vector{cy * cr + sy * sp * sr, cp * sr, -sy * cr + cy * sp * sr},
             Vector{-cy * sr + sy * sp * cr, cp * cr, sy * sr + cy * sp * cr}, Vector{sy * cp, -sp, cy * cp}};
    const Vector right = middle(33, 133), left = middle(362, 263);
    scale_ = std::hypot(left.x - right.x, left.y - right.y, left.z - right.z);
  }

  [[nodiscard]] bool usable() const { return scale_ > 0 && std::isfinite(scale_); }

  [[nodiscard]] double measure(const Measure& what) const {
    const Vector from = between(what.b, what.a);
    switch (what.kind) {
      case Kind::distance:
        return std::hypot(from.x, from.y, from.z) / scale_;
      case Kind::height:
        return dot(rows_[1], from) / scale_;
      case Kind::depth:
        return dot(rows_[2], from) / scale_;
      case Kind::angle:
        break;
    }
    const Vector to = between(what.b, what.c);
    const double lengths = std::hypot(from.x, from.y, from.z) * std::hypot(to.x, to.y, to.z);
    return lengths > 0 ? std::acos(std::clamp(dot(from, to) / lengths, -1.0, 1.0)) : 0;
  }

 private:
  static double dot(const Vector& a, const Vector& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
  // Camera axes: y up and z towards the viewer, where the mesh has both the other way round.
  [[nodiscard]] Vector at(Index index) const {
    const records::Point3& point = face_.points[index];
    return {static_cast<double>(point.x), -static_cast<double>(point.y), -static_cast<double>(point.z)};
  }
  [[nodiscard]] Vector between(Index from, Index to) const {
    const Vector a = at(from), b = at(to);
    return {b.x - a.x, b.y - a.y, b.z - a.z};
  }
  [[nodiscard]] Vector middle(Index first, Index second) const {
    const Vector a = at(first), b = at(second);
    return {(a.x + b.x) / 2, (a.y + b.y) / 2, (a.z + b.z) / 2};
  }

  const records::FaceMesh& face_;
  std::array<Vector, 3> rows_{};
  double scale_ = 0;
};

std::string name_of(const Measure& measure, std::string_view name) {
  return std::string(kKindNames[static_cast<std::size_t>(measure.kind)]).append(".").append(name);
}

}  // namespace

const std::vector<std::string>& landmark_feature_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> made;
    made.reserve(kLandmarkFeatures);
    for (const Central& each : kCentral) made.push_back(name_of(each.measure, each.name));
    for (const Paired& each : kPaired) {
      for (const char* side : {".right", ".left", ".difference"})
        made.push_back(name_of(each.right, each.name) + side);
    }
    for (const std::string_view action : records::kBlendshapeNames)
      made.push_back("action." + std::string(action));
    return made;
  }();
  return names;
}

LandmarkFeatures landmark_features(const records::FaceMesh& face) {
  LandmarkFeatures features;
  features.fill(std::nanf(""));
  if (face.point_count < records::kMeshPointsFast) return features;
  const FaceInFrame mesh(face);
  if (!mesh.usable()) return features;
  auto next = features.begin();
  for (const Central& each : kCentral) *next++ = static_cast<float>(mesh.measure(each.measure));
  for (const Paired& each : kPaired) {
    const double right = mesh.measure(each.right), left = mesh.measure(each.left);
    for (const double value : {right, left, right - left}) *next++ = static_cast<float>(value);
  }
  if (face.has_blendshapes) std::ranges::copy(face.blendshapes, next);
  return features;
}

}  // namespace pyro::signals

#include "pyro/signals/landmark_features.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace {

using pyro::records::FaceMesh;
using pyro::signals::kLandmarkFeatures;
using pyro::signals::landmark_feature_names;
using pyro::signals::landmark_features;
using pyro::signals::LandmarkFeatures;

struct At {
  double x, y, z;
};

// A cloud of points without any symmetry, in the canonical frame (y up, z towards the viewer).
At cloud(std::size_t i) {
  const double t = static_cast<double>(i);
  return {60 * std::sin(1.7 * t), 80 * std::cos(2.3 * t), 30 * std::sin(0.9 * t + 1)};
}

struct Placed {
  double yaw_deg = 0, pitch_deg = 0, roll_deg = 0, scale = 1, x = 0, y = 0, z = 0;
};

// The cloud turned by R_y(yaw) · R_x(pitch) · R_z(−roll), as head_pose.cpp defines the angles, scaled and
// moved; in image axes (y down, z away from the viewer).
FaceMesh placed(const Placed& how) {
  FaceMesh face;
  face.point_count = pyro::records::kMeshPoints;
  face.pose.yaw_deg = static_cast<float>(how.yaw_deg);
  face.pose.pitch_deg = static_cast<float>(how.pitch_deg);
  face.pose.roll_deg = static_cast<float>(how.roll_deg);
  constexpr double kRadians = std::numbers::pi / 180;
  const double yaw = how.yaw_deg * kRadians, pitch = how.pitch_deg * kRadians,
               turn = -how.roll_deg * kRadians;
  for (std::size_t i = 0; i < face.points.size(); ++i) {
    At p = cloud(i);
    p = {p.x * std::cos(turn) - p.y * std::sin(turn), p.x * std::sin(turn) + p.y * std::cos(turn), p.z};
    p = {p.x, p.y * std::cos(pitch) - p.z * std::sin(pitch), p.y * std::sin(pitch) + p.z * std::cos(pitch)};
    p = {p.x * std::cos(yaw) + p.z * std::sin(yaw), p.y, -p.x * std::sin(yaw) + p.z * std::cos(yaw)};
    face.points[i] = {static_cast<float>(how.scale * p.x + how.x),
                      static_cast<float>(-how.scale * p.y + how.y),
                      static_cast<float>(-how.scale * p.z + how.z)};
  }
  face.has_blendshapes = true;
  face.blendshapes[25] = 0.75F;  // jawOpen
  return face;
}

float value_of(const LandmarkFeatures& features, const std::string& name) {
  const auto& names = landmark_feature_names();
  const auto found = std::find(names.begin(), names.end(), name);
  EXPECT_NE(found, names.end()) << name;
  return features.at(static_cast<std::size_t>(found - names.begin()));
}

// Eyes' centres at (±10, 0, 0) of the image about (100, 100), a mouth 30 wide and 20 below.
FaceMesh by_hand() {
  FaceMesh face;
  face.point_count = pyro::records::kMeshPointsFast;
  face.points.fill({100, 100, 0});
  face.points[33] = {86, 100, 0}, face.points[133] = {94, 100, 0};
  face.points[362] = {106, 100, 0}, face.points[263] = {114, 100, 0};
  face.points[61] = {85, 118, 0}, face.points[291] = {115, 120, 0};  // the right corner 2 px higher
  face.points[13] = {100, 120, 0}, face.points[14] = {100, 130, 0};
  face.points[0] = {100, 118, -5}, face.points[17] = {100, 135, 0};
  return face;
}

}  // namespace

TEST(LandmarkFeatures, NamesAreAsManyAndAllDiffer) {
  const auto& names = landmark_feature_names();
  EXPECT_EQ(names.size(), kLandmarkFeatures);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), kLandmarkFeatures);
  EXPECT_EQ(names.front(), "distance.mouth_width");
  EXPECT_EQ(names.back(), "action.noseSneerRight");
}

TEST(LandmarkFeatures, WorkedByHand) {
  const LandmarkFeatures features = landmark_features(by_hand());
  // Everything is divided by the 20 px between the eyes' centres.
  EXPECT_NEAR(value_of(features, "distance.mouth_width"), std::sqrt(30 * 30 + 2 * 2) / 20, 1e-6);
  EXPECT_NEAR(value_of(features, "distance.mouth_opening"), 0.5, 1e-6);
  EXPECT_NEAR(value_of(features, "distance.eye_width.right"), 0.4, 1e-6);
  EXPECT_NEAR(value_of(features, "height.corner_over_upper_lip.right"), 0.1, 1e-6);
  EXPECT_NEAR(value_of(features, "height.corner_over_upper_lip.left"), 0, 1e-6);
  EXPECT_NEAR(value_of(features, "height.corner_over_upper_lip.difference"), 0.1, 1e-6);
  // The mesh's z is smaller nearer to the camera: the upper lip stands 5 px before the nose.
  EXPECT_NEAR(value_of(features, "depth.upper_lip"), 0.25, 1e-6);
  // At (100, 135): directions (-15, -17) and (15, -15), the angle between them.
  EXPECT_NEAR(value_of(features, "angle.lower_lip"),
              std::acos((-15.0 * 15 + 17.0 * 15) / (std::hypot(15, 17) * std::hypot(15, 15))), 1e-6);
  // Two points that coincide have no direction.
  EXPECT_EQ(value_of(features, "angle.nose"), 0);
  EXPECT_TRUE(std::isnan(value_of(features, "action.jawOpen")));
  EXPECT_FLOAT_EQ(value_of(landmark_features(placed({})), "action.jawOpen"), 0.75F);
}

TEST(LandmarkFeatures, WithoutAMeshNothingIsKnown) {
  FaceMesh detector_only;
  FaceMesh collapsed = by_hand();
  collapsed.points.fill({5, 5, 0});
  for (const FaceMesh& face : {detector_only, collapsed}) {
    for (const float value : landmark_features(face)) EXPECT_TRUE(std::isnan(value));
  }
}

RC_GTEST_PROP(LandmarkFeatures, NeitherPlaceNorSizeNorTurnOfTheHeadMatters, ()) {
  const auto within = [](int low, int high) { return static_cast<double>(*rc::gen::inRange(low, high)); };
  Placed how;
  how.yaw_deg = within(-80, 80);
  how.pitch_deg = within(-80, 80);
  how.roll_deg = within(-170, 170);
  how.scale = within(1, 40) / 10;
  how.x = within(-500, 500), how.y = within(-500, 500), how.z = within(-50, 50);
  const LandmarkFeatures straight = landmark_features(placed({}));
  const LandmarkFeatures turned = landmark_features(placed(how));
  for (std::size_t i = 0; i < kLandmarkFeatures; ++i) {
    if (std::abs(straight[i] - turned[i]) > 2e-3F)
      RC_FAIL(landmark_feature_names()[i] + " is " + std::to_string(turned[i]) + " instead of " +
              std::to_string(straight[i]));
  }
}

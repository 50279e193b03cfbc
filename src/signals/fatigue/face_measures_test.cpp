#include "pyro/signals/face_measures.hpp"

#include <gtest/gtest.h>

#include "made_face.hpp"

namespace pyro::signals {
namespace {

TEST(FaceMeasures, EyeAspectRatioByHand) {
  records::FaceMesh face = made_face({});
  face.points[33] = {0, 0, 0};
  face.points[133] = {10, 0, 0};
  face.points[160] = {3, -2, 0};
  face.points[144] = {3, 2, 0};
  face.points[158] = {7, -1, 0};
  face.points[153] = {7, 1, 0};
  EXPECT_FLOAT_EQ(eye_aspect_ratio(face).right, (4.0f + 2.0f) / 20.0f);
}

TEST(FaceMeasures, MouthAspectRatioByHand) {
  records::FaceMesh face = made_face({});
  face.points[78] = {0, 0, 0};
  face.points[308] = {20, 0, 0};
  face.points[13] = {10, -3, 0};
  face.points[14] = {10, 3, 0};
  face.points[81] = {5, -2, 0};
  face.points[178] = {5, 2, 0};
  face.points[311] = {15, -1, 0};
  face.points[402] = {15, 1, 0};
  EXPECT_FLOAT_EQ(mouth_aspect_ratio(face), (6.0f + 4.0f + 2.0f) / 3.0f / 20.0f);
}

TEST(FaceMeasures, NeitherDistanceNorTurningChangesTheRatios) {
  for (const float size_px : {20.0f, 100.0f, 700.0f}) {
    for (const float turn_rad : {0.0f, 0.6f, -0.9f}) {
      const records::FaceMesh face = made_face(
          {.ear_right = 0.25f, .ear_left = 0.35f, .mar = 0.5f, .size_px = size_px, .turn_rad = turn_rad});
      EXPECT_NEAR(eye_aspect_ratio(face).right, 0.25f, 1e-5f);
      EXPECT_NEAR(eye_aspect_ratio(face).left, 0.35f, 1e-5f);
      EXPECT_NEAR(mouth_aspect_ratio(face), 0.5f, 1e-5f);
    }
  }
}

TEST(FaceMeasures, BlendshapesAreTakenFromTheirPlaces) {
  records::FaceMesh face = made_face({.blink = 0.0f});
  face.blendshapes[9] = 0.25f;   // eyeBlinkLeft
  face.blendshapes[10] = 0.75f;  // eyeBlinkRight
  face.blendshapes[36] = 0.4f;   // mouthPressLeft
  face.blendshapes[37] = 0.6f;   // mouthPressRight
  face.blendshapes[46] = 0.3f;   // mouthStretchLeft
  face.blendshapes[47] = 0.1f;   // mouthStretchRight
  EXPECT_FLOAT_EQ(eye_blink(face).left, 0.25f);
  EXPECT_FLOAT_EQ(eye_blink(face).right, 0.75f);
  EXPECT_FLOAT_EQ(mouth_tension(face), 0.5f);
}

TEST(FaceMeasures, WhatIsNotThereIsNotKnown) {
  records::FaceMesh face = made_face({});
  EXPECT_TRUE(std::isnan(eye_blink(face).right));
  EXPECT_TRUE(std::isnan(mouth_tension(face)));
  face.point_count = 0;
  EXPECT_TRUE(std::isnan(eye_aspect_ratio(face).right));
  EXPECT_TRUE(std::isnan(mouth_aspect_ratio(face)));
  EXPECT_FALSE(looks_like_yawn(face));
  records::FaceMesh flat;  // all points in one place
  flat.point_count = records::kMeshPoints;
  EXPECT_TRUE(std::isnan(eye_aspect_ratio(flat).left));
}

TEST(FaceMeasures, YawnInAStill) {
  EXPECT_FALSE(looks_like_yawn(made_face({.mar = 0.24f})));
  EXPECT_TRUE(looks_like_yawn(made_face({.mar = 0.26f})));
}

}  // namespace
}  // namespace pyro::signals

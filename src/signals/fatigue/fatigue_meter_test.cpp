#include "pyro/signals/fatigue_meter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "made_face.hpp"
#include "pyro/base/testing/allocations.hpp"

namespace pyro::signals {
namespace {

using FaceAt = std::function<MadeFace(double)>;

struct Played {
  records::FatigueCues last;
  int blink_frames = 0, nod_frames = 0, closed_frames = 0;
};

Played play(FatigueMeter& meter, double fps, double from_s, double to_s, const FaceAt& face_at) {
  Played played;
  for (int i = static_cast<int>(std::ceil(from_s * fps - 1e-9)); i / fps < to_s; ++i) {
    played.last = meter.update(Seconds{i / fps}, made_face(face_at(i / fps)));
    played.blink_frames += played.last.blink;
    played.nod_frames += played.last.nod;
    played.closed_frames += played.last.eyes_closed;
  }
  return played;
}

// 1 at the centre of a lid movement of this width at half height, 0 outside.
float bump(double t, double centre, double width) {
  const double x = std::abs(t - centre) / width;
  return x >= 1 ? 0 : static_cast<float>((1 + std::cos(std::numbers::pi * x)) / 2);
}

// Somebody tired: a blink every 2.937 s (0.2 s), every 10.351 s the eyes shut for 1.2 s, a yawn at 20 s, a
// nod at 40 s. No period is a whole number of frames, or one frame rate would always meet a blink at the same
// phase.
MadeFace tired(double t) {
  MadeFace face;
  const double in_blink = std::fmod(t, 2.937), in_ten = std::fmod(t, 10.351);
  float shut = bump(in_blink, 1.5, 0.2);
  if (in_ten > 4.03 && in_ten < 5.23) shut = 1;
  face.ear_right = face.ear_left = 0.30f - 0.25f * shut;
  face.blink = 0.05f + 0.60f * shut;
  if (t > 20 && t < 24) face.mar = 0.7f;
  face.pitch_deg = 4 + 18 * bump(t, 40, 0.5);
  return face;
}

TEST(FatigueMeter, FrameRatesAgree) {
  FatigueMeter dense;
  const records::FatigueCues truth = play(dense, 500, 0, 90, tired).last;
  EXPECT_GT(truth.perclos, 0.12);
  EXPECT_NEAR(truth.blinks, 31, 4);  // some of the thirty-one fall into a closure of 1.2 s
  for (const double fps : {10.0, 25.0, 60.0}) {
    FatigueMeter meter;
    const Played played = play(meter, fps, 0, 90, tired);
    EXPECT_EQ(played.last.yawns, 1) << fps;
    EXPECT_EQ(played.last.nods, 1) << fps;
    EXPECT_EQ(played.last.blinks, played.blink_frames) << fps;
    EXPECT_NEAR(played.last.blinks, truth.blinks, 1) << fps;
    EXPECT_NEAR(played.last.perclos, truth.perclos, 0.02) << fps;
    EXPECT_NEAR(played.last.blink_rate_per_min, truth.blink_rate_per_min, 1.1) << fps;
    EXPECT_NEAR(played.last.blink_duration_ms, truth.blink_duration_ms, 50) << fps;
  }
}

TEST(FatigueMeter, PerclosByHand) {
  FatigueMeter meter;  // 6 s of each minute shut
  const Played played = play(meter, 25, 0, 120, [](double t) {
    const bool shut = std::fmod(t, 20.0) >= 18;
    return MadeFace{.ear_right = shut ? 0.05f : 0.3f, .ear_left = shut ? 0.05f : 0.3f};
  });
  EXPECT_NEAR(played.last.perclos, 0.1, 0.002);
  EXPECT_EQ(played.last.blinks, 0);  // two seconds are no blink
  EXPECT_NEAR(played.closed_frames, 6 * 2 * 25, 3);
}

TEST(FatigueMeter, WithoutBlendshapesGeometryDecides) {
  FatigueMeter meter;
  const Played played = play(meter, 25, 0, 30, [](double t) {
    MadeFace face = tired(t);
    face.blink.reset();
    return face;
  });
  FatigueMeter both;
  EXPECT_EQ(played.last.blinks, play(both, 25, 0, 30, tired).last.blinks);
  EXPECT_TRUE(std::isnan(played.last.mouth_tension));
}

TEST(FatigueMeter, AGapIsNeitherOpenNorShut) {
  for (const bool shut : {false, true}) {
    FatigueMeter meter;
    play(meter, 25, 0, 20, [&](double) { return MadeFace{}; });
    play(meter, 25, 20, 25,
         [&](double) { return shut ? MadeFace{.ear_right = 0.05f, .ear_left = 0.05f} : MadeFace{}; });
    const float before = meter.gap(Seconds{25}).perclos;
    records::FatigueCues gap;
    for (int i = 1; i < 250; ++i) gap = meter.gap(Seconds{25 + i / 25.0});
    EXPECT_FLOAT_EQ(gap.perclos, before);
    EXPECT_NEAR(gap.perclos, shut ? 0.2 : 0, 0.003);
    EXPECT_TRUE(std::isnan(gap.eye_openness));
    EXPECT_TRUE(std::isnan(gap.mar));
    EXPECT_FALSE(gap.eyes_closed);
    // A minute later nothing is left to tell a share of.
    EXPECT_TRUE(std::isnan(meter.gap(Seconds{90}).perclos));
  }
}

TEST(FatigueMeter, NoBlinkIsMadeOfAGap) {
  FatigueMeter meter;
  const auto eyes = [](float ear) { return made_face({.ear_right = ear, .ear_left = ear}); };
  for (int i = 0; i < 50; ++i) meter.update(Seconds{i * 0.04}, eyes(0.3f));
  meter.update(Seconds{2.00}, eyes(0.05f));
  for (int i = 0; i < 15; ++i) meter.gap(Seconds{2.04 + i * 0.04});
  for (int i = 0; i < 25; ++i) EXPECT_FALSE(meter.update(Seconds{2.7 + i * 0.04}, eyes(0.3f)).blink);
}

TEST(FatigueMeter, FacesThatCannotBeReadAreGaps) {
  FatigueMeter meter;
  play(meter, 25, 0, 4, [](double) { return MadeFace{}; });
  records::FaceMesh blurred = made_face({.ear_right = 0.05f, .ear_left = 0.05f, .mar = 0.9f});
  blurred.quality.reason = records::GapReason::blurred;
  records::FaceMesh no_mesh = blurred;
  no_mesh.quality.reason = records::GapReason::none;
  no_mesh.point_count = 0;
  for (int i = 0; i < 100; ++i) {
    const records::FatigueCues cues = meter.update(Seconds{4 + i * 0.04}, i % 2 == 0 ? blurred : no_mesh);
    EXPECT_TRUE(std::isnan(cues.eye_openness));
    EXPECT_FALSE(cues.yawning);
    EXPECT_EQ(cues.perclos, 0);
  }
}

TEST(FatigueMeter, TimeThatDoesNotMoveOnChangesNothing) {
  FatigueMeter meter;
  const records::FatigueCues before = play(meter, 25, 0, 10, tired).last;
  for (const double time_s : {9.96, 5.0, -3.0}) {
    const records::FatigueCues cues =
        meter.update(Seconds{time_s}, made_face({.ear_right = 0.05f, .ear_left = 0.05f}));
    EXPECT_EQ(cues.blinks, before.blinks);
    EXPECT_FLOAT_EQ(cues.perclos, before.perclos);
    EXPECT_TRUE(std::isnan(cues.eye_openness));
  }
}

TEST(FatigueMeter, RatesAreKnownOnlyAfterAWhile) {
  FatigueMeter meter;
  EXPECT_TRUE(std::isnan(play(meter, 25, 0, 0.9, tired).last.perclos));
  const records::FatigueCues two_s = play(meter, 25, 0.9, 2, tired).last;
  EXPECT_FALSE(std::isnan(two_s.perclos));
  EXPECT_TRUE(std::isnan(two_s.blink_rate_per_min));
  EXPECT_FALSE(std::isnan(play(meter, 25, 2, 6, tired).last.blink_rate_per_min));
}

TEST(FatigueMeter, BlinkRateAndDurationByHand) {
  FatigueMeter meter;
  const records::FatigueCues cues =
      play(meter, 60, 0, 100, [](double t) {
        const float shut = bump(std::fmod(t, 5.0), 2.5, 0.2);
        return MadeFace{.ear_right = 0.3f - 0.25f * shut, .ear_left = 0.3f - 0.25f * shut};
      }).last;
  EXPECT_EQ(cues.blinks, 20);
  EXPECT_NEAR(cues.blink_rate_per_min, 12, 0.5);
  EXPECT_NEAR(cues.blink_duration_ms, 200, 8);  // the width at half height that bump() was asked for
}

TEST(FatigueMeter, TheNearEyeDecidesWhenTheHeadIsTurned) {
  FatigueMeter meter;
  const auto openness = [&](double time_s, float yaw_deg) {
    return meter
        .update(Seconds{time_s}, made_face({.ear_right = 0.30f, .ear_left = 0.05f, .yaw_deg = yaw_deg}))
        .eye_openness;
  };
  EXPECT_GT(openness(0.00, 40), 0.9f);  // turned to their left: the right eye is near
  EXPECT_LT(openness(0.04, -40), 0.1f);
  // 1.05 and −0.27 on the scale that is learned by then.
  EXPECT_NEAR(openness(0.08, 0), 0.39, 0.06);
}

TEST(FatigueMeter, CalibrationMakesANarrowEyeOpenFromTheStart) {
  const MadeFace narrow{.ear_right = 0.20f, .ear_left = 0.21f, .mar = 0.05f, .blink = 0.30f};
  FatigueMeter learning;
  play(learning, 25, 0, 10, [&](double) { return narrow; });
  const Result<FatigueCalibration> early = learning.calibration();
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code, ErrorCode::wrong_use);
  EXPECT_NE(early.error().message.find("20"), std::string::npos);
  play(learning, 25, 10, 25, [&](double) { return narrow; });
  const Result<FatigueCalibration> learned = learning.calibration();
  ASSERT_TRUE(learned);
  EXPECT_NEAR(learned->ear_open_right, 0.20f, 0.015f);
  EXPECT_NEAR(learned->ear_open_left, 0.21f, 0.015f);
  EXPECT_NEAR(learned->blink_open_left, 0.30f, 0.03f);
  EXPECT_NEAR(learned->mar_shut, 0.05f, 0.01f);
  FatigueMeter fresh({}, *learned);
  EXPECT_GT(fresh.update(Seconds{0}, made_face(narrow)).eye_openness, 0.9f);
  FatigueMeter unknown;
  EXPECT_LT(unknown.update(Seconds{0}, made_face(narrow)).eye_openness, 0.7f);
}

TEST(FatigueMeter, MouthOpennessByHand) {
  FatigueSettings settings;
  FatigueMeter meter(settings, FatigueCalibration{.mar_shut = 0.1f});
  const auto openness = [&](double time_s, float mar) {
    return meter.update(Seconds{time_s}, made_face({.mar = mar})).mouth_openness;
  };
  EXPECT_NEAR(openness(0.0, 0.05f), 0, 1e-5);
  EXPECT_NEAR(openness(0.1, 0.35f), 0.5, 1e-5);  // (0.35 − 0.1) / (0.6 − 0.1)
  EXPECT_NEAR(openness(0.2, 0.8f), 1, 1e-5);
}

TEST(FatigueMeter, AllocatesNothingPerFrame) {
  FatigueMeter meter;
  const records::FaceMesh open = made_face({.blink = 0.05f});
  const records::FaceMesh shut = made_face({.ear_right = 0.05f, .ear_left = 0.05f, .blink = 0.7f});
  allocations::start_counting();
  for (int i = 0; i < 20'000; ++i) {
    if (i % 1000 < 3) {
      meter.gap(Seconds{i * 0.04});
    } else {
      meter.update(Seconds{i * 0.04}, i % 75 < 4 ? shut : open);
    }
  }
  EXPECT_EQ(allocations::stop_counting(), 0);
}

}  // namespace
}  // namespace pyro::signals

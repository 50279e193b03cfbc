// The parts of the meter, each on its own.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "blink_detector.hpp"
#include "closure_window.hpp"
#include "eye_openness.hpp"
#include "nod_detector.hpp"
#include "resting_level.hpp"
#include "yawn_detector.hpp"

namespace pyro::signals {
namespace {

constexpr float kNan = records::kNoValue;

TEST(RestingLevel, PriorUntilSomethingWasSeenThenAPercentile) {
  RestingLevel level({.low = 0,
                      .high = 1,
                      .level = 0.5f,
                      .worth = Seconds{2},
                      .quantile = 0.75f,
                      .half_life = Seconds{300}});
  EXPECT_FLOAT_EQ(level.level(), 0.5f);
  for (int i = 0; i < 1000; ++i) level.add(static_cast<float>(i % 10) / 10 + 0.005f, Seconds{0.02});
  // Three quarters of 0.005, 0.105, … 0.905 lie at or below 0.705; 20 s seen against 2 s assumed.
  EXPECT_NEAR(level.level(), (0.705f * 20 + 0.5f * 2) / 22, 0.01f);
  level.add(1.0f, Seconds{100});
  level.add(-0.1f, Seconds{100});
  level.add(kNan, Seconds{100});
  EXPECT_NEAR(level.seen().count(), 20, 0.5);
}

TEST(RestingLevel, TheFrameRateDoesNotMatter) {
  const auto after = [](double step_s) {
    RestingLevel level({.low = 0,
                        .high = 1,
                        .level = 0.3f,
                        .worth = Seconds{2},
                        .quantile = 0.8f,
                        .half_life = Seconds{300}});
    for (int i = 0; i * step_s < 30; ++i)
      level.add(0.5f + 0.2f * std::sin(static_cast<float>(i * step_s)), Seconds{step_s});
    return level.level();
  };
  EXPECT_NEAR(after(0.1), after(1.0 / 60), 0.005f);
}

TEST(ClosureWindow, ShareOfTheLastMinute) {
  ClosureWindow window;
  for (int i = 0; i < 1000; ++i) {  // 100 s in steps of 0.1 s, the first 50 s shut
    window.advance(Seconds{(i + 1) * 0.1});
    window.add(Seconds{i * 0.1}, Seconds{(i + 1) * 0.1}, i < 500);
  }
  EXPECT_NEAR(window.seen().count(), 60, 0.1001);
  EXPECT_NEAR(window.shut_share(), 10.0 / 60, 0.002);
  window.add_blink(Seconds{99.5});
  EXPECT_EQ(window.blinks(), 1);
  window.advance(Seconds{159.4});
  EXPECT_EQ(window.blinks(), 1);
  window.advance(Seconds{159.61});
  EXPECT_EQ(window.blinks(), 0);
  window.advance(Seconds{1e6});
  EXPECT_EQ(window.seen().count(), 0);
  EXPECT_EQ(window.shut_share(), 0);
}

TEST(ClosureWindow, SumsDoNotDrift) {
  ClosureWindow window;
  double last_s = 0;
  for (int i = 1; i < 200'000; ++i) {
    const double now_s = i / 59.94;
    window.advance(Seconds{now_s});
    window.add(Seconds{last_s}, Seconds{now_s}, (i / 60) % 4 == 0);
    last_s = now_s;
  }
  EXPECT_NEAR(window.seen().count(), 60, 0.11);
  EXPECT_NEAR(window.shut_share(), 0.25, 0.01);
  window.advance(Seconds{last_s + 61});
  EXPECT_EQ(window.seen().count(), 0);
}

// Openness of a raised-cosine blink of full width `width` about `centre`.
float dip(double t, double centre, double width, float depth = 1) {
  const double x = std::abs(t - centre) / width;
  return x >= 1 ? 0 : depth * static_cast<float>((1 + std::cos(std::numbers::pi * x)) / 2);
}

TEST(BlinkDetector, TimesBetweenFrames) {
  BlinkDetector detector{BlinkSettings{}};
  std::optional<Blink> seen;
  for (int i = 0; i < 60; ++i) {
    const double t = i / 30.0;
    if (const auto blink = detector.update(Seconds{t}, 1 - dip(t, 1.01, 0.15))) seen = blink;
  }
  ASSERT_TRUE(seen);
  EXPECT_NEAR(seen->begin.count(), 1.01 - 0.075, 0.008);
  EXPECT_NEAR(seen->end.count(), 1.01 + 0.075, 0.008);
}

int count_blinks(double fps, double seconds, auto openness) {
  BlinkDetector detector{BlinkSettings{}};
  int blinks = 0;
  for (int i = 0; i / fps < seconds; ++i) {
    if (detector.update(Seconds{i / fps}, openness(i / fps))) ++blinks;
  }
  return blinks;
}

TEST(BlinkDetector, WhatIsABlinkAndWhatIsNot) {
  for (const double fps : {10.0, 25.0, 60.0, 240.0, 1000.0}) {
    EXPECT_EQ(count_blinks(fps, 10, [](double) { return 1.0f; }), 0) << fps;
    EXPECT_EQ(count_blinks(fps, 10, [](double t) { return 1 - dip(std::fmod(t, 2.0), 1.0, 0.2); }), 5) << fps;
    // Shut for a second, and half shut for good: no blinks.
    EXPECT_EQ(count_blinks(fps, 10, [](double t) { return t > 3 && t < 4 ? 0.0f : 1.0f; }), 0) << fps;
    EXPECT_EQ(count_blinks(fps, 10, [](double t) { return t > 3 ? 0.5f : 1.0f; }), 0) << fps;
    // A blink out of a squint counts, a tremble of the lids does not.
    EXPECT_EQ(count_blinks(fps, 10, [](double t) { return 0.6f - dip(t, 5, 0.2, 0.55f); }), 1) << fps;
    EXPECT_EQ(count_blinks(fps, 10, [](double t) { return 1 - dip(std::fmod(t, 1.0), 0.5, 0.2, 0.4f); }), 0)
        << fps;
    // Two, with the lids only half raised between them.
    EXPECT_EQ(count_blinks(
                  fps, 10,
                  [](double t) {
                    return 1 - std::max({dip(t, 5, 0.2), dip(t, 5.4, 0.2), t > 5 && t < 5.4 ? 0.4f : 0.0f});
                  }),
              2)
        << fps;
  }
}

TEST(BlinkDetector, NothingIsJoinedAcrossAReset) {
  BlinkDetector detector{BlinkSettings{}};
  EXPECT_FALSE(detector.update(Seconds{0}, 1));
  EXPECT_FALSE(detector.update(Seconds{0.04}, 0));
  detector.reset();
  EXPECT_FALSE(detector.update(Seconds{0.5}, 1));
  EXPECT_FALSE(detector.update(Seconds{0.54}, 1));
}

TEST(YawnDetector, LongAndWideOnlyAndOnce) {
  for (const double fps : {10.0, 25.0, 60.0}) {
    YawnDetector detector{YawnSettings{}};
    int yawns = 0;
    const auto play = [&](double from, double to, float mar) {
      for (int i = static_cast<int>(std::ceil(from * fps)); i < to * fps; ++i) {
        if (detector.update(Seconds{i / fps}, mar)) ++yawns;
      }
    };
    play(0, 1, 0.02f);
    play(1, 2.8, 0.8f);  // a long vowel
    play(2.8, 3, 0.1f);
    EXPECT_EQ(yawns, 0) << fps;
    play(3, 5.2, 0.7f);
    EXPECT_TRUE(detector.yawning());
    play(5.2, 5.6, 0.35f);  // closing
    play(5.6, 7, 0.7f);
    EXPECT_EQ(yawns, 1) << fps;
    play(7, 12, 0.28f);  // a laugh
    EXPECT_FALSE(detector.yawning());
    EXPECT_EQ(yawns, 1) << fps;
  }
}

TEST(NodDetector, DownAndBackInTime) {
  for (const double fps : {10.0, 25.0, 60.0}) {
    NodDetector detector{NodSettings{}};
    int nods = 0;
    for (int i = 0; i / fps < 35; ++i) {
      const double t = i / fps;
      float pitch_deg = 5 + 15 * dip(t, 5, 0.6);  // a nod
      pitch_deg += 6 * dip(t, 10, 0.6);           // too small
      if (t > 15 && t < 25) pitch_deg += 20;      // looks down for ten seconds
      const float yaw_deg = 40 * dip(t, 28, 0.5);
      pitch_deg += 15 * dip(t, 28, 0.5);  // looks away and back
      if (detector.update(Seconds{t}, pitch_deg, yaw_deg)) ++nods;
      const bool after_the_nod = t > 7 && t < 8;
      EXPECT_TRUE(!after_the_nod || nods == 1) << fps;
    }
    EXPECT_EQ(nods, 1) << fps;
  }
}

TEST(EyeOpenness, ScalesByHand) {
  EyeSettings settings;
  settings.signal = EyeSignal::geometry;
  const EyeOpenness geometry(settings, 0.40f, 0.10f);
  EXPECT_NEAR(geometry.openness(0.40f, kNan), 1, 1e-6);
  EXPECT_NEAR(geometry.openness(0.14f, 0.9f), 0, 1e-6);  // 0.35 × 0.40
  EXPECT_NEAR(geometry.openness(0.27f, 0.9f), (0.27 - 0.14) / 0.26, 1e-6);
  settings.signal = EyeSignal::blendshapes;
  const EyeOpenness blendshapes(settings, 0.40f, 0.10f);
  EXPECT_NEAR(blendshapes.openness(0.40f, 0.275f), 0.5, 1e-6);  // half of 0.10..0.45
  EXPECT_NEAR(blendshapes.openness(0.40f, kNan), 1, 1e-6);      // nothing else to go by
  settings.signal = EyeSignal::both;
  EXPECT_NEAR(EyeOpenness(settings, 0.40f, 0.10f).openness(0.40f, 0.275f), 0.75, 1e-6);
  EXPECT_NEAR(EyeOpenness(settings, 0.40f, 0.10f).openness(1.0f, 0.0f), 1.2, 1e-6);
  EXPECT_TRUE(std::isnan(EyeOpenness(settings, 0.40f, 0.10f).openness(kNan, kNan)));
}

TEST(EyeOpenness, LearnsNarrowAndWideEyes) {
  for (const float open : {0.20f, 0.30f, 0.45f}) {
    EyeOpenness eye(EyeSettings{}, kNan, kNan);
    for (int i = 0; i < 1500; ++i) {  // a minute at 25 frames/s, a blink every 4 s
      eye.learn(i % 100 < 5 ? 0.06f : open, kNan, Seconds{0.04});
    }
    EXPECT_NEAR(eye.openness(open, kNan), 1, 0.06) << open;
  }
}

TEST(EyeOpenness, EyesShutFromTheStartDoNotCountAsOpen) {
  EyeOpenness eye(EyeSettings{}, kNan, kNan);
  for (int i = 0; i < 1500; ++i) eye.learn(0.06f, 0.7f, Seconds{0.04});
  EXPECT_LT(eye.openness(0.06f, 0.7f), 0.05);
}

}  // namespace
}  // namespace pyro::signals

#include "pyro/study/import.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pyro/study/aggregate.hpp"
#include "pyro/study/seconds.hpp"
#include "test_runs.hpp"

namespace pyro::study {
namespace {

using testing::HasSubstr;

ImportOptions options_for(Layout layout) {
  ImportOptions options;
  options.layout = layout;
  options.fps = 10;
  options.start = kRunStart;
  return options;
}

TEST(Import, OpenFaceGivesCuesAndNoScore) {
  const TestFolder folder;
  std::string text =
      "frame, face_id, timestamp, confidence, success, pose_Rx, pose_Ry, pose_Rz, AU45_r, AU45_c\n";
  for (int i = 0; i < 100; ++i) {
    const bool shut = i % 25 >= 20 && i % 25 < 23;  // 4 blinks of 0.12 s
    char line[128];
    std::snprintf(line, sizeof line, "%d, 0, %.3f, 0.98, 1, 0.1, 0.2, -0.05, %s, %d\n", i + 1, i * 0.04,
                  shut ? "4.5" : "0.5", shut ? 1 : 0);
    text += line;
  }
  text += "101, 0, 4.0, 0.1, 0, 0, 0, 0, 0, 0\n";
  const auto done = import_run(folder.write("of.csv", text), folder / "run", options_for(Layout::openface2));
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_FALSE(done->scored);
  EXPECT_EQ(done->valid, 100);
  EXPECT_THAT(done->notes.front(), HasSubstr("no expression probabilities"));
  const auto session = read_session({folder / "run", {}, {}}, {});
  ASSERT_TRUE(session) << session.error().text();
  const SessionAggregate all = aggregate(*session, {});
  EXPECT_EQ(all.scored, 0);
  EXPECT_TRUE(std::isnan(all.score));
  EXPECT_TRUE(std::isnan(all.signals[0].mean)) << "a probability that nobody measured";
  EXPECT_EQ(session->facts.blinks, 4);
  EXPECT_NEAR(all.signals[cue("eyes_closed")].mean, 0.12, 1e-6);
  EXPECT_NEAR(all.signals[cue("pitch_deg")].mean, 5.7296, 1e-3);
  EXPECT_NEAR(all.signals[cue("yaw_deg")].mean, -11.459, 1e-3);
  EXPECT_EQ(session->facts.start, kRunStart);
}

TEST(Import, PyfeatInEitherOfItsWords) {
  const TestFolder folder;
  for (const char* names : {"anger,disgust,fear,happiness,sadness,surprise,neutral",
                            "Anger,Disgust,Fear,Happy,Sad,Surprise,Neutral"}) {
    std::string text =
        "frame,FaceRectX,FaceRectY,FaceRectWidth,FaceRectHeight,FaceScore,Pitch,Roll,Yaw,AU43," +
        std::string{names} + ",input\n";
    for (int i = 0; i < 20; ++i)
      text += std::to_string(i) + ".0,10,10,80,80,0.99,1,2,3,0.1,0.1,0.05,0.15,0.2,0.25,0.05,0.2,a.mp4\n";
    text += "20.0,,,,,,,,,,,,,,,,,a.mp4\n";
    const auto done = import_run(folder.write("pf.csv", text), folder / "run", options_for(Layout::pyfeat));
    ASSERT_TRUE(done) << done.error().text();
    EXPECT_TRUE(done->scored);
    EXPECT_EQ(done->valid, 20);
    const auto session = read_session({folder / "run", {}, {}}, {});
    ASSERT_TRUE(session);
    EXPECT_NEAR(aggregate(*session, {}).score, 0.35, 1e-6);  // the example of docs/formats.md
    EXPECT_NEAR(aggregate(*session, {}).signals[4].mean, 0.25, 1e-6);
    EXPECT_NEAR(session->facts.duration_s, 2, 1e-9);
  }
}

TEST(Import, WhatCannotBeMeantIsAnError) {
  const TestFolder folder;
  const auto error = [&](const std::string& text, Layout layout) {
    const auto done = import_run(folder.write("x.csv", text), folder / "run", options_for(layout));
    return done ? "no error" : done.error().message;
  };
  const std::string head = "frame,anger,disgust,fear,happiness,sadness,surprise,neutral\n";
  EXPECT_THAT(error(head + "0,0.9,0.9,0,0,0,0,0\n", Layout::pyfeat), HasSubstr("sum to 1"));
  EXPECT_THAT(error(head + "0,1,0,0,0,0,0,\n", Layout::pyfeat), HasSubstr("some are empty"));
  EXPECT_THAT(error(head + "0,1,0,0,0,0,0,0\n0,1,0,0,0,0,0,0\n", Layout::pyfeat), HasSubstr("several faces"));
  EXPECT_THAT(error(head + "0,x,0,0,0,0,0,0\n", Layout::pyfeat), HasSubstr("column anger"));
  EXPECT_THAT(error(head + "5,1,0,0,0,0,0,0\n4,1,0,0,0,0,0,0\n", Layout::pyfeat),
              HasSubstr("time goes back"));
  EXPECT_THAT(error(head, Layout::pyfeat), HasSubstr("no rows"));
  EXPECT_THAT(error(head + "0,1,0,0,0,0,0,0\n", Layout::openface2), HasSubstr("no column \"timestamp\""));
  ImportOptions without = options_for(Layout::pyfeat);
  without.fps.reset();
  EXPECT_EQ(import_run(folder / "x.csv", folder / "run", without).error().code, ErrorCode::wrong_use);
}

}  // namespace
}  // namespace pyro::study

#include "pyro/forecast/simulator.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

namespace pyro::forecast {
namespace {

TEST(Simulator, TheSameSeedGivesTheSamePeople) {
  SimulatorSettings settings;
  settings.session_s = 60;
  settings.sessions = 2;
  const auto one = simulate_person(settings, 3, 4), same = simulate_person(settings, 3, 4),
             other = simulate_person(settings, 3, 5);
  ASSERT_EQ(one.size(), 2U);
  EXPECT_EQ(one[1].frames[99].p, same[1].frames[99].p);
  EXPECT_NE(one[1].frames[99].p, other[1].frames[99].p);
  EXPECT_EQ(one[0].name, "p005/s1");
}

TEST(Simulator, ProbabilitiesSumTo1AndCuesStayInRange) {
  SimulatorSettings settings;
  settings.session_s = 300;
  for (const SimulatedSession& session : simulate_person(settings, 1, 0)) {
    for (const SimulatedFrame& frame : session.frames) {
      double sum = 0;
      for (const double p : frame.p) sum += p;
      EXPECT_NEAR(sum, 1, 1e-12);
      for (const float cue : {frame.eye_openness, frame.mouth_openness, frame.perclos}) {
        EXPECT_GE(cue, 0);
        EXPECT_LE(cue, 1);
      }
    }
  }
}

// What was asked for is what comes out.
TEST(Simulator, GapsAsSet) {
  SimulatorSettings settings;
  settings.session_s = 36000;
  settings.sessions = 1;
  settings.away_share = 0;
  settings.gap_spread = 0;
  settings.gap_s = 10;
  settings.seen_s = 30;
  const auto session = simulate_person(settings, 2, 0);
  double seen = 0;
  for (const SimulatedFrame& frame : session[0].frames) seen += frame.valid ? 1 : 0;
  EXPECT_NEAR(seen / static_cast<double>(session[0].frames.size()), 0.75, 0.03);
}

TEST(Simulator, EveryParameterIsNamedAndInRange) {
  const SimulatorSettings settings;
  EXPECT_EQ(simulator_parameters().size() * sizeof(double), sizeof settings);
  for (const SimulatorParameter& parameter : simulator_parameters()) {
    EXPECT_GE(settings.*parameter.value, parameter.least) << parameter.name;
    EXPECT_LE(settings.*parameter.value, parameter.most) << parameter.name;
  }
}

TEST(Simulator, ItsTableStandsInTheDocs) {
  std::ifstream file(std::string(PYRO_SOURCE_DIR) + "/docs/forecast.md");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const SimulatorSettings settings;
  for (const SimulatorParameter& parameter : simulator_parameters()) {
    char value[32];
    std::snprintf(value, sizeof value, "%g", settings.*parameter.value);
    const std::string row = "| `" + std::string(parameter.name) + "` | " + value + " | " +
                            std::string(parameter.unit) + " | " + std::string(parameter.what) + " |";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

TEST(Simulator, WhatItWritesCanBeReadAgain) {
  SimulatorSettings settings;
  settings.session_s = 60;
  settings.sessions = 1;
  const auto folder =
      std::filesystem::temp_directory_path() / ("pyro_simulated_" + std::to_string(::getpid()));
  for (const SimulatedSession& session : simulate_person(settings, 1, 0))
    ASSERT_TRUE(write_simulated(session, folder, {}));
  const auto read = read_folder(folder, kStep, {});
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(read) << read.error().text();
  const auto made = simulated_series(settings, 1, 1, kStep, {});
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ((*read)[0].person, "p001");
  ASSERT_EQ((*read)[0].steps.size(), made[0].steps.size());
  for (std::size_t t = 0; t < made[0].steps.size(); ++t) {
    EXPECT_EQ((*read)[0].steps[t].seen, made[0].steps[t].seen);
    if (!made[0].steps[t].seen) continue;
    EXPECT_NEAR((*read)[0].steps[t].score, made[0].steps[t].score, 1e-6);
  }
}

}  // namespace
}  // namespace pyro::forecast

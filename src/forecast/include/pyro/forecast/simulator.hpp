// Simulated people and sessions, for want of months of recordings: what the networks of docs/forecast.md
// learnt from. Whatever was found on them says so. No person's data went into it; where a parameter was set
// beside real clips or after published figures, its reason says that.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/forecast/series.hpp"

namespace pyro::forecast {

// A frame's seven probabilities are softmax(u), with u = the person's own rest + the situation's shift +
// moment + valence × (happy +1, the four strained ones −½) + tiredness × (sad, neutral +½); the camera adds
// noise to u and makes gaps. valence = mood + time of day + weekend − strain. Moment, mood and strain are
// Ornstein–Uhlenbeck processes (a random walk that is drawn back: deviation and time constant), situations
// follow each other like a Markov chain.
struct SimulatorSettings {
  double frame_rate_hz = 5;
  double session_s = 1200;
  double sessions = 6;
  double days_between = 3.5, regular_share = 0;

  double rest_deviation = 0.8;
  double moment_deviation = 0.7, moment_s = 2.5;
  double mood_deviation = 0.6, mood_s = 240;
  double situation_s = 45;
  double situation_strength = 1;

  double strain_deviation = 0.5, strain_days = 14;
  double strain_trend_per_month = 0.2;
  double day_amplitude = 0.3, day_peak_h = 14;
  double weekend_lift = 0.2;

  double tired_deviation = 0.5, tired_s = 600;
  double blinks_per_min = 17, blinks_speaking_per_min = 26;
  double blink_s = 0.2;
  double long_closure_share = 0.02, long_closure_s = 1.2;

  double noise_deviation = 0.5;
  double light_deviation = 0.3, light_s = 30;
  double seen_s = 40;
  double gap_s = 1, gap_spread = 1;
  double away_share = 0.03, away_s = 30;
};

struct SimulatorParameter {
  std::string_view name;
  double SimulatorSettings::*value;
  double least, most;
  std::string_view unit;
  std::string_view what;  // meaning, and why this default
};
// All of them, in order: the flags, the JSON and the table in docs/forecast.md are made from this list.
[[nodiscard]] std::span<const SimulatorParameter> simulator_parameters();

enum class Situation : std::uint8_t { rest, speaking, pleasant, straining };

struct SimulatedFrame {
  double time_s = 0;
  bool valid = false;
  score::Probabilities p{};
  float eye_openness = 0, mouth_openness = 0, perclos = 0;
  score::Probabilities true_p{};  // without the camera's part
  Situation situation = Situation::rest;
};

struct SimulatedSession {
  std::string person, name;  // "p007", "p007/s3"
  double start_day = 0;      // since a Monday, 0:00
  double strain = 0;         // the slow strain of that day, log-odds
  std::vector<SimulatedFrame> frames;
};

// A pure function of its arguments: the same on every machine but for rounding in exp and log. None of its
// sessions begins on `until_day` or later.
[[nodiscard]] std::vector<SimulatedSession> simulate_person(
    const SimulatorSettings& settings, std::uint64_t seed, std::size_t person,
    double until_day = std::numeric_limits<double>::infinity());
// Persons 0 .. people − 1 as series, with the truth: the mean of S_t of true_p over each step.
[[nodiscard]] std::vector<Series> simulated_series(const SimulatorSettings& settings, std::uint64_t seed,
                                                   std::size_t people, Seconds step,
                                                   const score::ScoreSettings& score);
// `folder`/p007/s3/frames.csv with the columns that docs/formats.md names as the least, and true_score.
[[nodiscard]] Status write_simulated(const SimulatedSession& session, const std::filesystem::path& folder,
                                     const score::ScoreSettings& score);

}  // namespace pyro::forecast

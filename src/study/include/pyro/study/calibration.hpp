// What is usual for one person, from few of their own seconds and from everybody else's.
//
// A session's mean of a measure is y = mu + a + b + e: the population's mean, what this person is off it
// (variance tau^2), what this session is off the person (omega^2), and what the mean of autocorrelated
// seconds is off the session (sigma^2 T / n, T the autocorrelation time). Given the variances, the best guess
// of mu + a from a person's own mean m with error variance s^2 is mu + B (m - mu), B = tau^2 / (tau^2 + s^2):
// own data counts as much as there is of it (James & Stein 1961; Efron & Morris 1975). The variances are
// found by moments: omega^2 from sessions within persons, tau^2 and mu as in a random-effects mean
// (DerSimonian & Laird 1986). What is expected of a new session then has the variance B s^2 + (1 - B)^2
// var(mu) + omega^2 (Morris 1983 for the middle term).
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "pyro/study/library.hpp"

namespace pyro::study {

// One session's mean of a measure, and how far it may be off what the session would come to.
struct SessionMean {
  double mean = 0;
  double error_variance = 0;  // sigma^2 T / n; not a number where there is too little
  std::int64_t seconds = 0;
  double variance = 0, time = 1;  // sigma^2 and T as this session alone shows them
};
// Of the first `seconds` seconds with a value, all of them where 0. `offset` leaves out as many before.
[[nodiscard]] SessionMean session_mean(const std::vector<double>& values, std::size_t seconds = 0,
                                       std::size_t offset = 0);

using PersonMeans = std::vector<SessionMean>;  // a person's sessions

struct Population {
  std::size_t persons = 0, sessions = 0;
  double mean = 0, mean_variance = 0;
  double between = 0;  // tau^2
  double within = 0;   // omega^2
  // Means over the sessions: a baseline of seconds cannot show by itself how long a mood lasts, so its error
  // is at least what these say for its length.
  double variance = 0, time = 1;
  bool within_known = false;  // somebody has two sessions; else `within` is 0 and intervals are too narrow
};
// Needs kLeastPersons; fewer give persons < kLeastPersons and nothing else.
[[nodiscard]] Population population_of(const std::vector<PersonMeans>& persons);
inline constexpr std::size_t kLeastPersons = 3;

inline constexpr double kNormal95 = 1.959964;
struct PersonalLevel {
  double own_mean = 0, own_variance = 0;  // s^2
  double weight = 0;                      // B: how much the own mean counts
  double level = 0;                       // the shrunk mean
  double session_deviation = 0;           // of what a new session comes to about it
  // Of a session that is short: its mean may be off what it would come to by `error_variance`.
  [[nodiscard]] double z(double session, double error_variance = 0) const {
    return (session - level) / std::sqrt(session_deviation * session_deviation + error_variance);
  }
  // 95 % of long sessions lie within.
  [[nodiscard]] double low() const { return level - kNormal95 * session_deviation; }
  [[nodiscard]] double high() const { return level + kNormal95 * session_deviation; }
};
[[nodiscard]] PersonalLevel personal_level(const PersonMeans& baseline, const Population& population);

// The measures that are calibrated: S, the seven, eye openness, mouth openness, eyes closed.
inline constexpr std::size_t kMeasures = 1 + records::kClasses + 3;
[[nodiscard]] std::string measure_name(std::size_t measure);
[[nodiscard]] std::vector<double> measure_series(const SessionSeconds& session, std::size_t measure);

struct CalibratedPerson {
  std::string person;
  std::size_t baseline_sessions = 0;
  std::int64_t baseline_seconds = 0;
  std::array<PersonalLevel, kMeasures> levels{};
  // Sessions that the baseline was not taken from, with their z of S.
  std::vector<std::pair<std::string, double>> sessions;
};
struct Calibration {
  std::array<Population, kMeasures> population{};
  std::vector<CalibratedPerson> persons;
};
// A person's baseline: their sessions that were added as such, else their first. `baseline_s`: only its first
// seconds; 0: all of it. Errors: those of read_seconds; bad_input, fewer than kLeastPersons with a score.
[[nodiscard]] Result<Calibration> calibrate(const Study& study, double baseline_s);

// How far a person's held-out session means lie from what was predicted, by each way of predicting.
struct HeldOutRow {
  double baseline_s = 0;
  std::size_t persons = 0, sessions = 0;
  double population = 0, own = 0, shrunk = 0;  // root mean squared errors of S, each person weighing the same
  double own_low = 0, own_high = 0;            // 95 %: own less shrunk, bootstrap by person
  double weight = 0;                           // mean B
  double covered = 0;                          // share of held-out sessions within the expected 95 %
};
struct HeldOut {
  bool across_sessions = false;  // else: the rest of the same session, as nobody has two
  bool simulated = false;
  std::vector<HeldOutRow> rows;
};
// The population is always that of the other persons. Errors as calibrate.
[[nodiscard]] Result<HeldOut> held_out(const Study& study, const std::vector<double>& baselines_s,
                                       std::uint64_t seed);

}  // namespace pyro::study

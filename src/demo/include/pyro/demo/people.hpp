// People of a demonstration: weeks of sessions, topics, notes and questionnaires, made by the simulator of
// pyro/forecast/simulator.hpp and by nobody's data. Whatever is shown of them says that they are simulated.
//
// The same settings and definitions give the same people, but for rounding in exp and log.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/forecast/simulator.hpp"
#include "pyro/records/observation.hpp"
#include "pyro/score/settings.hpp"
#include "pyro/surveys/instrument.hpp"

namespace pyro::demo {

struct DemoSettings {
  std::uint64_t seed = 1;
  std::size_t people = 24;
  int weeks = 9;          // whole ones, from a Monday on, and the present one besides
  int kept_sessions = 2;  // of each person: the newest, of which every frame is kept
  UtcTime now{};          // nothing lies behind it
};
// Two or three sessions of four minutes a week, ten frames a second; strain that rises or falls in some.
[[nodiscard]] forecast::SimulatorSettings simulator_settings();

struct Topic {
  std::string word;
  UtcTime from{}, until{};
};
struct DemoSession {
  UtcTime started{}, ended{};
  std::vector<forecast::SimulatedFrame> frames;
  bool kept = false;  // frame by frame; else its figures alone
  std::vector<Topic> topics;
  std::string note;  // empty: none
};
struct DemoAnswers {
  const surveys::Instrument* instrument = nullptr;
  UtcTime taken{};
  std::vector<int> answers;  // as given, not reversed
};
struct DemoFacts {
  std::string pseudonym, name;  // "DEMO-01", "Demo 01"
  int birth_year = 0;
};
struct DemoPerson {
  std::vector<DemoSession> sessions;  // in order of time
  std::vector<DemoAnswers> answers;   // in order of time
};
// Of person `number`, from 0.
[[nodiscard]] DemoFacts facts_of(const DemoSettings& settings, std::size_t number);
// The Monday on which all begins, 0:00 UTC.
[[nodiscard]] UtcTime first_day(const DemoSettings& settings);
// Of the questionnaires those that a demonstration has: the check-in each week, PSS-4 and WHO-5 every four.
// They must outlive what is given back.
[[nodiscard]] DemoPerson make_person(const DemoSettings& settings, std::size_t number,
                                     std::span<const surveys::Instrument> instruments);

// A session's frames as they would have come from a camera, in order, each with its score. Of a face's place
// there is a box that never moves; pose, quality and mesh are not simulated.
void play(const DemoSession& session, const score::ScoreSettings& settings,
          const std::function<void(const records::Observation&)>& take);

}  // namespace pyro::demo

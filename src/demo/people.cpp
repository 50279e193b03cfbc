#include "pyro/demo/people.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "pyro/forecast/draws.hpp"

namespace pyro::demo {
namespace {

using forecast::Draws;
using forecast::Situation;
using std::chrono::microseconds;

// Streams of random numbers beside the simulator's own, which counts people from 1.
constexpr std::uint64_t kAnswers = 0x100000, kWords = 0x200000, kFacts = 0x300000;

constexpr std::array<std::string_view, 6> kStraining{"night shifts", "staffing", "deadlines",
                                                     "paperwork",    "conflict", "being on call"};
constexpr std::array<std::string_view, 6> kPleasant{"family", "holiday", "colleagues",
                                                    "sport",  "music",   "garden"};
constexpr std::array<std::string_view, 6> kSpeaking{"sleep",    "plans",  "commute",
                                                    "training", "breaks", "diet"};

// From calm to strained; each is said of no more than what a talk might have been about.
constexpr std::array<std::string_view, 9> kNotes{
    "Describes a calm week. Sleep regular, breaks are kept. No change agreed.",
    "Back from days off, speaks of plans for the summer. Next talk as usual.",
    "Workload unchanged; reports good support in the team. Keeps to the two fixed breaks.",
    "Busy week with little time for breaks. Sleep mostly sufficient. To note working hours until the next "
    "talk.",
    "Reports that tasks of an absent colleague came on top. Will ask which of them can wait.",
    "Feels tired on two days of the week, otherwise as before. Evening routine discussed.",
    "Demands have grown over several weeks; falls asleep late. Will talk to the team lead about the rota.",
    "Finds it hard to switch off after work. One evening without the telephone agreed, to be looked at in "
    "two "
    "weeks.",
    "Describes little recovery over the weekend. Appointment with the occupational physician suggested."};

constexpr microseconds kDay{86'400'000'000};

microseconds of_days(double days) {
  return microseconds{std::llround(days * static_cast<double>(kDay.count()))};
}
microseconds of_seconds(double seconds) {
  return microseconds{std::llround(seconds * 1e6)};
}

std::string_view word_of(Situation situation, std::size_t which) {
  switch (situation) {
    case Situation::straining:
      return kStraining[which % kStraining.size()];
    case Situation::pleasant:
      return kPleasant[which % kPleasant.size()];
    case Situation::speaking:
      return kSpeaking[which % kSpeaking.size()];
    case Situation::rest:
      break;
  }
  return {};
}

// What was talked about while a situation lasted; each person keeps coming back to two subjects of a kind.
void add_topics(DemoSession& session, std::size_t person, Draws& draws) {
  constexpr double kLeast_s = 12;
  constexpr std::size_t kMost = 6;
  const auto& frames = session.frames;
  for (std::size_t begin = 0; begin < frames.size() && session.topics.size() < kMost;) {
    std::size_t end = begin;
    while (end < frames.size() && frames[end].situation == frames[begin].situation) ++end;
    const double lasted_s = frames[end - 1].time_s - frames[begin].time_s;
    const std::string_view word =
        word_of(frames[begin].situation, person + 2 * static_cast<std::size_t>(draws.uniform() * 2));
    if (!word.empty() && lasted_s >= kLeast_s)
      session.topics.push_back({std::string{word}, session.started + of_seconds(frames[begin].time_s),
                                session.started + of_seconds(frames[end - 1].time_s)});
    begin = end;
  }
}

std::string note_of(double strain, Draws& draws) {
  const std::size_t third = strain < -0.25 ? 0 : strain < 0.5 ? 1 : 2;
  return std::string{kNotes[3 * third + static_cast<std::size_t>(draws.uniform() * 3)]};
}

// Answers that go with the strain of the day, each item with a will of its own.
DemoAnswers answered(const surveys::Instrument& instrument, double strain, UtcTime when, Draws& draws) {
  DemoAnswers out{&instrument, when, {}};
  const double steps = instrument.answer_max - instrument.answer_min;
  for (int item = 1; item <= instrument.items; ++item) {
    const auto scale = std::ranges::find_if(instrument.scales, [&](const surveys::Scale& one) {
      return std::ranges::find(one.items, item) != one.items.end();
    });
    const bool strained = scale == instrument.scales.end() || scale->higher_is_strain;
    const double level = 1 / (1 + std::exp(-(1.3 * strain - 0.3 + 0.5 * draws.normal())));
    const int counted =
        instrument.answer_min + static_cast<int>(std::lround(steps * (strained ? level : 1 - level)));
    // The reverse of a reversed answer is what was given.
    out.answers.push_back(instrument.keyed(item, counted));
  }
  return out;
}

struct Habit {
  std::string_view instrument;
  int every_weeks;
};
constexpr std::array kHabits{Habit{"checkin", 1}, Habit{"pss-4", 4}, Habit{"who-5", 4}};

void add_answers(DemoPerson& person, const std::vector<double>& strains, UtcTime monday,
                 const DemoSettings& settings, std::span<const surveys::Instrument> instruments,
                 Draws& draws) {
  std::int64_t last_week = -1;
  for (std::size_t i = 0; i < person.sessions.size(); ++i) {
    const UtcTime ended = person.sessions[i].ended;
    const std::int64_t week = (ended - monday) / (7 * kDay);
    if (week == last_week) continue;
    last_week = week;
    microseconds after = std::chrono::minutes{5};
    for (const Habit& habit : kHabits) {
      const auto found = std::ranges::find(instruments, habit.instrument, &surveys::Instrument::id);
      if (found == instruments.end() || week % habit.every_weeks != 0 || ended + after > settings.now)
        continue;
      person.answers.push_back(answered(*found, strains[i], ended + after, draws));
      after += std::chrono::minutes{3};
    }
  }
}

}  // namespace

forecast::SimulatorSettings simulator_settings() {
  forecast::SimulatorSettings out;
  out.frame_rate_hz = 10;
  out.session_s = 240;
  out.sessions = 1000;
  // Regular, so that the first four weeks have the ten days that a level rests on.
  out.days_between = 2.4;
  out.regular_share = 0.7;
  // Nine weeks are to show what else takes a season.
  out.strain_trend_per_month = 0.6;
  return out;
}

DemoFacts facts_of(const DemoSettings& settings, std::size_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%02zu", number + 1);
  Draws draws(datasets::mix(settings.seed, kFacts + number));
  return {std::string{"DEMO-"} + text, std::string{"Demo "} + text,
          1962 + static_cast<int>(draws.uniform() * 40)};
}

UtcTime first_day(const DemoSettings& settings) {
  const std::chrono::sys_days today = std::chrono::floor<std::chrono::days>(settings.now);
  return today - std::chrono::days{std::chrono::weekday{today}.iso_encoding() - 1 + 7 * settings.weeks};
}

DemoPerson make_person(const DemoSettings& settings, std::size_t number,
                       std::span<const surveys::Instrument> instruments) {
  const forecast::SimulatorSettings simulator = simulator_settings();
  const UtcTime monday = first_day(settings);
  DemoPerson out;
  Draws words(datasets::mix(settings.seed, kWords + number));
  const double until_day =
      std::chrono::duration<double>(settings.now - monday).count() / 86400 - simulator.session_s / 86400;
  std::vector<forecast::SimulatedSession> simulated =
      forecast::simulate_person(simulator, settings.seed, number, until_day);
  // Two of one day were drawn in any order.
  std::ranges::sort(simulated, {}, &forecast::SimulatedSession::start_day);
  std::vector<double> strains;
  for (forecast::SimulatedSession& one : simulated) {
    DemoSession session;
    session.started = monday + of_days(one.start_day);
    session.ended = session.started + of_seconds(simulator.session_s);
    if (!out.sessions.empty() && session.started < out.sessions.back().ended) continue;
    session.frames = std::move(one.frames);
    if (words.uniform() < 0.4) session.note = note_of(one.strain, words);
    add_topics(session, number, words);
    strains.push_back(one.strain);
    out.sessions.push_back(std::move(session));
  }
  const auto kept = static_cast<std::ptrdiff_t>(
      std::min(out.sessions.size(), static_cast<std::size_t>(settings.kept_sessions)));
  for (auto at = out.sessions.end() - kept; at != out.sessions.end(); ++at) at->kept = true;
  Draws answers(datasets::mix(settings.seed, kAnswers + number));
  add_answers(out, strains, monday, settings, instruments, answers);
  return out;
}

}  // namespace pyro::demo

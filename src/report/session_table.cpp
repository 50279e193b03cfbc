#include "pyro/report/session_table.hpp"

#include <algorithm>
#include <cmath>

#include "pyro/report/schema.hpp"

namespace pyro::report {
namespace {

using PersonColumn = Column<PersonSummary>;

Cell number(double value) {
  return std::isfinite(value) ? Cell{value} : Cell{};
}

// As the live rate: below five seconds one blink more or less says nothing.
constexpr Seconds kLeastForRate{5};

constexpr std::array kColumns{
    PersonColumn{"face_id", Type::int64, "", "the person within this run",
                 [](const PersonSummary& row, int) -> Cell { return row.face_id; }},
    PersonColumn{"start", Type::utc, "UTC", "first frame with this person",
                 [](const PersonSummary& row, int) -> Cell { return row.start; }},
    PersonColumn{"start_s", Type::float64, "s", "the same from the start of the source",
                 [](const PersonSummary& row, int) { return number(row.first.count()); }},
    PersonColumn{"duration_s", Type::float64, "s",
                 "from the first to the last frame with this person, absences included",
                 [](const PersonSummary& row, int) { return number((row.last - row.first).count()); }},
    PersonColumn{"frames", Type::int64, "", "rows of this person in frames.csv",
                 [](const PersonSummary& row, int) -> Cell { return row.frames; }},
    PersonColumn{"valid_frames", Type::int64, "", "of these, rows whose face could be read",
                 [](const PersonSummary& row, int) -> Cell { return row.valid_frames; }},
    PersonColumn{"min_score", Type::float64, "", "least S_t",
                 [](const PersonSummary& row, int) { return number(row.score.min()); }},
    PersonColumn{"max_score", Type::float64, "", "greatest S_t",
                 [](const PersonSummary& row, int) { return number(row.score.max()); }},
    PersonColumn{"mean_score", Type::float64, "", "S_burnout of the session",
                 [](const PersonSummary& row, int) { return number(row.score.mean()); }},
    PersonColumn{"volatility", Type::float64, "", "V of the session",
                 [](const PersonSummary& row, int) { return number(row.score.volatility()); }},
    PersonColumn{"score_final", Type::float64, "", "S_final of the session",
                 [](const PersonSummary& row, int) { return number(row.score.final_score()); }},
    PersonColumn{"index", Type::float64, "0..100", "index of the session",
                 [](const PersonSummary& row, int) { return number(row.score.index()); }},
    PersonColumn{"blinks", Type::int64, "", "blinks",
                 [](const PersonSummary& row, int) -> Cell { return row.blinks; }},
    PersonColumn{"blink_rate_per_min", Type::float64, "1/min",
                 "blinks per minute of the time in which the eyes were read; empty below 5 s of it",
                 [](const PersonSummary& row, int) {
                   return row.eyes_seen < kLeastForRate
                              ? Cell{}
                              : number(60 * static_cast<double>(row.blinks) / row.eyes_seen.count());
                 }},
    PersonColumn{"perclos", Type::float64, "0..1", "share of that time with the eyes at least 80 % closed",
                 [](const PersonSummary& row, int) { return number(row.eyes_closed / row.eyes_seen); }},
    PersonColumn{"yawns", Type::int64, "", "yawns",
                 [](const PersonSummary& row, int) -> Cell { return row.yawns; }},
    PersonColumn{"nods", Type::int64, "", "nods",
                 [](const PersonSummary& row, int) -> Cell { return row.nods; }},
    PersonColumn{"models", Type::text, "", "names and versions of the models, separated by \"; \"",
                 [](const PersonSummary& row, int) -> Cell {
                   return row.models.empty() ? Cell{} : Cell{std::string_view{row.models}};
                 }},
    PersonColumn{"settings_hash", Type::text, "",
                 "tells runs with different settings apart (FNV-1a of settings.text)",
                 [](const PersonSummary& row, int) -> Cell { return std::string_view{row.settings_hash}; }},
};

}  // namespace

std::span<const PersonColumn> session_columns() {
  return kColumns;
}

SessionTable::SessionTable(const score::ScoreSettings& settings, std::string models,
                           std::string settings_hash)
    : settings_(settings), models_(std::move(models)), settings_hash_(std::move(settings_hash)) {}

void SessionTable::add(const records::Observation& observation) {
  ++rows_;
  if (observation.frame != last_frame_) ++frames_;
  last_frame_ = observation.frame;
  last_time_ = observation.time;
  if (!observation.valid) ++gaps_[static_cast<std::size_t>(observation.face.quality.reason)];
  if (observation.face.face_id < 0) return;

  PersonSummary& of = person(observation);
  const bool eyes_known = std::isfinite(observation.fatigue.eye_openness);
  if (const Seconds step = observation.time - of.last; eyes_known && step <= kLongestStep) {
    of.eyes_seen += step;
    if (observation.fatigue.eyes_closed) of.eyes_closed += step;
  }
  of.last = observation.time;
  ++of.frames;
  if (observation.valid) ++of.valid_frames;
  if (std::isfinite(observation.score.step)) {
    of.score.add(observation.score.step);
    of.rest.add(observation.time, observation.score.step);
  }
  of.blinks = observation.fatigue.blinks;
  of.yawns = observation.fatigue.yawns;
  of.nods = observation.fatigue.nods;
}

PersonSummary& SessionTable::person(const records::Observation& observation) {
  const std::int64_t id = observation.face.face_id;
  const auto place =
      std::lower_bound(persons_.begin(), persons_.end(), id,
                       [](const PersonSummary& one, std::int64_t wanted) { return one.face_id < wanted; });
  if (place != persons_.end() && place->face_id == id) return *place;
  PersonSummary fresh{settings_};
  fresh.face_id = id;
  fresh.start = observation.utc;
  fresh.first = fresh.last = observation.time;
  fresh.models = models_;
  fresh.settings_hash = settings_hash_;
  return *persons_.insert(place, std::move(fresh));
}

}  // namespace pyro::report

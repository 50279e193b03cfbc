#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "pyro/report/run_facts.hpp"
#include "pyro/report/session_table.hpp"
#include "pyro/score/scorer.hpp"
#include "pyro/study/run_rows.hpp"
#include "pyro/study/seconds.hpp"

namespace pyro::study {
namespace {

// Builds one person's seconds while rows come in order of time.
class SecondsBuilder {
 public:
  explicit SecondsBuilder(SessionSeconds& out) : out_(out) { out_.signals.resize(kSignals); }

  void add(const RunRow& row, double step) {
    const auto second = static_cast<std::int32_t>(std::floor(row.frame.seen.time.count()));
    if (second != second_) {
      close();
      second_ = second;
    }
    any_ = true;
    if (std::isfinite(step)) {
      score_.add(step);
      min_ = std::min(min_, step);
      max_ = std::max(max_, step);
    }
    for (std::size_t i = 0; i < kSignals; ++i) {
      if (!std::isnan(row.signals[i])) signals_[i].add(static_cast<double>(row.signals[i]));
    }
  }
  void close() {
    if (!any_) return;
    out_.second.push_back(second_);
    ScoreSecond one;
    one.count = static_cast<std::uint32_t>(score_.count);
    one.mean = score_.mean;
    one.squares = score_.squares;
    if (score_.count > 0) one.min = min_, one.max = max_;
    out_.score.push_back(one);
    for (std::size_t i = 0; i < kSignals; ++i) {
      out_.signals[i].count.push_back(static_cast<std::uint32_t>(signals_[i].count));
      out_.signals[i].mean.push_back(static_cast<float>(signals_[i].mean));
      out_.signals[i].squares.push_back(static_cast<float>(signals_[i].squares));
      signals_[i] = {};
    }
    score_ = {};
    min_ = std::numeric_limits<double>::infinity();
    max_ = -min_;
    any_ = false;
  }

 private:
  SessionSeconds& out_;
  std::int32_t second_ = -1;
  bool any_ = false;
  score::Moments score_;
  double min_ = std::numeric_limits<double>::infinity(), max_ = -min_;
  std::array<score::Moments, kSignals> signals_;
};

// How long this person could not be read.
struct GapMeter {
  void pass(Seconds from, Seconds to) {
    if (to - from <= report::kLongestStep) return;
    ++gaps;
    total += to - from;
    longest = std::max(longest, to - from);
  }
  std::int64_t gaps = 0;
  Seconds total{0}, longest{0};
};

struct PersonInRun {
  explicit PersonInRun(const score::ScoreSettings& settings) : builder(session), scorer(settings) {}
  SessionSeconds session;
  SecondsBuilder builder;
  score::Scorer scorer;
  std::optional<Seconds> last_valid;
  records::FatigueCues counted;  // blinks, yawns, nods so far
  GapMeter gaps;
  std::int64_t in_frames = 0, last_frame = -1;
};

std::string listed(const report::SessionTable& table) {
  std::string text;
  for (const report::PersonSummary& person : table.persons())
    text += (text.empty() ? "" : ", ") + std::to_string(person.face_id) + " (" +
            std::to_string(person.valid_frames) + " valid frames)";
  return text;
}

Result<std::int64_t> whose(const std::string& name, const report::SessionTable& table,
                           std::optional<std::int64_t> wanted) {
  const auto& persons = table.persons();
  if (persons.empty()) return bad_input(name + ": nobody was seen in this recording");
  if (!wanted && persons.size() > 1)
    return bad_input(name + " has more than one person; say which by --face: " + listed(table));
  if (!wanted) return persons.front().face_id;
  const auto found = std::ranges::find(persons, *wanted, &report::PersonSummary::face_id);
  if (found == persons.end())
    return bad_input(name + " has no face " + std::to_string(*wanted) + "; there are " + listed(table));
  return *wanted;
}

}  // namespace

Result<SessionSeconds> read_session(const RunSource& source, const score::ScoreSettings& settings) {
  std::filesystem::path frames_csv = source.run;
  std::string input = source.run.string(), models;
  std::error_code error;
  if (std::filesystem::is_directory(frames_csv, error)) {
    const Result<report::RunFacts> run = report::read_run_facts(frames_csv / "session.json");
    if (!run) return tl::make_unexpected(run.error());
    input = run->input;
    models = run->models;
    frames_csv /= "frames.csv";
  }
  Result<RunRows> rows = RunRows::open(frames_csv, {source.start.has_value()});
  if (!rows) return tl::make_unexpected(rows.error());

  report::SessionTable table{settings, models, ""};
  // Which of several people is wanted is only known for sure at the end; few are in one picture.
  std::map<std::int32_t, PersonInRun> persons;
  std::optional<Seconds> first_seen;
  RunRow row;
  for (;;) {
    const Result<bool> more = rows->next(row);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    records::Observation& seen = row.frame.seen;
    if (!first_seen) first_seen = seen.time;
    const Seconds first = *first_seen;
    seen.score = {};
    const std::int32_t id = seen.face.face_id;
    if (id >= 0 && (!source.face_id || *source.face_id == id)) {
      PersonInRun& person = persons.try_emplace(id, settings).first->second;
      seen.score = person.scorer.update_recorded(seen.time, seen.valid, row.frame.p, seen.fatigue);
      person.builder.add(row, seen.score.step);
      // A row without a face has no counts: they go on, they do not begin again.
      for (std::int32_t records::FatigueCues::*count :
           {&records::FatigueCues::blinks, &records::FatigueCues::yawns, &records::FatigueCues::nods})
        seen.fatigue.*count = person.counted.*count = std::max(person.counted.*count, seen.fatigue.*count);
      if (seen.valid) {
        person.gaps.pass(person.last_valid.value_or(first), seen.time);
        person.last_valid = seen.time;
      } else {
        std::string reason{records::name_of(seen.face.quality.reason)};
        ++person.session.facts.gap_reasons[reason.empty() ? "not_said" : reason];
      }
      if (seen.frame != person.last_frame) ++person.in_frames;
      person.last_frame = seen.frame;
    }
    table.add(seen);
  }
  const Result<std::int64_t> id = whose(frames_csv.string(), table, source.face_id);
  if (!id) return tl::make_unexpected(id.error());

  const Seconds first = first_seen.value_or(table.last_time());
  PersonInRun& person = persons.at(static_cast<std::int32_t>(*id));
  person.builder.close();
  person.gaps.pass(person.last_valid.value_or(first), table.last_time());
  SessionSeconds session = std::move(person.session);
  const report::PersonSummary& summary =
      *std::ranges::find(table.persons(), *id, &report::PersonSummary::face_id);
  SessionFacts& facts = session.facts;
  facts.input = input;
  facts.models = models;
  facts.settings = score::settings_text(settings);
  facts.face_id = *id;
  facts.start = source.start ? source.start : rows->start();
  facts.duration_s = (table.last_time() - first).count();
  facts.frames = table.frames();
  facts.rows = summary.frames;
  facts.valid = summary.valid_frames;
  if (facts.frames > person.in_frames) facts.gap_reasons["not_seen"] = facts.frames - person.in_frames;
  facts.gaps = person.gaps.gaps;
  facts.gap_s = person.gaps.total.count();
  facts.longest_gap_s = person.gaps.longest.count();
  facts.blinks = summary.blinks;
  facts.yawns = summary.yawns;
  facts.nods = summary.nods;
  facts.eyes_seen_s = summary.eyes_seen.count();
  facts.eyes_closed_s = summary.eyes_closed.count();
  return session;
}

}  // namespace pyro::study

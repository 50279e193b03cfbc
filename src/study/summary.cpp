#include "pyro/study/summary.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "csv_table.hpp"

namespace pyro::study {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
constexpr float kFacingDeg = 20;

// Means of a stretch of seconds, weighted by their frames.
class Stretch {
 public:
  Stretch(const SessionSeconds& session, std::size_t from, std::size_t to)
      : session_(session), from_(from), to_(to) {}

  [[nodiscard]] double mean(std::size_t signal) const {
    double count = 0;
    const double all = sum(signal, count);
    return count > 0 ? all / count : kMissing;
  }
  // Of a yes or no: in how many frames it was yes.
  [[nodiscard]] double total(std::size_t signal) const {
    double count = 0;
    const double all = sum(signal, count);
    return count > 0 ? std::round(all) : kMissing;
  }
  [[nodiscard]] double facing() const {
    const SignalSeconds& yaw = session_.signals[cue("yaw_deg")];
    const SignalSeconds& pitch = session_.signals[cue("pitch_deg")];
    double known = 0, facing = 0;
    for (std::size_t i = from_; i < to_; ++i) {
      if (yaw.count[i] == 0 || pitch.count[i] == 0) continue;
      ++known;
      if (std::abs(yaw.mean[i]) <= kFacingDeg && std::abs(pitch.mean[i]) <= kFacingDeg) ++facing;
    }
    return known > 0 ? facing / known : kMissing;
  }
  [[nodiscard]] score::Moments score() const {
    score::Moments all;
    for (std::size_t i = from_; i < to_; ++i) all.add(session_.score_moments(i));
    return all;
  }

 private:
  double sum(std::size_t signal, double& count) const {
    const SignalSeconds& one = session_.signals[signal];
    double all = 0;
    for (std::size_t i = from_; i < to_; ++i) {
      count += one.count[i];
      all += static_cast<double>(one.count[i]) * static_cast<double>(one.mean[i]);
    }
    return all;
  }
  const SessionSeconds& session_;
  std::size_t from_, to_;
};

std::vector<double> score_series(const SessionSeconds& session) {
  std::vector<double> values;
  values.reserve(session.score.size());
  for (const ScoreSecond& one : session.score) values.push_back(one.count > 0 ? one.mean : kMissing);
  return values;
}
std::vector<double> series(const SessionSeconds& session, std::size_t signal) {
  const SignalSeconds& one = session.signals[signal];
  std::vector<double> values;
  values.reserve(session.size());
  for (std::size_t i = 0; i < session.size(); ++i)
    values.push_back(one.count[i] > 0 ? static_cast<double>(one.mean[i]) : kMissing);
  return values;
}

std::vector<MinuteSummary> minutes_of(const SessionSeconds& session, std::uint64_t seed) {
  std::vector<MinuteSummary> minutes;
  const std::vector<double> scores = score_series(session);
  constexpr std::int32_t kMinute = 60;
  for (std::size_t from = 0; from < session.size();) {
    const std::int32_t minute = session.second[from] / kMinute;
    std::size_t to = from;
    while (to < session.size() && session.second[to] / kMinute == minute) ++to;
    const Stretch stretch{session, from, to};
    MinuteSummary one;
    one.minute = minute;
    const score::Moments score = stretch.score();
    one.score = score.count > 0 ? score.mean : kMissing;
    std::vector<signed char> inside(session.size(), 0);
    std::fill(inside.begin() + static_cast<std::ptrdiff_t>(from),
              inside.begin() + static_cast<std::ptrdiff_t>(to), 1);
    one.impact = difference(scores, inside, seed);
    one.valid_share = stretch.mean(cue("valid"));
    one.facing = stretch.facing();
    one.eyes_open = 1 - stretch.mean(cue("eyes_closed"));
    one.expressive = 1 - stretch.mean(records::kClasses - 1);
    one.perclos = stretch.mean(cue("eyes_closed"));
    one.blinks = stretch.total(cue("blink"));
    one.yawning = stretch.mean(cue("yawning"));
    minutes.push_back(one);
    from = to;
  }
  const double limit = stand_out_z(minutes.size());
  for (MinuteSummary& one : minutes) one.stands_out = std::abs(one.impact.z) > limit;
  return minutes;
}

std::vector<TopicSummary> topics_of(const SessionSeconds& session, const std::vector<Keyword>& keywords,
                                    std::uint64_t seed) {
  std::vector<TopicSummary> topics;
  std::map<std::string, std::vector<signed char>> inside;
  for (const Keyword& keyword : keywords) {
    const auto [at, fresh] = inside.try_emplace(keyword.word, session.size(), 0);
    if (fresh) topics.push_back({keyword.word});
    ++std::ranges::find(topics, keyword.word, &TopicSummary::word)->intervals;
    for (std::size_t i = 0; i < session.size(); ++i) {
      // A second belongs to the topic when its middle does.
      const double middle = session.second[i] + 0.5;
      if (middle >= keyword.start_s && middle < keyword.end_s) at->second[i] = 1;
    }
  }
  const double limit = stand_out_z(topics.size() * kProfile);
  for (TopicSummary& topic : topics) {
    for (std::size_t i = 0; i < kProfile; ++i) {
      topic.profile[i] =
          difference(i == 0 ? score_series(session) : series(session, i - 1), inside[topic.word], seed);
      topic.stands_out[i] = std::abs(topic.profile[i].z) > limit;
    }
  }
  return topics;
}

}  // namespace

Result<std::vector<Keyword>> read_keywords(const std::filesystem::path& csv, double duration_s) {
  Result<CsvTable> table = CsvTable::open(csv);
  if (!table) return tl::make_unexpected(table.error());
  if (const Status all = table->need({"keyword", "start_s", "end_s"}); !all)
    return tl::make_unexpected(all.error());
  std::vector<Keyword> keywords;
  for (;;) {
    const Result<bool> more = table->next();
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    Keyword one;
    one.word = table->text("keyword");
    if (one.word.empty()) return table->wrong("keyword", "is empty");
    const Result<double> start = table->needed_number("start_s"), end = table->needed_number("end_s");
    if (!start) return tl::make_unexpected(start.error());
    if (!end) return tl::make_unexpected(end.error());
    one.start_s = *start;
    one.end_s = *end;
    if (one.start_s < 0 || one.end_s <= one.start_s)
      return table->wrong("end_s", "the interval has no length, or begins before the recording");
    if (one.start_s > duration_s)
      return table->wrong("start_s",
                          "lies behind the recording's end at " + std::to_string(duration_s) + " s");
    keywords.push_back(std::move(one));
  }
  if (keywords.empty()) return bad_input(csv.string() + " has a header and no keywords");
  return keywords;
}

SessionSummary summarise(const SessionSeconds& session, const std::string& title,
                         const std::vector<Keyword>& keywords, const score::ScoreSettings& settings,
                         std::uint64_t seed) {
  SessionSummary out;
  out.facts = session.facts;
  out.title = title;
  out.seed = seed;
  out.all = aggregate(session, settings);
  out.minutes = minutes_of(session, seed);
  out.topics = topics_of(session, keywords, seed);
  const Stretch whole{session, 0, session.size()};
  out.engagement = {out.all.valid_share, whole.facing(), 1 - whole.mean(cue("eyes_closed")),
                    1 - whole.mean(records::kClasses - 1)};
  std::vector<signed char> thirds(session.size(), -1);
  const double third_s = session.facts.duration_s / 3;
  for (std::size_t i = 0; i < session.size(); ++i) {
    const double from_first = session.second[i] - session.second.front();
    if (from_first < third_s) thirds[i] = 0;
    if (from_first >= 2 * third_s) thirds[i] = 1;
  }
  out.fatigue = difference(series(session, cue("eyes_closed")), thirds, seed);
  out.frames_per_s = session.facts.duration_s > 0
                         ? static_cast<double>(session.facts.frames - 1) / session.facts.duration_s
                         : kMissing;
  return out;
}

}  // namespace pyro::study

#include "pyro/explain/session.hpp"

#include <cmath>
#include <limits>

namespace pyro::explain {

Parts parts_of(const score::Probabilities& p, const score::FatigueParts& fatigue,
               const score::ScoreSettings& settings) {
  Parts parts{};
  const score::Probabilities weights = score::expression_weights(settings);
  for (std::size_t c = 0; c < weights.size(); ++c) parts[c] = weights[c] * p[c];
  if (settings.profile == score::Profile::extended) {
    parts[records::kClasses] = settings.delta * fatigue.perclos;
    parts[records::kClasses + 1] = settings.delta * fatigue.blink_duration;
    parts[records::kClasses + 2] = settings.delta * fatigue.yawns;
  }
  return parts;
}

void LevelMeter::add(double step, const Parts& parts) {
  ++frames_;
  Parts off{};
  for (std::size_t i = 0; i < kParts; ++i) {
    off[i] = (parts[i] - parts_[i].mean) - parts_[i].mean_rest;
    parts_[i].add(parts[i]);
  }
  score_.add(step);
  // Welford's update for two: one distance from the mean before, one from the mean after.
  const double score_off = (step - score_.mean) - score_.mean_rest;
  for (std::size_t i = 0; i < kParts; ++i) together_[i] += off[i] * score_off;
}

Level LevelMeter::level(const score::ScoreSettings& settings) const {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  Level level{frames_, score_.count};
  const bool any = score_.count > 0;
  level.score = any ? score_.mean : kNone;
  level.volatility = score_.variance();
  level.final_score = score::final_score(level.score, level.volatility, settings);
  for (std::size_t i = 0; i < kParts; ++i) {
    level.score_parts[i] = any ? parts_[i].mean : kNone;
    level.volatility_parts[i] = any ? together_[i] / static_cast<double>(score_.count) : kNone;
    level.final_parts[i] = score::final_score(level.score_parts[i], level.volatility_parts[i], settings);
  }
  return level;
}

void StoryTeller::add(std::int64_t step, Seconds time, bool valid, const score::Probabilities& p,
                      const records::FatigueCues& cues) {
  LevelMeter& meter = steps_[step];
  const records::BurnoutScore score = scorer_.update_recorded(time, valid, p, cues);
  if (std::isnan(score.step)) {
    meter.add_gap();
    session_.add_gap();
    return;
  }
  score::FatigueParts fatigue;
  if (settings_.profile == score::Profile::extended) {
    // How many yawns the scorer remembers does not change what the other two add: the rest is the yawns'.
    fatigue = score::fatigue_parts(cues, 0);
    fatigue.yawns = score.fatigue - fatigue.perclos - fatigue.blink_duration;
  }
  const Parts parts = parts_of(p, fatigue, settings_);
  meter.add(score.step, parts);
  session_.add(score.step, parts);
}

PersonStory StoryTeller::story() const {
  PersonStory story{face_id_, session_.level(settings_), {}};
  std::optional<std::size_t> last;
  for (const auto& [number, meter] : steps_) {
    while (!story.steps.empty() && story.steps.back().number + 1 < number)
      story.steps.push_back({story.steps.back().number + 1, LevelMeter{}.level(settings_), {}});
    Step step{number, meter.level(settings_), {}};
    if (step.level.valid > 0) {
      if (last) {
        const Level& before = story.steps[*last].level;
        Change& change = step.change.emplace();
        change.since = *last;
        change.score = step.level.score - before.score;
        change.final_score = step.level.final_score - before.final_score;
        for (std::size_t i = 0; i < kParts; ++i) {
          change.score_parts[i] = step.level.score_parts[i] - before.score_parts[i];
          change.final_parts[i] = step.level.final_parts[i] - before.final_parts[i];
        }
      }
      last = story.steps.size();
    }
    story.steps.push_back(step);
  }
  return story;
}

Result<std::vector<PersonStory>> explain_recorded(report::FramesReader& frames,
                                                  const score::ScoreSettings& settings, Seconds length) {
  if (!(length >= Seconds{1} && length <= Seconds{3600}))
    return wrong_use("a step of " + std::to_string(length.count()) + " s; give 1 to 3600");
  std::map<std::int32_t, StoryTeller> tellers;
  std::optional<Seconds> first;
  report::RecordedFrame row;
  for (;;) {
    const Result<bool> more = frames.next(row);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    if (!first) first = row.seen.time;
    const double step = std::floor((row.seen.time - *first) / length);
    if (!(step < static_cast<double>(kMostSteps)))
      return bad_input("line " + std::to_string(row.line) + ": time_s is " +
                       std::to_string((row.seen.time - *first).count()) +
                       " s after the first row's; give one session, or a longer --step");
    if (const std::int32_t id = row.seen.face.face_id; id >= 0) {
      tellers.try_emplace(id, id, settings)
          .first->second.add(static_cast<std::int64_t>(step), row.seen.time, row.seen.valid, row.p,
                             row.seen.fatigue);
    }
  }
  std::vector<PersonStory> stories;
  stories.reserve(tellers.size());
  for (const auto& [id, teller] : tellers) stories.push_back(teller.story());
  return stories;
}

}  // namespace pyro::explain

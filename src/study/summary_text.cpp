#include <algorithm>
#include <cmath>

#include "pyro/records/notice.hpp"
#include "pyro/study/summary.hpp"
#include "summary_words.hpp"

namespace pyro::study {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json{};
}

Json difference_json(const Difference& one) {
  return {{"seconds", one.inside},
          {"seconds_elsewhere", one.outside},
          {"independent", number(one.independent)},
          {"mean", number(one.mean_inside)},
          {"mean_elsewhere", number(one.mean_outside)},
          {"effect", number(one.effect)},
          {"effect_95", Json::array({number(one.low), number(one.high)})},
          {"verdict", verdict_name(one.verdict)}};
}

void line(std::string& out, const std::string& text) {
  out += text + "\n";
}

}  // namespace

std::string verdict_name(Verdict verdict) {
  constexpr std::array<const char*, 4> kNames{"too little to say", "unclear", "higher", "lower"};
  return kNames[static_cast<std::size_t>(verdict)];
}

std::string minute_text(std::int64_t minute) {
  return std::to_string(minute) + ":00";
}

std::string effect_text(const Difference& one) {
  if (one.verdict == Verdict::too_little) return verdict_name(one.verdict);
  const auto number = [](double value) { return (value > 0 ? "+" : "") + html::fixed(value, 2); };
  return number(one.effect) + " sd (" + number(one.low) + " to " + number(one.high) + ")";
}

std::string profile_name(std::size_t i) {
  return i == 0 ? "score S" : std::string{records::kEmotionNames[i - 1]};
}

std::vector<const MinuteSummary*> strongest(const SessionSummary& summary, std::size_t most) {
  std::vector<const MinuteSummary*> minutes;
  for (const MinuteSummary& one : summary.minutes) {
    if (one.impact.verdict != Verdict::too_little) minutes.push_back(&one);
  }
  std::ranges::sort(minutes, std::ranges::greater{},
                    [](const MinuteSummary* one) { return std::abs(one->impact.effect); });
  if (minutes.size() > most) minutes.resize(most);
  return minutes;
}

std::string quality_word(const SessionSummary& summary) {
  const double share = summary.all.valid_share;
  return share >= 0.9 ? "good" : share >= 0.7 ? "fair" : "poor";
}

std::vector<std::string> findings(const SessionSummary& summary) {
  std::vector<std::string> out;
  const SessionFacts& facts = summary.facts;
  if (facts.simulated) out.emplace_back("This session is simulated: nobody was recorded.");
  if (summary.all.scored == 0)
    out.emplace_back(
        "There is no expression in this recording, so no score, no impact and no topic profile.");
  out.push_back("The face could be read in " + percent(summary.all.valid_share) + " of " +
                html::grouped(facts.frames) + " frames (" + quality_word(summary) +
                "); the longest time without was " + html::fixed(facts.longest_gap_s, 1) + " s.");
  std::string minutes;
  for (const MinuteSummary& one : summary.minutes) {
    if (one.stands_out)
      minutes +=
          (minutes.empty() ? "" : ", ") + minute_text(one.minute) + " (" + effect_text(one.impact) + ")";
  }
  const bool any_minute = !strongest(summary, 1).empty();
  if (!minutes.empty()) {
    out.push_back("Minutes whose score stands out from the rest of the session: " + minutes + ".");
  } else if (summary.all.scored > 0) {
    out.emplace_back(
        any_minute ? "No minute's score stands out from the rest of the session."
                   : "Too little to say which minute stands out: its seconds resemble each other too much.");
  }
  for (const TopicSummary& topic : summary.topics) {
    std::string what;
    bool too_little = true;
    for (std::size_t i = 0; i < kProfile; ++i) {
      too_little = too_little && topic.profile[i].verdict == Verdict::too_little;
      if (topic.stands_out[i])
        what += (what.empty() ? "" : ", ") + profile_name(i) + " " + effect_text(topic.profile[i]);
    }
    out.push_back("\"" + topic.word + "\": " +
                  (!what.empty() ? what + " against the rest of the session"
                   : too_little  ? "too little to say"
                                 : "nothing stands out from the rest of the session") +
                  ".");
  }
  if (summary.fatigue.verdict != Verdict::too_little)
    out.push_back("Eyes closed in the last third against the first: " + effect_text(summary.fatigue) +
                  (summary.fatigue.verdict == Verdict::unclear ? ", no clear change." : "."));
  else
    out.emplace_back("Course of fatigue: too little to say.");
  return out;
}

std::string summary_text(const SessionSummary& summary) {
  std::string out;
  const SessionFacts& facts = summary.facts;
  line(out, summary.title + ", person " + std::to_string(facts.face_id + 1) + ", " +
                duration_text(facts.duration_s) + (facts.start ? ", from " + utc_text(*facts.start) : ""));
  line(out, "score S " + html::fixed(summary.all.score, 4) + ", volatility V " +
                html::fixed(summary.all.volatility, 5) + ", index " + html::fixed(summary.all.index, 1) +
                " of 100");
  for (const std::string& finding : findings(summary)) line(out, "- " + finding);
  line(out, "engagement: seen " + percent(summary.engagement.seen) + ", facing the camera " +
                percent(summary.engagement.facing) + ", eyes open " + percent(summary.engagement.eyes_open) +
                ", expressive " + percent(summary.engagement.expressive));
  line(out, "models: " + (facts.models.empty() ? "not recorded" : facts.models));
  line(out, records::kNotice);
  return out;
}

Json to_json(const SessionSummary& summary) {
  const SessionFacts& facts = summary.facts;
  Json minutes = Json::array(), topics = Json::array();
  for (const MinuteSummary& one : summary.minutes) {
    minutes.push_back({{"minute", one.minute},
                       {"valid_share", number(one.valid_share)},
                       {"score", number(one.score)},
                       {"impact", difference_json(one.impact)},
                       {"stands_out", one.stands_out},
                       {"facing", number(one.facing)},
                       {"eyes_open", number(one.eyes_open)},
                       {"expressive", number(one.expressive)},
                       {"perclos", number(one.perclos)},
                       {"blinks", number(one.blinks)},
                       {"yawning", number(one.yawning)}});
  }
  for (const TopicSummary& topic : summary.topics) {
    Json profile = Json::object();
    for (std::size_t i = 0; i < kProfile; ++i) {
      Json one = difference_json(topic.profile[i]);
      one["stands_out"] = topic.stands_out[i];
      profile[i == 0 ? "score" : profile_name(i)] = std::move(one);
    }
    topics.push_back(
        {{"keyword", topic.word}, {"intervals", topic.intervals}, {"profile", std::move(profile)}});
  }
  return {{"schema", "pyrometer-summary/1"},
          {"notice", records::kNotice},
          {"title", summary.title},
          {"simulated", facts.simulated},
          {"face_id", facts.face_id},
          {"start", facts.start ? Json(utc_text(*facts.start)) : Json{}},
          {"duration_s", facts.duration_s},
          {"models", facts.models},
          {"settings", facts.settings},
          {"seed", summary.seed},
          {"score", number(summary.all.score)},
          {"volatility", number(summary.all.volatility)},
          {"score_final", number(summary.all.score_final)},
          {"index", number(summary.all.index)},
          {"findings", findings(summary)},
          {"quality",
           {{"word", quality_word(summary)},
            {"frames", facts.frames},
            {"valid", facts.valid},
            {"valid_share", number(summary.all.valid_share)},
            {"reasons", facts.gap_reasons},
            {"gaps", facts.gaps},
            {"gap_s", facts.gap_s},
            {"longest_gap_s", facts.longest_gap_s},
            {"frames_per_s", number(summary.frames_per_s)},
            {"size_px", number(summary.all.signals[cue("size_px")].q50)},
            {"brightness", number(summary.all.signals[cue("brightness")].q50)}}},
          {"engagement",
           {{"seen", number(summary.engagement.seen)},
            {"facing", number(summary.engagement.facing)},
            {"eyes_open", number(summary.engagement.eyes_open)},
            {"expressive", number(summary.engagement.expressive)}}},
          {"fatigue",
           {{"perclos", number(summary.all.perclos)},
            {"blink_rate_per_min", number(summary.all.blink_rate_per_min)},
            {"yawns", facts.yawns},
            {"last_third_against_first", difference_json(summary.fatigue)}}},
          {"minutes", std::move(minutes)},
          {"topics", std::move(topics)}};
}

}  // namespace pyro::study

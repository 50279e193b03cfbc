// What one session showed: when it was strongest, what its topics did, engagement, fatigue, and how far the
// recording can be trusted.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pyro/html/page.hpp"
#include "pyro/study/aggregate.hpp"
#include "pyro/study/blocks.hpp"

namespace pyro::study {

// A stretch of the session, of which a keyword may have several.
struct Keyword {
  std::string word;
  double start_s = 0, end_s = 0;  // from the start of the recording, end not included
};
// keyword,start_s,end_s, in any order. Errors (bad_input) name file and line: a column missing, an interval
// without length, below 0 or beyond `duration_s`.
[[nodiscard]] Result<std::vector<Keyword>> read_keywords(const std::filesystem::path& csv, double duration_s);

struct MinuteSummary {
  std::int64_t minute = 0;
  double valid_share = 0;                            // of the minute's rows with this person
  double score = 0;                                  // S; not a number where no frame has one
  Difference impact;                                 // S of this minute against the rest of the session
  bool stands_out = false;                           // after correction for the number of minutes
  double facing = 0, eyes_open = 0, expressive = 0;  // as Engagement
  double perclos = 0, blinks = 0, yawning = 0;       // eyes closed, blinks in it, share in a yawn
};

inline constexpr std::size_t kProfile = 1 + records::kClasses;  // S, then the seven
struct TopicSummary {
  std::string word;
  std::size_t intervals = 0;
  std::array<Difference, kProfile> profile{};
  std::array<bool, kProfile> stands_out{};  // after correction for all topics and expressions
};

// Shares of the seconds in which the face was read. Unvalidated: where somebody looks is not what they think.
struct Engagement {
  double seen = 0;        // of the recording's frames
  double facing = 0;      // head within 20° of the camera, in yaw and pitch
  double eyes_open = 0;   // eyes not closed
  double expressive = 0;  // mean of 1 - p(neutral)
};

struct SessionSummary {
  SessionFacts facts;
  std::string title;  // a session's name, or the input's
  SessionAggregate all;
  std::vector<MinuteSummary> minutes;  // those with a row of this person
  std::vector<TopicSummary> topics;
  Engagement engagement;
  Difference fatigue;  // eyes closed: last third against first third
  double frames_per_s = 0;
  std::uint64_t seed = 1;
};

[[nodiscard]] SessionSummary summarise(const SessionSeconds& session, const std::string& title,
                                       const std::vector<Keyword>& keywords,
                                       const score::ScoreSettings& settings, std::uint64_t seed);

// In plain words, each also on the page: what stands out, in at most a few sentences.
[[nodiscard]] std::vector<std::string> findings(const SessionSummary& summary);
[[nodiscard]] std::string quality_word(const SessionSummary& summary);  // "good", "fair", "poor"

[[nodiscard]] std::string summary_text(const SessionSummary& summary);
[[nodiscard]] nlohmann::ordered_json to_json(const SessionSummary& summary);
[[nodiscard]] html::Page summary_page(const SessionSummary& summary);

}  // namespace pyro::study

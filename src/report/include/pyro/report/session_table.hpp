// Who was there and what the session says of each, gathered from the observations alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pyro/records/observation.hpp"
#include "pyro/score/scorer.hpp"

namespace pyro::report {

// One person's row of session.csv.
struct PersonSummary {
  explicit PersonSummary(const score::ScoreSettings& settings) : score(settings), rest(settings) {}

  std::int64_t face_id = 0;
  UtcTime start{};                // of the first frame with this person
  Seconds first{0}, last{0};      // times of the first and last frame with this person
  std::int64_t frames = 0;        // rows, valid or not
  std::int64_t valid_frames = 0;  // rows whose face could be read
  score::SessionScore score;      // its valid_frames() are those with a score
  score::RestMeter rest;          // extended profile
  std::int64_t blinks = 0, yawns = 0, nods = 0;
  Seconds eyes_seen{
      0};  // time between neighbouring frames (at most kLongestStep) in which the eyes were read
  Seconds eyes_closed{0};     // of that, with eyes closed
  std::string models;         // "name version; name version"
  std::string settings_hash;  // see score::stable_hash
};
// Frames further apart than this have a gap between them, of which nothing is known.
inline constexpr Seconds kLongestStep{1};

class SessionTable {
 public:
  // models and settings_hash go into every row.
  SessionTable(const score::ScoreSettings& settings, std::string models, std::string settings_hash);

  // In order of time. Allocates only when somebody new appears.
  void add(const records::Observation& observation);

  [[nodiscard]] const std::vector<PersonSummary>& persons() const { return persons_; }  // by face_id
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::int64_t frames() const { return frames_; }
  [[nodiscard]] Seconds last_time() const { return last_time_; }
  // Rows without a usable face, by GapReason.
  [[nodiscard]] const std::array<std::int64_t, records::kGapReasonNames.size()>& gaps() const {
    return gaps_;
  }

 private:
  PersonSummary& person(const records::Observation& observation);

  score::ScoreSettings settings_;
  std::string models_, settings_hash_;
  std::vector<PersonSummary> persons_;
  std::int64_t rows_ = 0, frames_ = 0, last_frame_ = -1;
  Seconds last_time_{0};
  std::array<std::int64_t, records::kGapReasonNames.size()> gaps_{};
};

}  // namespace pyro::report

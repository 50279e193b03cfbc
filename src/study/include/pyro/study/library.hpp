// A study's folder: who took part, their sessions, their survey scores.
//
//   study.toml      its name, time zone and score settings: every session is scored by the same
//   sessions.csv    a line a session
//   sessions/       <session>.sec, its seconds (see seconds.hpp)
//   surveys.csv     a line a scale of an answered survey
//   runs/           what was imported from other tools, as runs
//
// Persons are pseudonyms; recordings stay where they are.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/zone.hpp"
#include "pyro/study/seconds.hpp"

namespace pyro::study {

struct StudySettings {
  std::string name;
  Zone zone;  // of sessions that do not say another
  score::ScoreSettings score;
  bool simulated = false;  // nobody was recorded: every page and table says so
};

struct StudySession {
  std::string id, person;
  std::int64_t face_id = 0;      // within the run
  std::optional<UtcTime> start;  // none: the recording does not tell
  Zone zone;                     // of the place where it was recorded
  double duration_s = 0;
  bool baseline = false;  // recorded at rest, to calibrate by
  std::string layout;     // "pyrometer", or the tool that it was imported from
  std::string run;        // the run's folder, absolute
  std::string sha256;     // of its frames.csv
};

struct NewSession {
  std::filesystem::path run;  // a run's folder, or a frames.csv
  std::string person;
  std::string id;  // empty: the person's next number
  std::optional<std::int64_t> face_id;
  std::string start;  // as utc_of reads it; empty: as the recording says
  std::string zone;   // empty: the study's
  std::string layout = "pyrometer";
  bool baseline = false;
};

struct SurveyScore {
  std::string person;
  UtcTime time{};
  std::string instrument, version, scale;
  double score = 0;
  std::optional<double> percent;
  std::string category;
  std::int64_t answered = 0, items = 0;
};

class Study {
 public:
  // Errors: wrong_use, there is a study already, or the settings make no sense; failed, not writable.
  static Result<Study> init(const std::filesystem::path& folder, const StudySettings& settings);
  // Errors (bad_input): no study there, an unknown key, a broken table.
  static Result<Study> open(const std::filesystem::path& folder);

  [[nodiscard]] const StudySettings& settings() const { return settings_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const std::vector<StudySession>& sessions() const { return sessions_; }
  // Nullptr: there is none of that name.
  [[nodiscard]] const StudySession* find(const std::string& id) const;
  [[nodiscard]] std::filesystem::path seconds_file(const StudySession& session) const;

  // Errors: those of read_session; bad_input: this recording (by its bytes) or id is in the study already, or
  // the person has another session at that time; wrong_use: a name that cannot name a file; failed: somebody
  // else is adding.
  Result<StudySession> add(const NewSession& wanted);
  // Sessions that were made, not recorded; at once, unchecked.
  Status add_made(const std::vector<StudySession>& made);

  [[nodiscard]] Result<std::vector<SurveyScore>> surveys() const;
  // Adds the lines of a survey table and tells how many. Errors (bad_input): see read_surveys; a score that
  // is there already. Nothing is added then.
  Result<std::int64_t> add_surveys(const std::filesystem::path& csv);

 private:
  Study(std::filesystem::path folder, StudySettings settings)
      : folder_(std::move(folder)), settings_(std::move(settings)) {}
  Status read_sessions();
  Status write_sessions() const;
  [[nodiscard]] std::string next_id(const std::string& person) const;
  [[nodiscard]] Status check_new(const StudySession& session) const;

  std::filesystem::path folder_;
  StudySettings settings_;
  std::vector<StudySession> sessions_;
};

// person,time_utc,instrument,version,scale,score,percent,category,answered,items, in any order. Errors
// (bad_input) name file and line: a column missing, an impossible time, number or percentage, more answers
// than items, the same scale of the same person and time twice.
[[nodiscard]] Result<std::vector<SurveyScore>> read_surveys(const std::filesystem::path& csv);

}  // namespace pyro::study

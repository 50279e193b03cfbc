// What is exported, read from the files that the verbs write. A person is a pseudonym throughout: letters,
// digits, '.', '_' and '-', so that no name in plain words gets into an export.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/records/signals.hpp"
#include "pyro/report/frames_reader.hpp"

namespace pyro::fhir {

// Error: wrong_use.
[[nodiscard]] Status check_person(const std::string& person);

struct Model {
  std::string name, version;
};

// One person of a run. Times are UTC as utc_text writes them.
struct Session {
  std::string software_version;
  bool complete = false;  // the run finished or was stopped; else it failed or goes on
  std::string written;    // when session.json was
  std::vector<Model> models;
  std::string settings, settings_hash;
  std::int64_t face_id = 0;
  std::string start, end;  // the person's first and last frame
  std::int64_t frames = 0, valid_frames = 0;
  // None where no frame was valid, or none of the kind that it needs.
  std::optional<double> mean_score, volatility, score_final, index;
  std::optional<double> perclos;  // share, 0..1
  std::optional<double> blink_rate_per_min;
  std::optional<std::array<double, records::kClasses>> probabilities;  // means over the valid frames
};

// From session.json and, for the probabilities and the end, frames.csv in the run's folder. `face_id`: whom,
// as session.csv has it; needed where there is more than one person. Errors (bad_input): a file is missing or
// not ours, nobody or more than one person is in it; wrong_use: nobody has that face_id.
[[nodiscard]] Result<Session> read_session(const std::filesystem::path& run,
                                           std::optional<std::int64_t> face_id);

// What session.json does not tell: the end and the mean probabilities of session.face_id, from the frames.
[[nodiscard]] Status add_frames(report::FramesReader& frames, Session& session);

// A row of responses.csv: person,time_utc,instrument,version,language,item1,…,itemN.
struct Response {
  std::string instrument, version, language, time;
  std::vector<std::optional<int>> answers;  // none: left out
};
// A row of scores.csv: person,time_utc,instrument,version,scale,score,percent,category,answered,items.
struct ScaleScore {
  std::string instrument, version, scale, time, category;
  std::optional<double> score, percent;
  std::int64_t answered = 0, items = 0;
};
struct Surveys {
  std::vector<Response> responses;
  std::vector<ScaleScore> scores;
};
// This person's rows of one such file, told apart by its columns; others are passed over. Errors (bad_input)
// name line and column; nobody of that name is in it.
[[nodiscard]] Result<Surveys> read_surveys(std::unique_ptr<std::istream> input, const std::string& name,
                                           const std::string& person);
[[nodiscard]] Result<Surveys> read_surveys(const std::filesystem::path& file, const std::string& person);

// {"schema": "pyrometer-consent/1", "person", "scope": "research" | "treatment" | "patient-privacy",
//  "status": "active" | "inactive", "purpose", "given", "from", "until"}; dates are YYYY-MM-DD, until may be
// absent.
struct Consent {
  std::string person, scope, status, purpose, given, from, until;

  // Whether it is active and the day of that time (UTC) lies within it.
  [[nodiscard]] bool covers(const std::string& time) const;
};
[[nodiscard]] Result<Consent> read_consent(const std::filesystem::path& file);

}  // namespace pyro::fhir

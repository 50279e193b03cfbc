#include "pyro/study/import.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <map>
#include <numbers>
#include <set>

#include "csv_table.hpp"
#include "lids.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/report/run_files.hpp"
#include "pyro/score/scorer.hpp"

namespace pyro::study {
namespace {

// py-feat's own words for the seven, in our order: those of Detector, then those of Detectorv2.
constexpr std::array<std::array<const char*, 2>, records::kClasses> kPyfeatNames{{{"anger", "Anger"},
                                                                                  {"disgust", "Disgust"},
                                                                                  {"fear", "Fear"},
                                                                                  {"happiness", "Happy"},
                                                                                  {"sadness", "Sad"},
                                                                                  {"surprise", "Surprise"},
                                                                                  {"neutral", "Neutral"}}};
constexpr double kMostOffOne = 0.01;

// A face without a box: its pose is known all the same. Infinite, so that it is a face and its cells are
// empty.
void no_box(records::FaceBox& box) {
  box.width = std::numeric_limits<float>::infinity();
  box.x = box.y = box.height = records::kNoValue;
}

Result<float> real(const CsvTable& table, const std::string& column) {
  const Result<std::optional<double>> value = table.number(column);
  if (!value) return tl::make_unexpected(value.error());
  return *value ? static_cast<float>(**value) : records::kNoValue;
}

// One row as the tool has it, before score and blinks.
struct ForeignRow {
  records::Observation seen;
  float openness = records::kNoValue;
  std::optional<bool> closed;
};

// What our columns hold and another tool's do not.
void nothing_known(records::Observation& seen) {
  seen.expression = records::Expression::none();
  seen.face.quality.size_px = seen.face.quality.sharpness = seen.face.quality.brightness = records::kNoValue;
  seen.face.quality.contrast = seen.face.quality.presence = records::kNoValue;
}

Result<std::int64_t> frame_number(const CsvTable& table, std::int64_t first) {
  const Result<double> value = table.needed_number("frame");
  if (!value) return tl::make_unexpected(value.error());
  if (*value < static_cast<double>(first) || *value > 1e12 || *value != std::floor(*value))
    return table.wrong("frame", "is no number of a frame");
  return static_cast<std::int64_t>(*value) - first;
}

Result<ForeignRow> openface_row(const CsvTable& table) {
  ForeignRow row;
  nothing_known(row.seen);
  const Result<std::int64_t> frame = frame_number(table, 1);
  const Result<double> time = table.needed_number("timestamp");
  const Result<double> success = table.needed_number("success");
  const Result<std::optional<double>> face = table.number("face_id");
  if (!frame) return tl::make_unexpected(frame.error());
  if (!time) return tl::make_unexpected(time.error());
  if (!success) return tl::make_unexpected(success.error());
  if (!face) return tl::make_unexpected(face.error());
  if (*face && (**face < 0 || **face > 1e9 || **face != std::floor(**face)))
    return table.wrong("face_id", "is no number of a face");
  row.seen.frame = *frame;
  row.seen.time = Seconds{*time};
  row.seen.face.face_id = static_cast<std::int32_t>(face->value_or(0));
  row.seen.valid = *success != 0;
  if (!row.seen.valid) {
    row.seen.face.quality.reason = records::GapReason::no_face;
    return row;
  }
  std::array<float, 6> values{};
  const std::array<const char*, 6> columns{"confidence", "pose_Rx", "pose_Ry", "pose_Rz", "AU45_r", "AU45_c"};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Result<float> value = real(table, columns[i]);
    if (!value) return tl::make_unexpected(value.error());
    values[i] = *value;
  }
  constexpr float kDegrees = 180 / std::numbers::pi_v<float>;
  row.seen.face.quality.presence = values[0];
  // Its camera looks along +z with y down and R = Rx Ry Rz: a positive Ry turns the face to image left.
  row.seen.face.pose.pitch_deg = values[1] * kDegrees;
  row.seen.face.pose.yaw_deg = -values[2] * kDegrees;
  row.seen.face.pose.roll_deg = values[3] * kDegrees;
  no_box(row.seen.face.box);
  constexpr float kMostIntensity = 5;
  if (!std::isnan(values[4])) row.openness = std::clamp(1 - values[4] / kMostIntensity, 0.0F, 1.0F);
  if (!std::isnan(values[5])) row.closed = values[5] != 0;
  return row;
}

Result<ForeignRow> pyfeat_row(const CsvTable& table, double fps,
                              std::map<std::string, std::int32_t>& people) {
  ForeignRow row;
  nothing_known(row.seen);
  const Result<std::int64_t> frame = frame_number(table, 0);
  if (!frame) return tl::make_unexpected(frame.error());
  row.seen.frame = *frame;
  row.seen.time = Seconds{static_cast<double>(*frame) / fps};
  const std::string who{table.text("Identity")};
  row.seen.face.face_id = people.try_emplace(who, static_cast<std::int32_t>(people.size())).first->second;

  double sum = 0;
  int given = 0;
  for (std::size_t i = 0; i < records::kClasses; ++i) {
    const std::string name = kPyfeatNames[i][table.has(kPyfeatNames[i][0]) ? 0 : 1];
    const Result<std::optional<double>> p = table.number(name);
    if (!p) return tl::make_unexpected(p.error());
    if (*p && (**p < 0 || **p > 1)) return table.wrong(name, "is no probability; 0 to 1 is");
    row.seen.expression.p[i] = *p ? static_cast<float>(**p) : records::kNoValue;
    given += *p ? 1 : 0;
    sum += p->value_or(0);
  }
  if (given != 0 && (given != records::kClasses || std::abs(sum - 1) > kMostOffOne))
    return bad_input(table.where() +
                     ": the seven emotions must be given together and sum to 1; they sum to " +
                     std::to_string(sum) + (given == records::kClasses ? "" : ", and some are empty"));
  row.seen.valid = given != 0;
  if (!row.seen.valid) {
    row.seen.face.quality.reason = records::GapReason::no_face;
    return row;
  }
  records::FaceBox& box = row.seen.face.box;
  for (const auto& [column, into] : {std::pair{"FaceRectX", &box.x},
                                     {"FaceRectY", &box.y},
                                     {"FaceRectWidth", &box.width},
                                     {"FaceRectHeight", &box.height},
                                     {"FaceScore", &row.seen.face.quality.presence}}) {
    const Result<float> value = real(table, column);
    if (!value) return tl::make_unexpected(value.error());
    *into = *value;
  }
  if (!(box.width > 0)) no_box(box);
  row.seen.face.pose.yaw_deg = row.seen.face.pose.pitch_deg = row.seen.face.pose.roll_deg = records::kNoValue;
  const Result<float> shut = real(table, "AU43");
  if (!shut) return tl::make_unexpected(shut.error());
  if (!std::isnan(*shut)) {
    row.openness = std::clamp(1 - *shut, 0.0F, 1.0F);
    row.closed = *shut >= 0.5F;
  }
  return row;
}

Status check_columns(const CsvTable& table, Layout layout) {
  if (layout == Layout::openface2) return table.need({"frame", "timestamp", "success"});
  if (Status frame = table.need({"frame"}); !frame) return frame;
  for (const auto& names : kPyfeatNames) {
    if (!table.has(names[0]) && !table.has(names[1])) return table.need({names[0]});
  }
  return {};
}

std::vector<std::string> notes_of(const CsvTable& table, Layout layout) {
  std::vector<std::string> notes;
  if (layout == Layout::openface2) {
    notes.emplace_back(
        "OpenFace gives no expression probabilities: no score, volatility or index can be computed for this "
        "recording. Fatigue cues and head pose are taken.");
    if (!table.has("AU45_c") || !table.has("AU45_r"))
      notes.emplace_back("Without AU45_r and AU45_c there is no eye openness, blink or PERCLOS either.");
  } else {
    notes.emplace_back(
        "py-feat's pose is left out: its unit differs between py-feat's versions and the file does not say "
        "which.");
    if (!table.has("AU43")) notes.emplace_back("Without AU43 there is no eye openness, blink or PERCLOS.");
  }
  notes.emplace_back("Its action units are not the 52 facial actions of ours, which stay empty.");
  return notes;
}

report::Provenance provenance_of(const std::filesystem::path& csv, const ImportOptions& options) {
  report::Provenance about;
  about.software_version = options.software_version;
  about.started = options.start;
  about.input.name = csv.string();
  std::ifstream file{csv, std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  about.input.bytes = static_cast<std::int64_t>(bytes.size());
  about.input.sha256 = sha256_hex(std::string_view{bytes});
  const bool openface = options.layout == Layout::openface2;
  about.models.push_back({openface ? "OpenFace" : "py-feat", openface ? "2" : "unknown", "", ""});
  about.score = options.score;
  about.settings.emplace_back("import", openface ? "openface2" : "pyfeat");
  return about;
}

struct PersonState {
  explicit PersonState(const score::ScoreSettings& settings) : scorer(settings) {}
  score::Scorer scorer;
  LidMeter lids;
};

}  // namespace

Result<Imported> import_run(const std::filesystem::path& csv, const std::filesystem::path& folder,
                            const ImportOptions& options) {
  if (options.layout == Layout::pyfeat && !(options.fps.value_or(0) > 0))
    return wrong_use("py-feat's tables have no exact times; give the video's frames a second by --fps");
  Result<CsvTable> table = CsvTable::open(csv);
  if (!table) return tl::make_unexpected(table.error());
  if (const Status good = check_columns(*table, options.layout); !good)
    return bad_input(good.error().message + "; is it a CSV of this layout?");

  Imported done;
  done.notes = notes_of(*table, options.layout);
  std::optional<report::RunFiles> files;
  std::map<std::int32_t, PersonState> persons;
  std::map<std::string, std::int32_t> people;
  std::vector<records::Observation> frame;
  std::set<std::int32_t> in_frame;
  for (;;) {
    const Result<bool> more = table->next();
    if (!more) return tl::make_unexpected(more.error());
    Result<ForeignRow> row = ForeignRow{};
    if (*more) {
      row = options.layout == Layout::openface2 ? openface_row(*table)
                                                : pyfeat_row(*table, *options.fps, people);
      if (!row) return tl::make_unexpected(row.error());
    }
    if (!frame.empty() && (!*more || row->seen.frame != frame.front().frame)) {
      if (!files) {
        Result<report::RunFiles> made =
            report::RunFiles::create(folder, provenance_of(csv, options), {false, Seconds{3600}});
        if (!made) return tl::make_unexpected(made.error());
        files.emplace(std::move(*made));
      }
      if (const Status written = files->append(frame); !written) return tl::make_unexpected(written.error());
      if (*more && row->seen.time < frame.front().time)
        return bad_input(table->where() + ": the time goes back; sort the rows by time");
      frame.clear();
      in_frame.clear();
    }
    if (!*more) break;
    records::Observation& seen = row->seen;
    if (!in_frame.insert(seen.face.face_id).second)
      return bad_input(table->where() +
                       ": one frame has several faces and nothing tells whose they are; keep the rows of one "
                       "person, or add a column " +
                       (options.layout == Layout::pyfeat ? "Identity" : "face_id"));
    PersonState& person = persons.try_emplace(seen.face.face_id, options.score).first->second;
    seen.utc = options.start + std::chrono::microseconds{std::llround(seen.time.count() * 1e6)};
    if (seen.valid && row->closed) {
      person.lids.update(seen.time, row->openness, *row->closed, seen.fatigue);
    } else {
      person.lids.gap(seen.fatigue);
    }
    seen.score = person.scorer.update(seen.time, seen.valid, seen.expression, seen.fatigue);
    ++done.rows;
    done.valid += seen.valid ? 1 : 0;
    done.scored = done.scored || std::isfinite(seen.score.step);
    frame.push_back(seen);
  }
  if (!files) return bad_input(csv.string() + " has a header and no rows");
  if (const Status finished = files->finish(report::RunState::finished); !finished)
    return tl::make_unexpected(finished.error());
  return done;
}

}  // namespace pyro::study

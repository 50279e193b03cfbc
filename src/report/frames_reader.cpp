#include "pyro/report/frames_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <system_error>

#include "pyro/base/csv_records.hpp"

namespace pyro::report {
namespace {

// The columns that are read besides the seven probabilities.
enum Known : std::size_t {
  kFrame,
  kTime,
  kUtc,
  kFaceId,
  kValid,
  kReason,
  kEyeOpenness,
  kPerclos,
  kEyesClosed,
  kBlinks,
  kBlinkDuration,
  kYawns,
  kNods,
  kProbability,
  kCount = kProbability + records::kClasses
};
constexpr std::array<std::string_view, kProbability> kNames{
    "frame",   "time_s",      "utc",    "face_id",           "valid", "reason", "eye_openness",
    "perclos", "eyes_closed", "blinks", "blink_duration_ms", "yawns", "nods"};
constexpr Seconds kStepWithoutTimes{1.0 / 25};
constexpr double kMostOff = 0.01;

std::string_view known_name(std::size_t column) {
  return column < kProbability ? kNames[column] : records::kEmotionNames[column - kProbability];
}

// What is shown of a cell in an error: printable, short.
std::string shown(std::string_view cell) {
  std::string text{cell.substr(0, 40)};
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) c = '?';
  }
  return "\"" + text + "\"";
}

// "2026-01-31T12:00:00.040000Z", as utc_text writes it.
bool parse_utc(std::string_view text, UtcTime& out) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000000Z";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == '0' ? (text[i] < '0' || text[i] > '9') : text[i] != kForm[i]) return false;
  }
  const auto digits = [text](std::size_t from, std::size_t count) {
    int value = 0;
    std::from_chars(text.data() + from, text.data() + from + count, value);
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year{digits(0, 4)},
                                         std::chrono::month{static_cast<unsigned>(digits(5, 2))},
                                         std::chrono::day{static_cast<unsigned>(digits(8, 2))}};
  if (!date.ok() || digits(11, 2) > 23 || digits(14, 2) > 59 || digits(17, 2) > 59) return false;
  out = std::chrono::sys_days{date} + std::chrono::hours{digits(11, 2)} +
        std::chrono::minutes{digits(14, 2)} + std::chrono::seconds{digits(17, 2)} +
        std::chrono::microseconds{digits(20, 6)};
  return true;
}

}  // namespace

struct FramesReader::Impl {
  Impl(std::unique_ptr<std::istream> input, std::string name) : records(std::move(input), std::move(name)) {
    where.fill(-1);
  }

  Status read_header();
  Status fill(RecordedFrame& out);
  Status fill_probabilities(RecordedFrame& out);

  [[nodiscard]] std::string_view cell(std::size_t column) const {
    return where[column] < 0 ? std::string_view{} : records.cells()[static_cast<std::size_t>(where[column])];
  }
  [[nodiscard]] tl::unexpected<Error> wrong(std::size_t column, const std::string& what) const {
    return bad_input(records.name() + " line " + std::to_string(records.line()) + ", column " +
                     std::string{known_name(column)} + ": " + what);
  }
  // NaN for an empty cell (and for "nan", as some programs write it).
  Result<double> number(std::size_t column) const {
    const std::string_view text = cell(column);
    double value = std::numeric_limits<double>::quiet_NaN();
    if (text.empty()) return value;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || std::isinf(value)) {
      return wrong(column, shown(text) + " is not a number");
    }
    return value;
  }
  // Whole numbers also as "3.0", as programs write them that know no missing integer. `none` for an empty
  // cell.
  template <typename Whole>
  Status whole(std::size_t column, Whole none, Whole& out) const {
    const Result<double> value = number(column);
    if (!value) return tl::make_unexpected(value.error());
    out = none;
    if (std::isnan(*value)) return {};
    constexpr double kMost = sizeof(Whole) == 4 ? 2147483647.0 : 9007199254740992.0;
    if (*value != std::floor(*value) || *value < 0 || *value > kMost) {
      return wrong(column, shown(cell(column)) + " is not a whole number from 0 on");
    }
    out = static_cast<Whole>(*value);
    return {};
  }
  Status real(std::size_t column, float& out) const {
    const Result<double> value = number(column);
    if (!value) return tl::make_unexpected(value.error());
    out = std::abs(*value) < 1e30 || std::isnan(*value) ? static_cast<float>(*value) : records::kNoValue;
    return {};
  }
  Status yes(std::size_t column, bool none, bool& out) const {
    const std::string_view text = cell(column);
    if (text.empty()) {
      out = none;
    } else if (text == "1" || text == "true" || text == "True" || text == "1.0") {
      out = true;
    } else if (text == "0" || text == "false" || text == "False" || text == "0.0") {
      out = false;
    } else {
      return wrong(column, shown(text) + " is neither 0 nor 1");
    }
    return {};
  }

  CsvRecords records;
  std::array<int, kCount> where{};  // the cell of each known column; -1: the file does not have it
  std::size_t width = 0;
  std::int64_t rows = 0;
  Seconds last_time{-std::numeric_limits<double>::infinity()};
};

Status FramesReader::Impl::read_header() {
  const Result<bool> header = records.next();
  if (!header) return tl::make_unexpected(header.error());
  if (!*header) return bad_input(records.name() + " is empty; give a frames.csv");
  width = records.cells().size();
  for (std::size_t i = 0; i < width; ++i) {
    for (std::size_t column = 0; column < kCount; ++column) {
      if (records.cells()[i] != known_name(column)) continue;
      if (where[column] >= 0) return wrong(column, "the header has it twice; leave one");
      where[column] = static_cast<int>(i);
    }
  }
  for (std::size_t column = kProbability; column < kCount; ++column) {
    if (where[column] < 0) {
      return bad_input(records.name() + " has no column " + std::string{known_name(column)} +
                       "; needed are angry, disgust, fear, happy, sad, surprise, neutral");
    }
  }
  return {};
}

Status FramesReader::Impl::fill_probabilities(RecordedFrame& out) {
  double sum = 0;
  std::size_t missing = 0, last_missing = 0;
  for (std::size_t i = 0; i < out.p.size(); ++i) {
    const Result<double> value = number(kProbability + i);
    if (!value) return tl::make_unexpected(value.error());
    if (std::isnan(*value)) {
      ++missing;
      last_missing = i;
    } else if (*value < 0 || *value > 1) {
      return wrong(kProbability + i, shown(cell(kProbability + i)) + " is no probability; give 0 to 1");
    }
    out.p[i] = *value;
    sum += *value;
  }
  if (missing == out.p.size()) return {};
  if (missing > 0)
    return wrong(kProbability + last_missing, "is empty beside others that are not; give all seven or none");
  if (std::abs(sum - 1) > kMostOff) {
    return bad_input(records.name() + " line " + std::to_string(records.line()) +
                     ": the seven probabilities sum to " + std::to_string(sum) + "; they must sum to 1");
  }
  return {};
}

Status FramesReader::Impl::fill(RecordedFrame& out) {
  if (records.cells().size() != width) {
    return bad_input(records.name() + " line " + std::to_string(records.line()) + " has " +
                     std::to_string(records.cells().size()) + " cells, the header " + std::to_string(width) +
                     "; was the file cut?");
  }
  out.line = records.line();
  if (Status good = fill_probabilities(out); !good) return good;

  records::Observation& seen = out.seen;
  const Result<double> time_s = number(kTime);
  if (!time_s) return tl::make_unexpected(time_s.error());
  if (where[kTime] < 0) {
    seen.time = kStepWithoutTimes * static_cast<double>(rows);
  } else if (std::isnan(*time_s)) {
    return wrong(kTime, "is empty; give the seconds from the start");
  } else if (Seconds{*time_s} < last_time) {
    return wrong(kTime, shown(cell(kTime)) + " is before the row above; sort the rows by time");
  } else {
    seen.time = Seconds{*time_s};
  }
  last_time = seen.time;

  seen.utc = {};
  if (!cell(kUtc).empty() && !parse_utc(cell(kUtc), seen.utc)) {
    return wrong(kUtc, shown(cell(kUtc)) + " is not a time like 2026-01-31T12:00:00.040000Z");
  }
  const auto reason =
      std::find(records::kGapReasonNames.begin(), records::kGapReasonNames.end(), cell(kReason));
  if (reason == records::kGapReasonNames.end())
    return wrong(kReason, shown(cell(kReason)) + " is not a known reason");
  seen.face.quality.reason = static_cast<records::GapReason>(reason - records::kGapReasonNames.begin());

  records::FatigueCues& cues = seen.fatigue;
  for (const Status& good :
       {whole(kFrame, rows, seen.frame), whole(kFaceId, where[kFaceId] < 0 ? 0 : -1, seen.face.face_id),
        yes(kValid, !std::isnan(out.p[0]), seen.valid), real(kEyeOpenness, cues.eye_openness),
        real(kPerclos, cues.perclos), yes(kEyesClosed, false, cues.eyes_closed),
        whole(kBlinks, 0, cues.blinks), real(kBlinkDuration, cues.blink_duration_ms),
        whole(kYawns, 0, cues.yawns), whole(kNods, 0, cues.nods)}) {
    if (!good) return good;
  }
  ++rows;
  return {};
}

FramesReader::FramesReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FramesReader::~FramesReader() = default;
FramesReader::FramesReader(FramesReader&&) noexcept = default;
FramesReader& FramesReader::operator=(FramesReader&&) noexcept = default;

Result<FramesReader> FramesReader::open(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return bad_input(path.string() + " is a folder; give the frames.csv in it");
  }
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!*file) return bad_input("cannot open " + path.string() + ": check that it exists and may be read");
  return read(std::move(file), path.string());
}

Result<FramesReader> FramesReader::read(std::unique_ptr<std::istream> input, std::string name) {
  auto impl = std::make_unique<Impl>(std::move(input), std::move(name));
  if (Status good = impl->read_header(); !good) return tl::make_unexpected(good.error());
  return FramesReader{std::move(impl)};
}

Result<bool> FramesReader::next(RecordedFrame& out) {
  Result<bool> more = impl_->records.next();
  if (!more || !*more) return more;
  if (Status good = impl_->fill(out); !good) return tl::make_unexpected(good.error());
  return true;
}

Result<SessionTable> score_recorded(FramesReader& frames, const score::ScoreSettings& settings) {
  SessionTable table{settings, "", score::stable_hash(score::settings_text(settings))};
  std::map<std::int32_t, score::Scorer> scorers;
  RecordedFrame row;
  for (;;) {
    const Result<bool> more = frames.next(row);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) return table;
    row.seen.score = {};
    if (const std::int32_t id = row.seen.face.face_id; id >= 0) {
      score::Scorer& scorer = scorers.try_emplace(id, settings).first->second;
      row.seen.score = scorer.update_recorded(row.seen.time, row.seen.valid, row.p, row.seen.fatigue);
    }
    table.add(row.seen);
  }
}

}  // namespace pyro::report

#include "pyro/archive/summary.hpp"

#include <algorithm>
#include <array>
#include <istream>
#include <memory>
#include <optional>
#include <streambuf>
#include <string_view>

#include "pyro/archive/segments.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/records/signals.hpp"
#include "pyro/report/frames_reader.hpp"
#include "pyro/report/rows.hpp"
#include "pyro/store/segment.hpp"

namespace pyro::archive {
namespace {

std::size_t place_of(std::string_view column) {
  const auto all = report::frame_columns();
  return static_cast<std::size_t>(
      std::ranges::find_if(all, [&](const auto& one) { return one.name == column; }) - all.begin());
}

void add_row(MeanExpressions& means, const store::Segment& segment, std::size_t row) {
  static const std::size_t face_at = place_of("face_id"), first = place_of(records::kEmotionNames.front());
  const report::Cell face = segment.cell(row, face_at);
  if (!std::holds_alternative<std::int64_t>(face)) return;
  std::array<double, records::kClasses> p{};
  for (std::size_t i = 0; i < p.size(); ++i) {
    const report::Cell cell = segment.cell(row, first + i);
    if (!std::holds_alternative<double>(cell)) return;
    p[i] = std::get<double>(cell);
  }
  means.add(std::get<std::int64_t>(face), p);
}

// A session's segments as the frames.csv that they are, a page at a time.
class SegmentCsv : public std::streambuf {
 public:
  SegmentCsv(store::Connection& in, std::string session) : in_(in), session_(std::move(session)) {}
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const MeanExpressions& means() const { return means_; }

 protected:
  int_type underflow() override {
    text_.clear();
    const auto segments = segments_after(in_, session_, after_, 600);
    if (!segments) error_ = segments.error();
    if (!segments || segments->empty()) return traits_type::eof();
    for (const StoredSegment& one : *segments) {
      const auto segment = store::Segment::decode(one.bytes);
      if (!segment) {
        error_ = segment.error();
        return traits_type::eof();
      }
      if (!begun_) report::append_csv_header(text_, report::frame_columns());
      begun_ = true;
      for (std::size_t row = 0; row < segment->rows(); ++row) {
        segment->append_csv(text_, row);
        add_row(means_, *segment, row);
      }
      after_ = one.last_frame;
    }
    setg(text_.data(), text_.data(), text_.data() + text_.size());
    return traits_type::to_int_type(text_.front());
  }

 private:
  store::Connection& in_;
  std::string session_, text_;
  std::int64_t after_ = -1;
  bool begun_ = false;
  MeanExpressions means_;
  std::optional<Error> error_;
};

Json empty_summary(const score::ScoreSettings& settings) {
  return {{"people", Json::array()},
          {"frames", 0},
          {"gaps", Json::object()},
          {"score", score::settings_text(settings)},
          {"notice", kNotice}};
}

}  // namespace

void MeanExpressions::add(std::int64_t face, std::span<const double, records::kClasses> p) {
  Sums& sums = of_[face];
  ++sums.frames;
  for (std::size_t i = 0; i < sums.p.size(); ++i) sums.p[i] += p[i];
}

Json MeanExpressions::of(std::int64_t face) const {
  const auto found = of_.find(face);
  if (found == of_.end()) return nullptr;
  Json out = Json::array();
  for (const double sum : found->second.p) out.push_back(sum / static_cast<double>(found->second.frames));
  return out;
}

Json summary_of(const report::SessionTable& table, const MeanExpressions& means,
                const score::ScoreSettings& settings) {
  Json out = empty_summary(settings);
  for (const report::PersonSummary& person : table.persons()) {
    std::string row;
    report::append_json(row, report::session_columns(), person);
    Json& told = out["people"].emplace_back(Json::parse(row));
    told["p"] = means.of(told.at("face_id").get<std::int64_t>());
  }
  out["frames"] = table.frames();
  for (std::size_t i = 1; i < records::kGapReasonNames.size(); ++i) {
    if (table.gaps()[i] > 0) out["gaps"][std::string{records::kGapReasonNames[i]}] = table.gaps()[i];
  }
  return out;
}

Result<Json> summary_of(store::Connection& in, const std::string& session,
                        const score::ScoreSettings& settings) {
  const Result<LastKept> last = last_kept(in, session);
  if (!last) return tl::make_unexpected(last.error());
  if (last->segments == 0) return empty_summary(settings);
  SegmentCsv segments(in, session);
  auto frames = report::FramesReader::read(std::make_unique<std::istream>(&segments), "session " + session);
  if (const std::optional<Error> broken = segments.error()) return tl::make_unexpected(*broken);
  if (!frames) return tl::make_unexpected(frames.error());
  const Result<report::SessionTable> table = report::score_recorded(*frames, settings);
  if (const std::optional<Error> broken = segments.error()) return tl::make_unexpected(*broken);
  if (!table) return tl::make_unexpected(table.error());
  return summary_of(*table, segments.means(), settings);
}

}  // namespace pyro::archive

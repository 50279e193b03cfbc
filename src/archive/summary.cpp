#include "pyro/archive/summary.hpp"

#include <istream>
#include <memory>
#include <optional>
#include <streambuf>

#include "pyro/archive/segments.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/report/frames_reader.hpp"
#include "pyro/report/rows.hpp"
#include "pyro/store/segment.hpp"

namespace pyro::archive {
namespace {

// A session's segments as the frames.csv that they are, a page at a time.
class SegmentCsv : public std::streambuf {
 public:
  SegmentCsv(store::Connection& in, std::string session) : in_(in), session_(std::move(session)) {}
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

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
      for (std::size_t row = 0; row < segment->rows(); ++row) segment->append_csv(text_, row);
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
  std::optional<Error> error_;
};

Json empty_summary() {
  return {{"people", Json::array()}, {"frames", 0}, {"notice", kNotice}};
}

}  // namespace

Json summary_of(const report::SessionTable& table) {
  Json out = empty_summary();
  for (const report::PersonSummary& person : table.persons()) {
    std::string row;
    report::append_json(row, report::session_columns(), person);
    out["people"].push_back(Json::parse(row));
  }
  out["frames"] = table.frames();
  return out;
}

Result<Json> summary_of(store::Connection& in, const std::string& session,
                        const score::ScoreSettings& settings) {
  const Result<LastKept> last = last_kept(in, session);
  if (!last) return tl::make_unexpected(last.error());
  if (last->segments == 0) return empty_summary();
  SegmentCsv segments(in, session);
  auto frames = report::FramesReader::read(std::make_unique<std::istream>(&segments), "session " + session);
  if (const std::optional<Error> broken = segments.error()) return tl::make_unexpected(*broken);
  if (!frames) return tl::make_unexpected(frames.error());
  const Result<report::SessionTable> table = report::score_recorded(*frames, settings);
  if (const std::optional<Error> broken = segments.error()) return tl::make_unexpected(*broken);
  if (!table) return tl::make_unexpected(table.error());
  return summary_of(*table);
}

}  // namespace pyro::archive

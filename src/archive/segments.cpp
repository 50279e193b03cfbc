#include "pyro/archive/segments.hpp"

#include <algorithm>

#include "pyro/archive/rows.hpp"
#include "pyro/report/rows.hpp"

namespace pyro::archive {

Result<LastKept> last_kept(store::Connection& in, const std::string& session) {
  const Result<store::Rows> rows = in.query(
      "SELECT number, last_seq FROM segment WHERE session = $1 ORDER BY number DESC LIMIT 1", session);
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty()) return LastKept{};
  return LastKept{std::get<std::int64_t>(rows->front()[1]), std::get<std::int64_t>(rows->front()[0]) + 1};
}

Status keep_segments(store::Connection& to, const std::string& session,
                     std::span<const std::span<const records::Observation>> segments) {
  if (segments.empty()) return {};
  const Result<LastKept> last = last_kept(to, session);
  if (!last) return tl::make_unexpected(last.error());
  LastKept now = *last;
  std::vector<store::Row> rows;
  rows.reserve(segments.size());
  for (const std::span<const records::Observation> one : segments) {
    if (one.front().frame <= now.frame)
      return bad_input("frame " + std::to_string(one.front().frame) + " was kept already; the last one is " +
                       std::to_string(now.frame));
    Result<std::string> bytes = store::encode_segment(one);
    if (!bytes) return tl::make_unexpected(bytes.error());
    rows.push_back({session, now.segments, one.front().frame, one.back().frame, us_of(one.front().utc),
                    us_of(one.back().utc), store::Blob{std::move(*bytes)}});
    now = {one.back().frame, now.segments + 1};
  }
  return to.insert("segment", "session, number, first_seq, last_seq, first_us, last_us, bytes", rows);
}

Status keep_segment(store::Connection& to, const std::string& session,
                    std::span<const records::Observation> observations) {
  if (observations.empty()) return {};
  return keep_segments(to, session, std::span{&observations, 1});
}

Result<std::vector<StoredSegment>> segments_after(store::Connection& in, const std::string& session,
                                                  std::int64_t after, std::int64_t most_frames) {
  // A segment is a second; at 60 fps one holds 60 frames, at 1 fps one.
  const Result<store::Rows> rows = in.query(
      "SELECT first_seq, last_seq, first_us, last_us, bytes FROM segment WHERE session = $1 AND last_seq > "
      "$2 ORDER BY number LIMIT " +
          std::to_string(std::max<std::int64_t>(1, most_frames)),
      session, after);
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<StoredSegment> out;
  std::int64_t frames = 0;
  for (const store::Row& row : *rows) {
    StoredSegment one{std::get<std::int64_t>(row[0]), std::get<std::int64_t>(row[1]),
                      time_of_us(std::get<std::int64_t>(row[2])), time_of_us(std::get<std::int64_t>(row[3])),
                      std::get<store::Blob>(row[4]).bytes};
    frames += one.last_frame - one.first_frame + 1;
    if (!out.empty() && frames > most_frames) break;
    out.push_back(std::move(one));
  }
  return out;
}

Status each_segment(store::Connection& in, const std::string& session,
                    const std::function<Status(const store::Segment&)>& visit) {
  constexpr std::int64_t kFramesAtOnce = 3000;
  std::int64_t after = -1;
  while (true) {
    const auto segments = segments_after(in, session, after, kFramesAtOnce);
    if (!segments) return tl::make_unexpected(segments.error());
    if (segments->empty()) return {};
    for (const StoredSegment& one : *segments) {
      const auto segment = store::Segment::decode(one.bytes);
      if (!segment) return tl::make_unexpected(segment.error());
      if (Status visited = visit(*segment); !visited) return visited;
      after = one.last_frame;
    }
  }
}

Result<std::string> session_csv(store::Connection& in, const std::string& session) {
  std::string csv;
  const Status read = each_segment(in, session, [&](const store::Segment& segment) -> Status {
    if (csv.empty()) report::append_csv_header(csv, report::frame_columns());
    for (std::size_t row = 0; row < segment.rows(); ++row) segment.append_csv(csv, row);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  return csv;
}

}  // namespace pyro::archive

// Observations, kept second by second.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/records/observation.hpp"
#include "pyro/store/database.hpp"
#include "pyro/store/segment.hpp"

namespace pyro::archive {

// Segments are numbered in the order in which they are kept; a number is used once.
[[nodiscard]] Status keep_segment(store::Connection& to, const std::string& session,
                                  std::span<const records::Observation> observations);
// Many at once, in order of frames, for what they would take one by one of a database that is another
// process. None is empty.
[[nodiscard]] Status keep_segments(store::Connection& to, const std::string& session,
                                   std::span<const std::span<const records::Observation>> segments);

struct StoredSegment {
  std::int64_t first_frame = 0, last_frame = 0;
  UtcTime first{}, last{};
  std::string bytes;  // store/segment.hpp
};
// Those with a frame behind `after`, in order of frames, as many as hold about `most_frames`.
[[nodiscard]] Result<std::vector<StoredSegment>> segments_after(store::Connection& in,
                                                                const std::string& session,
                                                                std::int64_t after, std::int64_t most_frames);
// All of them in order, decoded one after the other; an error of `visit` ends it.
[[nodiscard]] Status each_segment(store::Connection& in, const std::string& session,
                                  const std::function<Status(const store::Segment&)>& visit);
// All of them as the frames.csv that they are; empty: nothing was kept.
[[nodiscard]] Result<std::string> session_csv(store::Connection& in, const std::string& session);
// The last frame that was kept; −1: none.
struct LastKept {
  std::int64_t frame = -1;
  std::int64_t segments = 0;
};
[[nodiscard]] Result<LastKept> last_kept(store::Connection& in, const std::string& session);

}  // namespace pyro::archive

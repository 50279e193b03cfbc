// What was seen in a stretch of a session, from the kept observations.
#pragma once

#include <array>
#include <optional>

#include "pyro/archive/rows.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::serve {

struct Stretch {
  UtcTime from, until;  // both included
};

struct Moments {
  std::int64_t frames = 0;                    // with an expression
  std::array<double, records::kClasses> p{};  // sums
  double score = 0, deviation = 0;            // sums of S_t and of |S_t − around|
};
// Of one face, or of all where face_id is not known. S_t as the thesis profile has it, from the recorded
// probabilities.
[[nodiscard]] Result<Moments> moments_of(store::Connection& in, const std::string& session,
                                         std::optional<std::int64_t> face_id, const Stretch& stretch,
                                         double around = 0);

// A session's own mean of S_t and whose it is: from its figures where it has ended, else from all that was
// kept so far.
struct SessionMean {
  std::optional<std::int64_t> face_id;
  double mean = 0;
};
[[nodiscard]] Result<std::optional<SessionMean>> session_mean(store::Connection& in,
                                                              const archive::Json& session);

}  // namespace pyro::serve

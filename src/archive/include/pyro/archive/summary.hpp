// The figures of a session, from the observations that were kept of it: what session.csv has,
// and each face's mean probabilities (p), from which trends of expressions over weeks are told.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>

#include "pyro/archive/rows.hpp"
#include "pyro/records/signals.hpp"
#include "pyro/report/session_table.hpp"
#include "pyro/score/settings.hpp"

namespace pyro::archive {

// The mean probabilities of each face over its frames that have them.
class MeanExpressions {
 public:
  void add(std::int64_t face, std::span<const double, records::kClasses> p);
  [[nodiscard]] Json of(std::int64_t face) const;  // null where it had none

 private:
  struct Sums {
    std::int64_t frames = 0;
    std::array<double, records::kClasses> p{};
  };
  std::map<std::int64_t, Sums> of_;
};

// {"people":[{"face_id":0,"frames":…,"index":…},…],"frames":…,"gaps":{"too_dark":…},"score":"alpha=1;…",
// "notice":"Not a diagnosis: …"}; an empty list where nothing was kept.
[[nodiscard]] Json summary_of(const report::SessionTable& table, const MeanExpressions& means,
                              const score::ScoreSettings& settings);
[[nodiscard]] Result<Json> summary_of(store::Connection& in, const std::string& session,
                                      const score::ScoreSettings& settings);

}  // namespace pyro::archive

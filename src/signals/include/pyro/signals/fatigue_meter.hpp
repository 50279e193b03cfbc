// Fatigue cues of one face over time: one meter per track. All windows and limits are in time, so 10, 25 and
// 60 frames a second agree. Definitions, figures and limits: docs/fatigue.md.
#pragma once

#include <memory>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/records/face.hpp"
#include "pyro/records/signals.hpp"
#include "pyro/signals/fatigue_settings.hpp"

namespace pyro::signals {

// Not thread-safe. Nothing is allocated after construction; about 12 kB.
class FatigueMeter {
 public:
  explicit FatigueMeter(const FatigueSettings& settings = {}, const FatigueCalibration& calibration = {});
  ~FatigueMeter();
  FatigueMeter(FatigueMeter&&) noexcept;
  FatigueMeter& operator=(FatigueMeter&&) noexcept;

  // Times must not go back (a frame at or before the last one only repeats the counts). A face without a
  // mesh, or one whose quality names a reason, is a gap: eyes that are not seen are neither open nor shut.
  records::FatigueCues update(Seconds time, const records::FaceMesh& face);
  // A frame in which this person is not seen.
  records::FatigueCues gap(Seconds time);

  // What was learned of this person at rest. Errors: less than `needed` of usable face so far (wrong_use).
  [[nodiscard]] Result<FatigueCalibration> calibration(Seconds needed = Seconds{20}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::signals

// One face in one frame with all that was read from it: the row of frames.csv, the JSON message, the Parquet
// row. A frame without a face is one Observation with face.face_id = -1 and the reason.
#pragma once

#include "pyro/records/face.hpp"
#include "pyro/records/frame.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::records {

struct Observation {
  std::int64_t frame = 0;
  Seconds time{0};
  UtcTime utc{};
  FaceMesh face;
  bool valid = false;  // expression (and so score) are real; else face.quality.reason says why not
  Expression expression;
  FatigueCues fatigue;
  BurnoutScore score;
};

}  // namespace pyro::records

// The irises' points for a mesh that has none. Private to the room.
#pragma once

#include <array>

#include "pyro/records/face.hpp"

namespace pyro::face {

// What would be points 468..477: right iris (centre, then four points around it), left iris.
using IrisEstimate = std::array<records::Point2, 10>;

// A guess from the eyes' contours alone: the gaze is taken as straight ahead, so eyeLook* of the facial
// actions say little on the fast path.
[[nodiscard]] IrisEstimate estimate_irises(const records::FaceMesh& face);

}  // namespace pyro::face

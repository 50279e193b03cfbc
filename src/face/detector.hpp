// What a face detector does. Private to the room.
#pragma once

#include <memory>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/face/face_finder.hpp"
#include "pyro/records/face.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::face {

class Detector {
 public:
  virtual ~Detector() = default;
  // The faces of the frame into `out` (cleared first), best first; each once. `search` is quick or thorough.
  virtual Status detect(const records::Frame& frame, Search search, std::vector<records::FaceBox>& out) = 0;
  // Where the mesh network should look for this face.
  [[nodiscard]] virtual records::FaceRegion region_of(const records::FaceBox& box) const = 0;
};

}  // namespace pyro::face

// What the verb explain and the job of that name share.
#pragma once

#include <string>

#include "pyro/explain/picture_report.hpp"
#include "pyro/signals/class_maps.hpp"

namespace pyro::cli {

// What stays the same from face to face.
struct Explainer {
  signals::ClassMapNet net;
  std::string model, head;
  std::string target;  // empty: each face's own label
  explain::FaithfulnessOptions options;
};
// One cut-out face of a picture; `number` from 1 on, best first. Error: the engine failed.
[[nodiscard]] Result<explain::FaceExplanation> explain_face(Explainer& by, const std::string& image,
                                                            int number, const crop::GreyFace& picture);

}  // namespace pyro::cli

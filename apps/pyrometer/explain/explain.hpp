// explain: a verb for pictures, with a verb of its own for sessions.
#pragma once

#include "../cli.hpp"
#include "pyro/explain/picture_report.hpp"
#include "pyro/signals/class_maps.hpp"

namespace pyro::cli {

void add_explain(CLI::App& app, Chosen& chosen);
void add_explain_session(CLI::App& explain, Chosen& chosen);

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

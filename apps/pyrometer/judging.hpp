// A model over labelled pictures: what evaluate, audit and map share.
#pragma once

#include <functional>
#include <stop_token>

#include "cli.hpp"
#include "pyro/datasets/evaluation.hpp"
#include "pyro/datasets/predictions.hpp"
#include "pyro/pipeline/stills.hpp"

namespace pyro::cli {

// What is judged, and how; every step of it can leave pictures out and says how many.
struct JudgedTask {
  datasets::JudgedItems judged;
  datasets::Protocol protocol;
  bool labelled = true;  // false: the set tells no classes
};

// Which pictures of a set, and what is held true of them.
struct JudgedFlags {
  std::string dataset, labels;
  bool cropped = false;          // each picture is one cropped face
  std::string truth = "labels";  // or votes: the FER+ majority from `votes`, else from the CSV beside the set
  std::string votes;
  std::string twins_of;  // pictures that are pixel for pixel in that set are left out
};
// `names` of the option that gives the set.
void add_judged_flags(CLI::App& verb, JudgedFlags& flags, const std::string& names = "--dataset");
// Errors: a set or a picture cannot be read, no CSV with votes (wrong_use) or one that does not fit, nothing
// is left to judge.
[[nodiscard]] Result<JudgedTask> task_of(const JudgedFlags& flags);

// Who waits for it: how far it is (0..1), and whether it is to end early, besides the program's own end.
struct Pace {
  std::function<void(double)> progress = {};
  std::stop_token stop = {};
};

// What the reader says of each picture, in order; of several faces in a picture the best counts. A picture
// that holds its 48×48 face is read as that. A picture without a usable face is missed and says why. Latency
// is the network's for a face that is cut out, else that of detector, mesh and network, without decoding.
// Ends early when the program is interrupted: the caller asks. Errors: a picture that cannot be read
// (bad_input, naming it), the engine.
[[nodiscard]] Result<std::vector<datasets::Prediction>> predictions_of(
    pipeline::StillReader& reader, const std::vector<datasets::Item>& items, const Pace& pace = {});

// The face of each picture, in order, as the expression network sees it: of several the best; or why none is
// usable. The reader need not read expressions. Ends early and fails as above.
struct SeenFace {
  std::optional<crop::GreyFace> face;
  std::string missed_because = {};
};
[[nodiscard]] Result<std::vector<SeenFace>> faces_of(pipeline::StillReader& reader,
                                                     const std::vector<datasets::Item>& items,
                                                     const Pace& pace = {});

}  // namespace pyro::cli

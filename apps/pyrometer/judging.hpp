// A model over labelled pictures: what evaluate, audit and map share.
#pragma once

#include "pyro/datasets/evaluation.hpp"
#include "pyro/datasets/predictions.hpp"
#include "stills.hpp"

namespace pyro::cli {

// What is judged, and how; every step of it can leave pictures out and says how many.
struct JudgedTask {
  datasets::JudgedItems judged;
  datasets::Protocol protocol;
};
[[nodiscard]] datasets::JudgedItems all_of(std::vector<datasets::Item> items);
// Pictures that are pixel for pixel in the set `of`. Errors: it or a picture cannot be read, none is left.
[[nodiscard]] Status leave_out_twins(const std::string& of, JudgedTask& task);
// Labels from the FER+ votes in `votes`, or where that is empty in the CSV beside `dataset`, which had
// `pictures` before any was left out. Errors: no such CSV (wrong_use), it does not fit, none has a majority.
[[nodiscard]] Status label_by_votes(const std::string& dataset, const std::string& votes,
                                    std::size_t pictures, JudgedTask& task);

// What the reader says of each picture, in order; of several faces in a picture the best counts. A picture
// that holds its 48×48 face is read as that. A picture without a usable face is missed and says why. Latency
// is the network's for a face that is cut out, else that of detector, mesh and network, without decoding.
// Ends early when the program is interrupted: the caller asks. Errors: a picture that cannot be read
// (bad_input, naming it), the engine.
[[nodiscard]] Result<std::vector<datasets::Prediction>> predictions_of(
    StillReader& reader, const std::vector<datasets::Item>& items);

// The face of each picture, in order, as the expression network sees it: of several the best; or why none is
// usable. The reader need not read expressions. Ends early and fails as above.
struct SeenFace {
  std::optional<crop::GreyFace> face;
  std::string missed_because = {};
};
[[nodiscard]] Result<std::vector<SeenFace>> faces_of(StillReader& reader,
                                                     const std::vector<datasets::Item>& items);

}  // namespace pyro::cli

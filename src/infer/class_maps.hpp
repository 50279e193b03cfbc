// Class activation maps (Zhou et al. 2016) out of a classifier's own graph. Private to the room.
#pragma once

#include <openvino/openvino.hpp>

#include "pyro/base/result.hpp"

namespace pyro::infer {

// For each output softmax(weights · mean over the places of maps + bias), in order, appends an output [1,
// classes, h, w]: weights · maps at every place. Its mean over the places, with the bias, is the logit.
// Error (wrong_use), which names `model`: no output is of that kind.
[[nodiscard]] Status add_class_maps(ov::Model& graph, const std::string& model);

}  // namespace pyro::infer

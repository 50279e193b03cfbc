// The encoder of a map as the inference engine's own model; no libtorch here.
#pragma once

#include <filesystem>
#include <memory>
#include <openvino/core/model.hpp>

#include "export/arrays.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

// Input "embedding" [1, e]; output "map" [1, 2], and "fitted" [m, 3]: where faces lie that the map was fitted
// on, and their class. `arrays`: "layer<i>.weight" [out, in] and ".bias" [out], "fitted"; its about says how
// many "layers" there are and, as "expression_weights", the SHA-256 of the .bin that the embeddings are of,
// which goes into the model. Errors (bad_input): arrays that are no encoder.
Result<std::shared_ptr<ov::Model>> build_map(const Arrays& arrays);

}  // namespace pyro::training

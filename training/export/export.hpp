// The verb that hands a trained network to the runtime.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "datasets/samples.hpp"
#include "nets/net.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

enum class ExportPrecision { f32, int8 };

struct ExportOptions {
  ExportPrecision precision = ExportPrecision::f32;
  // By which each head's logits are divided (Guo et al. 2017), fitted by `pyrometer evaluate --calibrate-on`:
  // the exported probabilities are the scaled ones.
  double product_temperature = 1;
  double fer2013_temperature = 1;
};

// The program of `net`, and what the net answers to `input` [n, 1, 48, 48] in evaluation mode:
// "reference.input", "reference.product" and "reference.fer2013" (probabilities) and "reference.embedding".
// The other side compares itself with these.
Arrays arrays_with_reference(Net& net, const torch::Tensor& input);

// Lets pyrometer-ir (a program of its own beside this one, without libtorch) write out/expression.xml and
// .bin from the averaged weights, and returns what that measured: the largest differences between the two on
// 256 of the data's pictures, and milliseconds a face. INT8 is calibrated on up to 512 others of them.
// Beside the model lies record.json, which `pyrometer models add` takes up: settings, data and figures of the
// run. Errors: bad weights or data, a folder that cannot be written, pyrometer-ir missing or failing, a
// difference of 1e-4 or more (INT8: more than a tenth of the answers changed).
Result<nlohmann::json> export_ir(const std::filesystem::path& weights, const std::vector<Source>& data,
                                 const std::filesystem::path& out, const ExportOptions& options);

}  // namespace pyro::training

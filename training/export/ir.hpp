// From a program of plain steps to the inference engine's own model; no libtorch here.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <openvino/core/model.hpp>

#include "export/program.hpp"
#include "export/quantise.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

// Input "face" [1, 1, 48, 48], normalised by crop::normalise. Outputs "product" [1, 7] and "fer2013" [1, 7]
// (probabilities, sum 1) and "embedding" [1, n]. With `ranges` the convolutions are wrapped in FakeQuantize,
// which the engine runs in INT8. Errors (bad_input): weights that do not make a network.
Result<std::shared_ptr<ov::Model>> build_model(const Program& program, const Ranges* ranges = nullptr);

// The ranges of `pictures` [n, 1, 48, 48], normalised. Errors (failed): the engine cannot run the network.
Result<Ranges> calibrated(const Program& program, const Array& pictures);

// Writes <path>.xml's weights beside it as .bin, in FP32. Errors (failed): cannot be written.
Status save_model(const std::shared_ptr<ov::Model>& model, const std::filesystem::path& xml);

// Largest differences from the reference arrays ("reference.input" and one for each output, by its name), on
// the model as read back from the file, one thread: {"n", "product", "fer2013", "embedding"}, and how many of
// the answers with seven values name another class: {"product_changed", "fer2013_changed"}.
enum class Arithmetic { f32, bf16 };
Result<nlohmann::json> compare(const std::filesystem::path& xml, const Arrays& arrays, Arithmetic arithmetic);

// Milliseconds a face, one call after the other on one thread: {"calls", "median_ms", "p10_ms", "p90_ms"}.
Result<nlohmann::json> time_calls(const std::filesystem::path& xml, Arithmetic arithmetic, int calls);

}  // namespace pyro::training

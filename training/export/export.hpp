// The verb that hands a trained network to the runtime.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "pyro/base/result.hpp"

namespace pyro::training {

// Folds the averaged weights, lets pyrometer-ir (a program of its own beside this one, without libtorch)
// write out/expression.xml and .bin, and returns what that measured: the largest differences between the two
// on 256 PublicTest pictures and milliseconds a face. Errors: bad weights or data, a folder that cannot be
// written, pyrometer-ir missing or failing, a difference of 1e-4 or more.
Result<nlohmann::json> export_ir(const std::filesystem::path& weights, const std::filesystem::path& data,
                                 const std::filesystem::path& out);

}  // namespace pyro::training

// The runtime's class activation maps of an exported model, for tests and comparisons.
#pragma once

#include <filesystem>

#include "export/arrays.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

// `faces` [n, 1, 48, 48], normalised. Returns "product" and "fer2013" [n, 7, h, w]. Errors: no expression
// model with such maps; the engine failed.
Result<Arrays> class_maps(const std::filesystem::path& xml, const Array& faces);

}  // namespace pyro::training

// The two linear heads of an expression model as the runtime has it: read, and exchanged for others.
#pragma once

#include <filesystem>

#include "export/arrays.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

// `faces` [n, 1, 48, 48], normalised. Returns "embedding" [n, e], and "product.weight" [7, e], "product.bias"
// [7], and the same of fer2013. Runs `threads` faces side by side. Errors: no expression model (bad_input),
// the engine refuses it (failed).
Result<Arrays> embeddings_and_heads(const std::filesystem::path& xml, const Array& faces, int threads);

// Writes the model with those heads that `heads` names ("product.weight" and "product.bias", or fer2013's) to
// `out`; all else stays bit for bit. Errors (bad_input): no expression model, other shapes; (failed): it
// cannot be written.
Status replace_heads(const std::filesystem::path& xml, const Arrays& heads, const std::filesystem::path& out);

}  // namespace pyro::training

// What pictures, files and data sets are told by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "datasets/fer2013.hpp"
#include "pyro/base/result.hpp"
#include "pyro/crop/expression_input.hpp"

namespace pyro::training {

// 48 bits of a hash (FNV-1a), as two whole numbers of 24 bits in a file of floats.
[[nodiscard]] std::uint64_t picture_key(const crop::GreyFace& face);

// SHA-256 over the files' bytes. Errors (bad_input): a file cannot be read.
[[nodiscard]] Result<std::string> file_fingerprint(const std::vector<std::filesystem::path>& files);

// SHA-256 over pixels and targets (four digits each), whatever the order: the same pictures with the same
// labels, the same text.
[[nodiscard]] std::string data_fingerprint(const std::vector<const Sample*>& samples);

// What a model's record says of its data: {"fingerprint", "counts": {"fit": {class: n}, "held_out": {…}}}.
[[nodiscard]] nlohmann::json facts_of(const Split& data);

}  // namespace pyro::training

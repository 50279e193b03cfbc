// Named float arrays in one plain file: the bridge from the process with libtorch to the one with the
// inference engine.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::training {

struct Array {
  std::vector<std::size_t> shape;
  std::vector<float> values;  // row-major

  bool operator==(const Array&) const = default;
};

struct Arrays {
  nlohmann::json about;
  std::map<std::string, Array> items;
};

// Layout: "PYROARR1", header length as 8 bytes little-endian, header (JSON: about, and name and shape of each
// array in order), then the values as little-endian float32. Errors: failed (writing), bad_input (missing,
// damaged).
Status write_arrays(const std::filesystem::path& path, const Arrays& arrays);
Result<Arrays> read_arrays(const std::filesystem::path& path);

}  // namespace pyro::training

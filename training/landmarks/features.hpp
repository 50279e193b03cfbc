// The table that `pyrometer dataset landmarks` writes: of each picture the measures of its mesh and what the
// expression network says of it.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "datasets/fer2013.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

inline constexpr std::array<const char*, 2> kHeads = {"product", "fer2013"};

struct Measured {
  bool mesh = false;
  std::array<Distribution, kHeads.size()> network{};  // probabilities of each head
  std::vector<float> features;                        // NaN: not known
};

struct FeatureTable {
  std::vector<std::string> names;
  std::unordered_map<std::string, Measured> by_picture;  // by datasets::digest_of, as 32 hex digits

  // nullptr: the table does not have this picture.
  [[nodiscard]] const Measured* find(const crop::GreyFace& face) const;
};

// Errors (bad_input) name file and line: not such a table, another number of cells, no number.
[[nodiscard]] Result<FeatureTable> read_features(const std::filesystem::path& file);

}  // namespace pyro::training

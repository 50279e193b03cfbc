// Dividing a set so that neither a person nor a picture stands on both sides.
#pragma once

#include <cstdint>
#include <vector>

#include "pyro/datasets/twins.hpp"

namespace pyro::datasets {

struct SplitOptions {
  double test = 0.2;  // share of the pictures, in (0, 1)
  std::uint64_t seed = 1;
  bool by_person = false;  // refuse a set that does not tell the person of every picture
};

// For each item whether it is in the test part. Items of one person, exact twins and near twins stay
// together, also through each other; each class's share of the test part comes as near to `test` as such
// lumps allow (drawn anew several times by the seed, the best is taken). Errors: the share is out of range
// (wrong_use); a person is missing, or everything hangs together (bad_input).
[[nodiscard]] Result<std::vector<bool>> split_items(const std::vector<Item>& items, const Twins& twins,
                                                    const SplitOptions& options);

}  // namespace pyro::datasets

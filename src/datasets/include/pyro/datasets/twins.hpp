// Which pictures of a set are the same, and which nearly are.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "pyro/datasets/dataset.hpp"
#include "pyro/datasets/fingerprint.hpp"

namespace pyro::datasets {

using Members = std::vector<std::size_t>;  // places in the list of items, ascending

struct Broken {
  std::size_t item = 0;
  Error error;
};

struct Twins {
  std::vector<Members> exact;  // each two or more items with the same decoded pixels
  // Each two or more different pictures that near twins link (their exact twins with them). Near twins are
  // pictures whose hashes differ in at most `near_bits` and whose sketches are at least kTwinLikeness alike.
  std::vector<Members> near;
  std::vector<Broken> broken;  // pictures that cannot be read; they are in no group
};

// On FER2013's training part (27,475 different pictures) pairs within these were nearly all, by eye, one
// photograph cut or scaled differently; from 12 bits or 0.90 on other people come in.
inline constexpr int kTwinBits = 8;
inline constexpr float kTwinLikeness = 0.94F;

// What is kept of a picture to find its twins.
struct Fingerprint {
  Digest digest{};
  std::uint64_t hash = 0;
  Sketch sketch{};
};
[[nodiscard]] Fingerprint fingerprint_of(const records::Frame& frame);
// Groups of twins by their places in `pictures`; `broken` stays empty.
[[nodiscard]] Twins twins_among(const std::vector<Fingerprint>& pictures, int near_bits = kTwinBits);

// Reads each picture once. `go_on` is called before each with its number; false ends it early (an empty
// answer). near_bits: 0..kMostNearBits. Groups are in the order of their first member.
[[nodiscard]] Twins find_twins(const std::vector<Item>& items, int near_bits = kTwinBits,
                               const std::function<bool(std::size_t)>& go_on = {});

// Which of `items` are pixel for pixel in `others`. Errors: a picture of either that cannot be read.
[[nodiscard]] Result<std::vector<bool>> exact_twins_in(const std::vector<Item>& items,
                                                       const std::vector<Item>& others);

}  // namespace pyro::datasets

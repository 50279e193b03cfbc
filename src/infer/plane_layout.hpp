// How PlaneNet lays its maps and its scratch memory out; what its reading, running and storing share. Private
// to the room.
#pragma once

#include <cstddef>

#include "plane_net.hpp"

namespace pyro::infer::planes {

inline constexpr std::size_t kOutputsOfHalves = 4;
inline constexpr std::size_t kTaps = 9;

constexpr std::size_t rounded(std::size_t value) {
  return (value + kLanes - 1) / kLanes * kLanes;
}

// A band of several channels with zeros around each, in scratch memory. Vectors of a shifted row reach
// `kReach` floats further than the margin.
inline constexpr std::size_t kReach = 2 * kLanes;
inline std::size_t padded_front(const PlaneMap& map) {
  return map.margin() + kReach;
}
inline std::size_t padded_size(const PlaneMap& map, std::size_t channels) {
  return 2 * padded_front(map) + channels * map.padded_stride();
}

// What a block needs beside its maps: a ring of bands that the 3×3 reads, a band of zeros for above and below
// the map, the four halves of what comes in, and the 3×3's result.
struct BlockScratch {
  std::size_t ring_bands, ring_band, zeros, split, spatial, total;
};
template <class Block>
BlockScratch scratch_of(const Block& block, bool splits_to_ring, bool splits_to_product) {
  const PlaneMap& map = block.out;
  BlockScratch at{};
  const std::size_t planes = splits_to_ring ? kOutputsOfHalves * block.middle : block.middle;
  at.ring_bands = map.flat ? 1 : splits_to_ring ? 2 : 3;
  at.ring_band = padded_size(map, planes);
  at.zeros = at.ring_bands * at.ring_band;
  at.split = at.zeros + (map.flat ? 0 : padded_size(map, block.middle));
  at.spatial = at.split + (splits_to_product ? padded_size(map, kOutputsOfHalves * block.in.channels) : 0);
  at.total = at.spatial + block.middle * rounded(map.band());
  return at;
}

}  // namespace pyro::infer::planes

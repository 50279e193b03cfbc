#include "pyro/datasets/near_pairs.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace pyro::datasets {
namespace {

constexpr int kBlocks = 4, kBlockBits = 16;

std::uint32_t block(std::uint64_t hash, int which) {
  return static_cast<std::uint32_t>(hash >> (which * kBlockBits)) & 0xFFFFU;
}

// Hashes by the value of one block: those of value v stand in order[first[v]] .. order[first[v + 1]].
struct Table {
  std::vector<std::uint32_t> first, order;

  Table(std::span<const std::uint64_t> hashes, int which)
      : first((1U << kBlockBits) + 1), order(hashes.size()) {
    for (const std::uint64_t hash : hashes) ++first[block(hash, which) + 1];
    for (std::size_t v = 1; v < first.size(); ++v) first[v] += first[v - 1];
    std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
    for (std::uint32_t i = 0; i < hashes.size(); ++i) order[next[block(hashes[i], which)]++] = i;
  }
};

}  // namespace

void near_pairs(std::span<const std::uint64_t> hashes, int bits,
                const std::function<void(std::size_t, std::size_t)>& found) {
  bits = std::clamp(bits, 0, kMostNearBits);
  const int radius = bits / kBlocks;
  std::vector<std::uint32_t> changes;
  for (std::uint32_t change = 0; change < 1U << kBlockBits; ++change) {
    if (std::popcount(change) <= radius) changes.push_back(change);
  }
  for (int which = 0; which < kBlocks; ++which) {
    const Table table(hashes, which);
    for (std::uint32_t i = 0; i < hashes.size(); ++i) {
      const std::uint32_t own = block(hashes[i], which);
      for (const std::uint32_t change : changes) {
        const std::uint32_t value = own ^ change;
        for (std::uint32_t at = table.first[value]; at < table.first[value + 1]; ++at) {
          const std::uint32_t j = table.order[at];
          if (j <= i) continue;
          const std::uint64_t differing = hashes[i] ^ hashes[j];
          if (std::popcount(differing) > bits) continue;
          // An earlier block that is near too has found this pair already.
          bool known = false;
          for (int before = 0; before < which; ++before)
            known = known || std::popcount(block(differing, before)) <= radius;
          if (!known) found(i, j);
        }
      }
    }
  }
}

}  // namespace pyro::datasets

// All pairs of 64-bit hashes that differ in few bits, without comparing all with all.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace pyro::datasets {

inline constexpr int kMostNearBits = 12;

// Calls `found(i, j)`, i < j, once for each pair at most `bits` apart (Hamming), 0..kMostNearBits.
// Multi-index hashing (Norouzi, Punjani, Fleet 2012): of four blocks of 16 bits at least one differs in at
// most bits/4, so it is enough to look up each block's neighbours in a table. For n hashes that are spread
// well the time grows with n, not with its square. Equal hashes are a pair too: give each distinct hash once
// where many are equal.
void near_pairs(std::span<const std::uint64_t> hashes, int bits,
                const std::function<void(std::size_t, std::size_t)>& found);

}  // namespace pyro::datasets

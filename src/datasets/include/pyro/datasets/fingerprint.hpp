// By what two pictures are known as the same, or as nearly the same.
#pragma once

#include <array>
#include <cstdint>

#include "pyro/datasets/dataset.hpp"

namespace pyro::datasets {

// BLAKE2b of size and decoded pixels: the same picture in two files of different compression without loss has
// the same one. 128 bits: no two different pictures of any data set will ever share it.
using Digest = std::array<std::uint64_t, 2>;
[[nodiscard]] Digest digest_of(const crop::GreyFace& face);
[[nodiscard]] Digest digest_of(const records::Frame& frame);

// Perceptual hash after Zauner 2010 ("Implementation and benchmarking of perceptual image hash functions"):
// the signs of the 64 lowest frequencies of the face's cosine transform (zigzag, without the mean) against
// their median. Brightness, contrast, size and recompression change few bits of it.
[[nodiscard]] std::uint64_t perceptual_hash(const crop::GreyFace& face);

// The face at 12×12 without its mean, its largest value scaled to ±127: what tells true near
// twins from chance neighbours of the hash.
inline constexpr std::size_t kSketchSide = 12;
using Sketch = std::array<std::int8_t, kSketchSide * kSketchSide>;
[[nodiscard]] Sketch sketch_of(const crop::GreyFace& face);
// Correlation of two, -1..1; 0 where one of them is of a single grey.
[[nodiscard]] float likeness(const Sketch& a, const Sketch& b);

}  // namespace pyro::datasets

// Batch normalisation, addition and rectification of bf16 maps in one go, for processors on which
// amx::available(). Rows of `channels` numbers, one a position; channels are a multiple of 32. Sums are kept
// in f32 over a few hundred rows, then in f64.
#pragma once

#include <cstddef>

#include "nets/amx.hpp"

namespace pyro::training::amx {

// Mean and (biased) variance of each channel (Ioffe and Szegedy 2015).
void moments(std::ptrdiff_t rows, int channels, const Bf16* maps, float* mean, float* variance);

// result = max(0, maps · scale + shift + added); `added` may be null.
void scale_and_rectify(std::ptrdiff_t rows, int channels, const Bf16* maps, const float* scale,
                       const float* shift, const Bf16* added, Bf16* result);

// With g the gradient where result > 0 and 0 elsewhere: writes g, and the sums of g and of g · maps over the
// rows.
void rectified_gradient(std::ptrdiff_t rows, int channels, const Bf16* gradient, const Bf16* result,
                        const Bf16* maps, Bf16* rectified, double* sums, double* sums_with_maps);

// result = rectified · of_gradient + maps · of_maps + constant, each factor one a channel.
void combine(std::ptrdiff_t rows, int channels, const Bf16* rectified, const Bf16* maps,
             const float* of_gradient, const float* of_maps, const float* constant, Bf16* result);

}  // namespace pyro::training::amx

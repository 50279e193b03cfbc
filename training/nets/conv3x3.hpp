// The convolution that networks here are made of.
#pragma once

#include <torch/torch.h>

namespace pyro::training {

// What layer(x) is. Under bf16 autocast on a processor with AMX, 3×3 convolutions of stride 1 between
// multiples of 32 channels go through nets/amx.hpp instead of torch's library: the same sums of products of
// bf16 numbers in f32, in another order, forwards as fast and backwards three to five times faster.
[[nodiscard]] torch::Tensor conv3x3(const torch::Tensor& x, const torch::nn::Conv2d& layer);

}  // namespace pyro::training

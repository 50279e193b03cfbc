// Matrix products by oneDNN: Debian's libtorch hands ordinary ones to whatever BLAS is installed, and the
// reference BLAS, its default, takes 13 times as long.
#pragma once

#include <torch/torch.h>

namespace pyro::training {

// x [n, in] · weight [out, in] transposed + bias [out] → [n, out], with gradients.
[[nodiscard]] torch::Tensor linear(const torch::Tensor& x, const torch::Tensor& weight,
                                   const torch::Tensor& bias);

}  // namespace pyro::training

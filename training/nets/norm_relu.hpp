// What follows a convolution in networks here.
#pragma once

#include <torch/torch.h>

namespace pyro::training {

// relu(norm(x) + added); `added` may be undefined. In training under bf16 autocast on a processor with AMX
// one operation of our own, which reads and writes the maps half as often as torch's three; elsewhere those
// three.
[[nodiscard]] torch::Tensor norm_relu(const torch::Tensor& x, torch::nn::BatchNorm2d& norm,
                                      const torch::Tensor& added = {});

}  // namespace pyro::training

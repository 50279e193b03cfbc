// Torch's tensors as plain arrays.
#pragma once

#include <torch/torch.h>

#include "export/arrays.hpp"

namespace pyro::training {

[[nodiscard]] Array array_of(const torch::Tensor& tensor);

}  // namespace pyro::training

// Tensors as the kernels for AMX processors read them.
#pragma once

#include <torch/torch.h>

#include "nets/amx.hpp"

namespace pyro::training {

// bf16, positions outside and channels inside; the same tensor if it is that already.
inline torch::Tensor bf16_rows(const torch::Tensor& maps) {
  return maps.to(torch::kBFloat16).contiguous(at::MemoryFormat::ChannelsLast);
}

inline amx::Bf16* bits_of(const torch::Tensor& bf16) {
  return reinterpret_cast<amx::Bf16*>(bf16.data_ptr<at::BFloat16>());
}

}  // namespace pyro::training

// For the room's tests: every kind of kernels that this processor can run.
#pragma once

#include <vector>

#include "../kernels.hpp"

namespace pyro::infer::testing {

inline std::vector<const Kernels*> kernels_here() {
  std::vector<const Kernels*> all{avx2_kernels(), avx512_kernels()};
  std::erase(all, nullptr);
  return all;
}

}  // namespace pyro::infer::testing

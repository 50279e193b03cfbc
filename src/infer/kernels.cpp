#include "kernels.hpp"

namespace pyro::infer {

const Kernels* avx2_kernels() {
#if defined(__x86_64__)
  const bool available = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0 &&
                         __builtin_cpu_supports("f16c") != 0;
  if (available) return compiled_avx2;
#endif
  return nullptr;
}

const Kernels* avx512_kernels() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0) return compiled_avx512;
#endif
  return nullptr;
}

const Kernels* best_kernels() {
  const Kernels* wide = avx512_kernels();
  return wide != nullptr ? wide : avx2_kernels();
}

}  // namespace pyro::infer

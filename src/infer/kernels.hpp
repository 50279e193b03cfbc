// Whose arithmetic our own runners use: what was compiled for a newer processor than the rest, and chosen
// when the program runs. Private to the room.
#pragma once

#include "conv_kernels.hpp"
#include "plane_kernels.hpp"

namespace pyro::infer {

struct Kernels {
  const char* name;
  planes::Table planes;
  conv::Table conv;
};

// What was compiled, whatever the processor can do; nullptr where the compiler was for another one.
extern const Kernels* const compiled_avx2;
extern const Kernels* const compiled_avx512;

// nullptr where this build or this processor lacks it.
[[nodiscard]] const Kernels* avx2_kernels();
[[nodiscard]] const Kernels* avx512_kernels();
// The best of them; nullptr: there is none.
[[nodiscard]] const Kernels* best_kernels();

}  // namespace pyro::infer

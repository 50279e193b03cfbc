// Private to the room; see crop.hpp.
#pragma once

#include "crop.hpp"

namespace pyro::face {

// Whether this processor and this window suit sample_avx2. Without that the plain code does the same.
[[nodiscard]] bool sampling_fits_avx2(const RgbWindow& window, const CropSpec& spec);
void sample_avx2(const RgbWindow& window, const AffineGrid& grid, const CropSpec& spec, float* out);

}  // namespace pyro::face

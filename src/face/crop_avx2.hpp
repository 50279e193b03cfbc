// Private to the room; see crop.hpp.
#pragma once

#include "colour.hpp"
#include "crop.hpp"

namespace pyro::face {

// Whether this processor and this frame suit crop_yuv_avx2. Without that the plain code does the same.
[[nodiscard]] bool crop_fits_avx2(const records::Frame& frame, const CropSpec& spec);
void crop_yuv_avx2(const records::Frame& frame, const AffineGrid& grid, const CropSpec& spec, float* out);

}  // namespace pyro::face

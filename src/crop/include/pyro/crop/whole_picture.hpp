// A picture that is one cropped face already → the 48×48 grey face that the expression network sees.
#pragma once

#include "pyro/crop/expression_input.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::crop {

// The whole frame's luma, squeezed to 48×48 whatever its proportions: every output pixel is the mean over its
// footprint, so a 48×48 picture comes out as it is and larger ones without aliasing. Limited-range luma is
// expanded to 0..255. An empty frame gives zeros. No allocation; thread-safe.
[[nodiscard]] GreyFace whole(const records::Frame& frame);

// The other way: such a face as a grey 48×48 frame, for those who look for a mesh in it. Its pixels are those
// of `face` and end with it.
[[nodiscard]] records::Frame frame_of(const GreyFace& face);

}  // namespace pyro::crop

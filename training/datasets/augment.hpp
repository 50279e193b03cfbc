// Random changes to a training picture that leave its expression as it is.
#pragma once

#include <cstdint>

#include "pyro/crop/expression_input.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::training {

using datasets::mix;
using datasets::Random;
using datasets::shuffle;

struct AugmentOptions {
  float flip_chance = 0.5F;
  float rotation_deg = 15.0F;  // uniform in ± this
  float scale = 0.15F;         // zoom uniform in 1 ± this
  float shift_px = 4.0F;       // each axis uniform in ± this
  float light_chance = 0.5F;   // gamma, gain, offset and a slope of light across the face
  float blur_chance = 0.1F;    // 3×3 binomial: cheap cameras
  float erase_chance = 0.4F;   // a rectangle of noise (Zhong et al. 2017): glasses, hands, hair
  float erase_share = 0.2F;    // at most this share of the picture
};

// The same seed gives the same picture, on any thread and machine. Pixels outside the source repeat its
// border.
crop::GreyFace augment(const crop::GreyFace& face, const AugmentOptions& options, std::uint64_t seed);

}  // namespace pyro::training

// A map over a face, and whether it says the truth: what happens to the probability when its places go, or
// come, in its order (deletion and insertion, Petsiuk et al. 2018).
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/crop/expression_input.hpp"

namespace pyro::explain {

// A value for each field of a grid that covers the face, rows from the top.
struct PlaceMap {
  int height = 0, width = 0;
  std::vector<float> values;
};

using FacePixels = std::array<float, crop::kExpressionPixels>;

// To 48×48, bilinear between the fields' centres; beyond the outermost centres their values go on.
[[nodiscard]] FacePixels enlarged(const PlaceMap& map);

struct FaithfulnessOptions {
  int steps = 32;   // in which the pixels go or come, equally many in each
  int random = 10;  // maps of random numbers on the same grid, enlarged the same way
  std::uint64_t seed = 1;
};

// Curves hold the probability after 0, 1, … steps; the area under one is the mean height over the share of
// pixels, by trapezoids, 0..1.
struct Faithfulness {
  std::vector<double> deletion, insertion;                // by the map, greatest values first
  std::vector<double> random_deletion, random_insertion;  // means over the random maps
  double deletion_area = 0, insertion_area = 0;           // a good map: deletion low, insertion high
  double random_deletion_area = 0, random_insertion_area = 0;
  // Random maps whose area is at least as good as the map's.
  int random_deletion_as_good = 0, random_insertion_as_good = 0;
  FaithfulnessOptions options;
};

// The class's probability for each face, as crop::normalise leaves it (or part of one). Asked for a curve at
// a time: a network may take its faces together.
using Judge = std::function<Result<std::vector<double>>(std::span<const FacePixels>)>;

// `face`: normalised. A deleted pixel takes the face's mean, 0; insertion begins with the face blurred
// (standard deviation 6 px), which has no edges of its own. Error: the judge's.
[[nodiscard]] Result<Faithfulness> faithfulness(const FacePixels& face, const PlaceMap& map,
                                                const Judge& judge, const FaithfulnessOptions& options = {});

// RGB, rows from the top, (48 × scale)² pixels: the grey face with the map over it. Orange raises the class,
// blue lowers it; the colour's strength is the value's share of the map's greatest size.
[[nodiscard]] std::vector<std::uint8_t> heat_picture(const crop::GreyFace& face, const PlaceMap& map,
                                                     int scale);
// The same without the map.
[[nodiscard]] std::vector<std::uint8_t> plain_picture(const crop::GreyFace& face, int scale);

}  // namespace pyro::explain

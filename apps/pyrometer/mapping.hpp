// Faces on the map of the expression model's embedding: what map and the server's job share.
#pragma once

#include <map>

#include "judging.hpp"
#include "pyro/datasets/map_page.hpp"

namespace pyro::cli {

// One face that was seen and placed.
struct Placed {
  const datasets::Item* item;
  std::size_t index;  // of the item
  crop::GreyFace face;
  int said;  // by the head
  records::MapPoint at;
};
struct Outcome {
  std::vector<Placed> faces;
  std::vector<float> embeddings;  // a row a face
  std::vector<records::PlacedFace> fitted;
  std::map<std::string, std::int64_t> missed;
  double projection_us = 0;  // median
};

// Of several faces in a picture the best. `map`: fitted with the settings' expression model. Errors: those of
// the models, a picture that cannot be read.
[[nodiscard]] Result<Outcome> place_all(const infer::ModelStore& models,
                                        const pipeline::WalkSettings& settings, const std::string& map,
                                        bool cropped, const std::vector<datasets::Item>& items,
                                        const Pace& pace = {});

}  // namespace pyro::cli

// A map of faces that it was not fitted on: its figures, and the page that draws it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "pyro/crop/expression_input.hpp"
#include "pyro/datasets/metrics.hpp"
#include "pyro/datasets/neighbours.hpp"
#include "pyro/html/page.hpp"

namespace pyro::datasets {

// Neighbours that vote, and those whose keeping is measured.
inline constexpr int kMapNeighbours = 15;

struct MapFigures {
  Neighbourhoods kept;
  // Each face with a known label: by its neighbours among fitted faces on the map, by those in the whole
  // embedding, by the network's head. Empty: not measured.
  std::vector<Judged> on_map, in_embedding, head;
};
// {"k", "neighbourhoods": {"n", "trustworthiness", "continuity"}, "knn_on_map", "knn_in_embedding",
// "by_head"}: the last three {"n", "accuracy", "accuracy_95"} (bootstrap by `seed`), absent where not
// measured.
[[nodiscard]] nlohmann::json to_json(const MapFigures& figures, std::uint64_t seed);

struct MappedFace {
  records::MapPoint at;
  int label = -1;     // by which it is coloured; -1: not known, and not drawn
  std::string title;  // shown when pointed at
  const crop::GreyFace* face = nullptr;
};
struct MapDrawing {
  std::string subtitle;  // which set, which model
  MapFigures figures;
  std::uint64_t seed = 1;  // of the intervals
  std::vector<MappedFace> faces;
  std::vector<records::PlacedFace> centres;  // of the fitted faces, by class: where the names stand
  std::vector<std::string> remarks;          // each a paragraph below the figures
};
// At most this many faces are drawn, the first: each brings its picture along.
inline constexpr std::size_t kMostDrawn = 3000;
[[nodiscard]] html::Page map_page(const MapDrawing& drawing);

}  // namespace pyro::datasets

// Places on a two-dimensional map of embeddings. The axes have no unit and no meaning of their own.
#pragma once

namespace pyro::records {

struct MapPoint {
  float x = 0, y = 0;
};

struct PlacedFace {
  MapPoint at;
  int label = -1;  // 0 angry .. 6 neutral; -1: not known
};

}  // namespace pyro::records

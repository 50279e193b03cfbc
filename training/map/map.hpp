// The map of an expression model's embedding: fitted, judged on faces that took no part, written for the
// runtime.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "datasets/samples.hpp"
#include "finetune/embeddings.hpp"
#include "map/encoder.hpp"

namespace pyro::training {

struct MapJob {
  EmbeddingSource embedding;
  std::filesystem::path out;     // folder for map.xml, map.bin, selftest.json, map.json, map.html
  std::string head = "product";  // or fer2013: whose labels draw the map together
  double min_dist = 0.1, spread = 1;
  Supervision supervision;
  EncoderOptions encoder;  // its seed is the job's
};

// Returns what map.json holds (docs/formats.md, "A map"). Errors: no expression model, too few faces, a
// single class (bad_input), the engine, disk full (failed).
Result<nlohmann::json> fit_map(const Split& data, const MapJob& job);

}  // namespace pyro::training

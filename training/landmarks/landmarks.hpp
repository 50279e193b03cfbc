// Fits a fused model: trees on landmarks for both heads, and what puts them together with the network.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "landmarks/features.hpp"
#include "landmarks/fusion.hpp"
#include "landmarks/trees.hpp"

namespace pyro::training {

struct LandmarkOptions {
  TreeOptions trees;
  double hold_out = 0.1;         // as the network's own fit had them, so that neither part has seen
  std::uint64_t split_seed = 1;  // the pictures on which both are put together
  double stopping = 0.1;         // share of the rest that tells when to stop adding trees
  double pull = 0.003;           // see fit_fusion
  double smoothing_s = 0;        // the fused model's memory
};

// What is judged once, after everything is fitted, and decides nothing.
struct Judging {
  std::vector<Picture> pictures;
  std::vector<bool> twins;  // pixel for pixel in the training part too
  FeatureTable table;
};

// Writes fused.json, selftest.json and report.json into `out` and gives the report. Pictures that are not in
// the table are left out and counted. Errors: too few pictures (bad_input), XGBoost or the disk failed
// (failed).
[[nodiscard]] Result<nlohmann::json> fit_landmarks(std::vector<Sample> samples, const FeatureTable& table,
                                                   const LandmarkOptions& options, const Judging* judging,
                                                   const std::filesystem::path& out);

}  // namespace pyro::training

// A shipped model on a user's own labels: the network stays, one head is fitted anew on its cached
// embeddings.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "datasets/samples.hpp"

namespace pyro::training {

struct FinetuneJob {
  std::filesystem::path model;   // an expression model as the runtime has it, .xml
  std::filesystem::path out;     // folder for the new one, expression.xml and .bin
  std::string head = "product";  // or fer2013: the head that learns the labels
  std::filesystem::path cache;   // embeddings by model and picture; made where absent
  int threads = 2;
  int folds = 5;  // by which the pull towards the old head is chosen
  std::uint64_t seed = 1;
};

// Fits the head on data.fit and judges it, beside the old one, on data.hold_out, which takes no part in any
// choice. Returns {"n_fit", "n_hold_out", "pull", "before", "after", "seconds": {...},
// "embeddings_from_cache"}; the same is written beside the model as finetune.json, and its record as
// record.json, which `pyrometer models add` takes up. Errors: no expression
// model, too few pictures (bad_input), disk full (failed).
Result<nlohmann::json> finetune(const Split& data, const FinetuneJob& job);

}  // namespace pyro::training

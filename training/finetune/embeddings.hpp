// Embeddings of faces by an expression model as the runtime has it, through pyrometer-ir, with a cache.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <string>
#include <vector>

#include "export/arrays.hpp"
#include "finetune/head.hpp"
#include "pyro/base/result.hpp"
#include "pyro/crop/expression_input.hpp"

namespace pyro::training {

struct EmbeddingSource {
  std::filesystem::path model;    // .xml with its .bin beside it
  std::filesystem::path scratch;  // folder for what passes between the processes; nothing is left there
  std::filesystem::path cache;    // embeddings by model and picture; made where absent
  int threads = 2;
};

struct Embedded {
  torch::Tensor embeddings;     // [n, e], in the order of the faces
  LinearHead product, fer2013;  // the model's own
  std::size_t from_cache = 0;   // faces

  [[nodiscard]] const LinearHead& head(const std::string& name) const {
    return name == "product" ? product : fer2013;
  }
};

// The cache holds rows of one model; another model's are forgotten. Errors: no expression model (bad_input),
// the engine failed, disk full (failed).
[[nodiscard]] Result<Embedded> embedded(const std::vector<const crop::GreyFace*>& faces,
                                        const EmbeddingSource& source);

}  // namespace pyro::training

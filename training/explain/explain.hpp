// Faces explained by a checkpoint, with the same figures and pages as the runtime's.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "explain/gradients.hpp"
#include "pyro/explain/picture_report.hpp"

namespace pyro::training {

struct ExplainOptions {
  std::string method = "grad-cam";    // or smoothgrad
  std::optional<std::size_t> target;  // of kEmotionNames; none: each face's most probable
  Head head = Head::product;
  explain::FaithfulnessOptions faithfulness;
  SmoothGradOptions smooth;
};

// Each picture is one cropped face, squeezed to 48×48. Errors: those of load_net; a picture cannot be read.
[[nodiscard]] Result<std::vector<explain::FaceExplanation>> explain_pictures(
    const std::filesystem::path& weights, const std::vector<std::string>& images,
    const ExplainOptions& options);

}  // namespace pyro::training

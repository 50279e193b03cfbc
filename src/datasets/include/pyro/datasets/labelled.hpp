// Labelled pictures as the ecosystem keeps them: a folder per class, a CSV of path,label, or IDX.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/crop/expression_input.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::datasets {

struct LabelledPicture {
  std::string name;  // the file, or "images[17]"
  std::optional<crop::GreyFace>
      face;  // the picture itself where the set holds 48×48 grey faces (IDX); else read the file
  records::Emotion label = records::Emotion::neutral;
};

// "happy", "Happiness", "3": a class's name, its noun, or its index; nothing for anything else.
[[nodiscard]] std::optional<records::Emotion> emotion_of(std::string_view text);

// `where`: a folder with one folder per class; a CSV with the columns path and label (paths relative to the
// CSV); or IDX images, 48×48, gzip or plain, whose labels are in `labels` (0..6). Errors (bad_input) name
// file and line: unreadable, an unknown label, no picture at all, images and labels that do not match, labels
// missing or superfluous.
[[nodiscard]] Result<std::vector<LabelledPicture>> read_labelled(const std::filesystem::path& where,
                                                                 const std::filesystem::path& labels = {});

}  // namespace pyro::datasets

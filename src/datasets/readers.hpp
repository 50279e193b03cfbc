// What the readers and writers of the several forms share.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "pyro/base/text.hpp"
#include "pyro/datasets/dataset.hpp"
#include "pyro/datasets/idx.hpp"

namespace pyro::datasets {

[[nodiscard]] std::string lower(std::string_view text);
// A cell of a CSV (RFC 4180), in quotes where it needs them.
[[nodiscard]] std::string csv_cell(const std::string& text);
// Closes `out`, which wrote `part` beside `file`, and moves it there; where that fails, `part` is removed and
// an earlier `file` stays. Error (failed): it cannot be written.
[[nodiscard]] Status put_in_place(std::ofstream& out, const std::filesystem::path& part,
                                  const std::filesystem::path& file);
// "angry, disgust, fear, happy, sad, surprise, neutral": for messages.
[[nodiscard]] std::string known_labels();

[[nodiscard]] Result<std::vector<Item>> read_folders(const std::filesystem::path& root);
[[nodiscard]] Result<std::vector<Item>> read_idx_pair(const std::filesystem::path& images,
                                                      const std::filesystem::path& labels);
// 48×48 pictures, or an error that names the file.
[[nodiscard]] Result<IdxArray> read_idx_faces(const std::filesystem::path& images);
[[nodiscard]] crop::GreyFace idx_face(const IdxArray& images, std::size_t index);

}  // namespace pyro::datasets

#include "pyro/datasets/labelled.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>

#include "pyro/base/csv_records.hpp"
#include "pyro/datasets/idx.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool is_picture(const fs::path& path) {
  constexpr std::array kEndings{".png", ".jpg", ".jpeg", ".bmp", ".webp", ".pgm"};
  return std::ranges::find(kEndings, lower(path.extension().string())) != kEndings.end();
}

Result<std::vector<LabelledPicture>> read_idx_pair(const fs::path& images_path, const fs::path& labels_path) {
  const Result<IdxArray> images = read_idx(images_path);
  if (!images) return tl::make_unexpected(images.error());
  const Result<IdxArray> labels = read_idx(labels_path);
  if (!labels) return tl::make_unexpected(labels.error());
  if (images->dims.size() != 3 || images->dims[1] != crop::kExpressionSide ||
      images->dims[2] != crop::kExpressionSide) {
    return bad_input(images_path.string() +
                     ": does not hold pictures of 48×48; only those are read from IDX");
  }
  if (labels->dims.size() != 1 || labels->dims[0] != images->dims[0]) {
    return bad_input(labels_path.string() + ": does not have one label for each of the " +
                     std::to_string(images->dims[0]) + " pictures of " + images_path.string());
  }
  std::vector<LabelledPicture> pictures(images->dims[0]);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::uint8_t label = labels->bytes[i];
    if (label >= records::kClasses) {
      return bad_input(labels_path.string() + ": label " + std::to_string(label) + " at " +
                       std::to_string(i) + " is none of the seven classes 0..6");
    }
    pictures[i].name = "images[" + std::to_string(i) + "]";
    pictures[i].label = static_cast<records::Emotion>(label);
    crop::GreyFace& face = pictures[i].face.emplace();
    std::copy_n(images->bytes.begin() + static_cast<std::ptrdiff_t>(i * face.pixels.size()),
                face.pixels.size(), face.pixels.begin());
  }
  return pictures;
}

Result<std::vector<LabelledPicture>> read_folders(const fs::path& root) {
  std::vector<LabelledPicture> pictures;
  std::error_code error;
  for (const fs::directory_entry& folder : fs::directory_iterator(root, error)) {
    if (!folder.is_directory(error)) continue;
    const std::string name = folder.path().filename().string();
    const std::optional<records::Emotion> label = emotion_of(name);
    if (!label) {
      return bad_input("the folder '" + folder.path().string() +
                       "' is named after none of the seven classes; rename it or move it out");
    }
    for (const fs::directory_entry& file : fs::recursive_directory_iterator(folder, error)) {
      if (file.is_regular_file(error) && is_picture(file.path()))
        pictures.push_back({file.path().string(), std::nullopt, *label});
    }
  }
  if (error)
    return bad_input("the folder '" + root.string() + "' cannot be read: check its permissions",
                     error.message());
  std::ranges::sort(pictures, {}, &LabelledPicture::name);
  return pictures;
}

Result<std::vector<LabelledPicture>> read_csv(const fs::path& path) {
  const std::string name = "'" + path.string() + "'";
  CsvRecords lines(std::make_unique<std::ifstream>(path, std::ios::binary), name);
  Result<bool> more = lines.next();
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return bad_input(name + " cannot be read or is empty");
  const std::size_t columns = lines.cells().size();
  const auto column = [&](std::string_view title) {
    return static_cast<std::size_t>(std::ranges::find(lines.cells(), title) - lines.cells().begin());
  };
  const std::size_t path_column = column("path"), label_column = column("label");
  if (path_column == columns || label_column == columns) {
    return bad_input(name + " has no columns path and label in its first line");
  }
  std::vector<LabelledPicture> pictures;
  while ((more = lines.next()) && *more) {
    const std::vector<std::string_view>& cells = lines.cells();
    const std::string where = name + " line " + std::to_string(lines.line());
    if (cells.size() != columns) {
      return bad_input(where + " has " + std::to_string(cells.size()) + " cells, the first line " +
                       std::to_string(columns));
    }
    const std::optional<records::Emotion> label = emotion_of(cells[label_column]);
    if (!label) {
      return bad_input(where + ": '" + std::string(cells[label_column]) + "' is none of the seven classes");
    }
    pictures.push_back({(path.parent_path() / cells[path_column]).string(), std::nullopt, *label});
  }
  if (!more) return tl::make_unexpected(more.error());
  return pictures;
}

}  // namespace

std::optional<records::Emotion> emotion_of(std::string_view text) {
  constexpr std::array<std::array<std::string_view, 3>, records::kClasses> kNames{
      {{"angry", "anger", "0"},
       {"disgust", "disgusted", "1"},
       {"fear", "afraid", "2"},
       {"happy", "happiness", "3"},
       {"sad", "sadness", "4"},
       {"surprise", "surprised", "5"},
       {"neutral", "neutrality", "6"}}};
  const std::string wanted = lower(text);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (std::ranges::find(kNames[i], wanted) != kNames[i].end()) return static_cast<records::Emotion>(i);
  }
  return std::nullopt;
}

Result<std::vector<LabelledPicture>> read_labelled(const fs::path& where, const fs::path& labels) {
  std::error_code error;
  if (!fs::exists(where, error))
    return bad_input("there is no data set at '" + where.string() + "': check the path");
  const bool folder = fs::is_directory(where, error), csv = lower(where.extension().string()) == ".csv";
  if (labels.empty() && !folder && !csv) {
    return wrong_use("'" + where.string() +
                     "' holds pictures without labels: name their IDX labels with --labels");
  }
  if (!labels.empty() && (folder || csv)) {
    return wrong_use("--labels goes with IDX images; '" + where.string() + "' carries its own labels");
  }
  Result<std::vector<LabelledPicture>> pictures = folder ? read_folders(where)
                                                  : csv  ? read_csv(where)
                                                         : read_idx_pair(where, labels);
  if (pictures && pictures->empty()) {
    return bad_input("'" + where.string() +
                     "' holds no labelled picture: a folder needs one folder per class (angry, disgust, …)");
  }
  return pictures;
}

}  // namespace pyro::datasets

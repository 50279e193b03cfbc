#include "pyro/datasets/dataset.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include "readers.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

// "…images-idx3…" → "…labels-idx1…", if that file is there.
fs::path labels_beside(const fs::path& images) {
  constexpr std::string_view kImages = "images-idx3";
  std::string name = images.filename().string();
  const std::size_t at = name.find(kImages);
  if (at == std::string::npos) return {};
  fs::path labels = images.parent_path() / name.replace(at, kImages.size(), "labels-idx1");
  std::error_code error;
  return fs::is_regular_file(labels, error) ? labels : fs::path();
}

Result<Dataset> read_form(const fs::path& where, const fs::path& given_labels) {
  std::error_code error;
  if (!fs::exists(where, error))
    return bad_input("there is no data set at '" + where.string() + "': check the path");
  const bool folder = fs::is_directory(where, error), csv = lower(where.extension().string()) == ".csv";
  if (!given_labels.empty() && (folder || csv)) {
    return wrong_use("--labels goes with IDX images; '" + where.string() + "' carries its own labels");
  }
  if (csv && !folder)
    return read_dataset_csv(std::make_unique<std::ifstream>(where, std::ios::binary), where);
  const fs::path labels = given_labels.empty() && !folder ? labels_beside(where) : given_labels;
  if (!folder && labels.empty()) {
    return wrong_use("'" + where.string() +
                     "' holds pictures without labels: name their IDX labels with --labels");
  }
  Result<std::vector<Item>> items = folder ? read_folders(where) : read_idx_pair(where, labels);
  if (!items) return tl::make_unexpected(items.error());
  const fs::path name = where.has_filename() ? where.filename() : where.parent_path().filename();
  return Dataset{name.string(), std::move(*items)};
}

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string known_labels() {
  std::string names;
  for (const std::string_view name : records::kEmotionNames)
    names.append(names.empty() ? "" : ", ").append(name);
  return names;
}

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

Result<Dataset> read_dataset(const fs::path& where, const fs::path& labels, int least_classes) {
  Result<Dataset> set = read_form(where, labels);
  if (!set) return set;
  if (set->items.empty()) {
    return bad_input("'" + where.string() +
                     "' holds no labelled picture: a folder needs one folder per class (" + known_labels() +
                     ")");
  }
  std::array<bool, records::kClasses> seen{};
  for (const Item& item : set->items) seen[static_cast<std::size_t>(item.label)] = true;
  if (const auto classes = std::ranges::count(seen, true); classes < least_classes) {
    return bad_input("'" + where.string() + "' holds pictures of one class only (" +
                     std::string(records::kEmotionNames[static_cast<std::size_t>(set->items.front().label)]) +
                     "): at least " + std::to_string(least_classes) + " are needed");
  }
  return set;
}

}  // namespace pyro::datasets

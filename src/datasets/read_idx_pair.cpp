#include <algorithm>

#include "readers.hpp"

namespace pyro::datasets {

Result<IdxArray> read_idx_faces(const std::filesystem::path& images) {
  Result<IdxArray> array = read_idx(images);
  if (!array) return array;
  if (array->dims.size() != 3 || array->dims[1] != crop::kExpressionSide ||
      array->dims[2] != crop::kExpressionSide) {
    return bad_input(images.string() + ": does not hold pictures of 48×48; only those are read from IDX");
  }
  return array;
}

crop::GreyFace idx_face(const IdxArray& images, std::size_t index) {
  crop::GreyFace face;
  std::copy_n(images.bytes.begin() + static_cast<std::ptrdiff_t>(index * face.pixels.size()),
              face.pixels.size(), face.pixels.begin());
  return face;
}

Result<std::vector<Item>> read_idx_pair(const std::filesystem::path& images_path,
                                        const std::filesystem::path& labels_path) {
  const Result<IdxArray> images = read_idx_faces(images_path);
  if (!images) return tl::make_unexpected(images.error());
  const Result<IdxArray> labels = read_idx(labels_path);
  if (!labels) return tl::make_unexpected(labels.error());
  if (labels->dims.size() != 1 || labels->dims[0] != images->dims[0]) {
    return bad_input(labels_path.string() + ": does not have one label for each of the " +
                     std::to_string(images->dims[0]) + " pictures of " + images_path.string());
  }
  std::vector<Item> items(images->dims[0]);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint8_t label = labels->bytes[i];
    if (label >= records::kClasses) {
      return bad_input(labels_path.string() + ": label " + std::to_string(label) + " at " +
                       std::to_string(i) + " is none of the seven classes 0..6 (" + known_labels() + ")");
    }
    items[i].name = images_path.string() + "[" + std::to_string(i) + "]";
    items[i].label = static_cast<records::Emotion>(label);
    items[i].face = idx_face(*images, i);
  }
  return items;
}

}  // namespace pyro::datasets

#include "page_pictures.hpp"

namespace pyro::datasets {

std::string class_name(std::size_t c) {
  return std::string(records::kEmotionNames[c]);
}

// What of a name fits below a small picture: "images-idx3-ubyte.gz[17]" → "[17]", else the file's name.
std::string short_name(const Item& item) {
  const std::size_t open = item.name.rfind('[');
  if (item.face && item.is_path && open != std::string::npos) return item.name.substr(open);
  return std::filesystem::path(item.name).filename().string();
}

html::Picture picture_of(const Item& item, bool with_split) {
  const auto label = static_cast<std::size_t>(item.label);
  html::Picture picture{{}, short_name(item), class_name(label), html::emotion_tint(static_cast<int>(label))};
  if (with_split && !item.split.empty()) picture.caption = item.split + " " + picture.caption;
  picture.title = item.name + (item.person.empty() ? "" : ", person " + item.person);
  if (const Result<crop::GreyFace> face = load_face(item)) {
    picture.source = html::png_data_uri({face->pixels, crop::kExpressionSide, crop::kExpressionSide, 1});
  }
  return picture;
}

}  // namespace pyro::datasets

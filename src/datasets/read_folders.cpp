#include <algorithm>
#include <array>
#include <map>

#include "readers.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

// What the capture room decodes, by ending: a class folder may hold notes and thumbnails' databases too.
bool is_picture(const fs::path& path) {
  constexpr std::array kEndings{".png", ".jpg", ".jpeg", ".bmp", ".webp"};
  return std::ranges::find(kEndings, lower(path.extension().string())) != kEndings.end();
}

bool is_split(const std::string& name) {
  constexpr std::array kSplits{"train", "training", "val",     "valid",      "validation",
                               "dev",   "test",     "testing", "publictest", "privatetest"};
  return std::ranges::find(kSplits, lower(name)) != kSplits.end();
}

Error unreadable(const fs::path& folder, const std::error_code& error) {
  return {ErrorCode::bad_input, "the folder '" + folder.string() + "' cannot be read: check its permissions",
          error.message()};
}

// Folders by name, hidden ones left out.
Result<std::map<std::string, fs::path>> folders_in(const fs::path& root) {
  std::map<std::string, fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator at(root, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code unknown;
    if (!name.starts_with('.') && at->is_directory(unknown)) folders.emplace(name, at->path());
  }
  if (error) return tl::make_unexpected(unreadable(root, error));
  return folders;
}

Status read_class(const fs::path& folder, const std::string& split, std::vector<Item>& items) {
  const std::optional<records::Emotion> label = emotion_of(folder.filename().string());
  if (!label) {
    return bad_input("the folder '" + folder.string() + "' is named after none of the seven classes (" +
                     known_labels() + "); rename it or move it out");
  }
  const std::size_t before = items.size();
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code unknown;
    if (!is_picture(at->path()) || !at->is_regular_file(unknown)) continue;
    Item& item = items.emplace_back();
    item.name = at->path().string();
    item.label = *label;
    item.split = split;
  }
  if (error) return tl::make_unexpected(unreadable(folder, error));
  if (items.size() == before) {
    return bad_input("the class folder '" + folder.string() +
                     "' holds no picture (png, jpg, bmp, webp): fill it or remove it");
  }
  return {};
}

}  // namespace

Result<std::vector<Item>> read_folders(const fs::path& root) {
  std::vector<Item> items;
  const Result<std::map<std::string, fs::path>> outer = folders_in(root);
  if (!outer) return tl::make_unexpected(outer.error());
  const bool splits = !outer->empty() &&
                      std::ranges::all_of(*outer, [](const auto& folder) { return is_split(folder.first); });
  for (const auto& [name, path] : *outer) {
    if (!splits) {
      if (Status read = read_class(path, "", items); !read) return tl::make_unexpected(read.error());
      continue;
    }
    const Result<std::map<std::string, fs::path>> classes = folders_in(path);
    if (!classes) return tl::make_unexpected(classes.error());
    for (const auto& [class_name, class_path] : *classes) {
      if (Status read = read_class(class_path, name, items); !read) return tl::make_unexpected(read.error());
    }
  }
  std::ranges::sort(items, {}, &Item::name);
  return items;
}

}  // namespace pyro::datasets

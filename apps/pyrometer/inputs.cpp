#include "inputs.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;

std::string lower_extension(const fs::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

bool is_video_name(const fs::path& path) {
  constexpr std::array kVideos{".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v", ".mpg",  ".mpeg",  ".ts",
                               ".mts", ".wmv", ".flv", ".3gp", ".ogv",  ".mxf", ".m2ts", ".mjpeg", ".mjpg"};
  return std::ranges::find(kVideos, lower_extension(path)) != kVideos.end();
}

Result<std::vector<std::string>> expand(const std::string& word) {
  std::error_code error;
  if (!fs::is_directory(word, error)) return std::vector{word};
  std::vector<std::string> videos;
  for (fs::directory_iterator entry{word, error}, end; !error && entry != end; entry.increment(error)) {
    if (entry->is_regular_file(error) && is_video_name(entry->path()))
      videos.push_back(entry->path().string());
  }
  if (error)
    return bad_input("the folder '" + word + "' cannot be read: check its permissions", error.message());
  std::ranges::sort(videos);
  if (videos.empty()) videos.push_back(word);  // pictures, if anything: the source will say
  return videos;
}

std::string name_for(const std::string& source) {
  std::string name = fs::path(source).stem().string();
  if (name.empty()) name = fs::path(source).parent_path().filename().string();
  if (source.find("://") != std::string::npos || name.empty() || source == "-")
    name = source == "-" ? "stdin" : "stream";
  std::ranges::replace(name, ':', '-');
  return name;
}

}  // namespace

Result<std::vector<Input>> resolve_inputs(const std::vector<std::string>& words, const fs::path& out) {
  std::vector<Input> inputs;
  for (const std::string& word : words) {
    Result<std::vector<std::string>> sources = expand(word);
    if (!sources) return tl::make_unexpected(sources.error());
    for (std::string& source : *sources) inputs.push_back({std::move(source), out});
  }
  if (inputs.size() == 1) return inputs;
  std::set<std::string> taken;
  for (Input& input : inputs) {
    const std::string name = name_for(input.source);
    std::string folder = name;
    for (int i = 2; !taken.insert(folder).second; ++i) folder = name + "-" + std::to_string(i);
    input.out = out / folder;
  }
  return inputs;
}

}  // namespace pyro::cli

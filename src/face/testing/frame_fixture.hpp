// For tests: pictures and clips as Frames, decoded by the ffmpeg program, so that the reference values' exact
// pixels are met; and where the models and the shared data lie.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "pyro/infer/model_store.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::face::testing {

inline std::filesystem::path source_folder() {
  return PYRO_SOURCE_DIR;
}

inline std::filesystem::path home_folder() {
  const char* home = std::getenv("PYROMETER_HOME");
  return home != nullptr ? std::filesystem::path(home) : source_folder() / ".pyrometer";
}

// ../shared/data beside the repository, or where PYROMETER_SHARED says.
inline std::filesystem::path shared_data() {
  const char* shared = std::getenv("PYROMETER_SHARED");
  return (shared != nullptr ? std::filesystem::path(shared) : source_folder().parent_path() / "shared") /
         "data";
}

inline infer::ModelStore open_store() {
  auto store = infer::ModelStore::open({source_folder() / "models", home_folder()});
  if (!store) throw std::runtime_error(store.error().text());
  return std::move(*store);
}

enum class Pixels { rgb, yuv420 };

// A frame over bytes that it owns. Tightly packed, as ffmpeg's rawvideo writes them.
inline records::Frame make_frame(std::vector<std::uint8_t> bytes, int width, int height, Pixels pixels) {
  auto owned = std::make_shared<std::vector<std::uint8_t>>(std::move(bytes));
  records::Frame frame;
  frame.width = width;
  frame.height = height;
  const std::uint8_t* data = owned->data();
  const std::ptrdiff_t luma = static_cast<std::ptrdiff_t>(width) * height;
  if (pixels == Pixels::rgb) {
    frame.rgb = {data, std::ptrdiff_t{width} * 3};
    // Quality is read from the luma: the fixture makes one from the green channel's neighbours, full range.
    auto luma_plane = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(luma));
    for (std::size_t i = 0; i < luma_plane->size(); ++i) {
      const std::uint8_t* p = data + 3 * i;
      (*luma_plane)[i] = static_cast<std::uint8_t>((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000);
    }
    frame.y = {luma_plane->data(), width};
    frame.full_range = true;
    frame.pixels =
        std::make_shared<std::pair<std::shared_ptr<void>, std::shared_ptr<void>>>(owned, luma_plane);
  } else {
    const int chroma_width = (width + 1) / 2;
    const std::ptrdiff_t chroma = static_cast<std::ptrdiff_t>(chroma_width) * ((height + 1) / 2);
    frame.y = {data, width};
    frame.u = {data + luma, chroma_width};
    frame.v = {data + luma + chroma, chroma_width};
    frame.pixels = owned;
  }
  return frame;
}

// Reads a file frame by frame. Only for tests: `path` goes to a shell.
class FrameReader {
 public:
  FrameReader(const std::filesystem::path& path, Pixels pixels, int width, int height, std::int64_t first = 0,
              const std::string& filter = "null")
      : pixels_(pixels), width_(width), height_(height) {
    const std::string command =
        "ffmpeg -nostdin -v error -i '" + path.string() + "' -vf 'select=gte(n\\," + std::to_string(first) +
        ")," + filter + "' -vsync passthrough -f rawvideo -pix_fmt " +
        (pixels == Pixels::rgb ? "rgb24" : "yuv420p") + " - 2>/dev/null";  // closing early is no error
    pipe_ = ::popen(command.c_str(), "r");
  }
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;
  ~FrameReader() {
    if (pipe_ != nullptr) ::pclose(pipe_);
  }

  // False at the end.
  bool next(records::Frame& frame) {
    const std::size_t luma = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
    const std::size_t chroma =
        static_cast<std::size_t>((width_ + 1) / 2) * static_cast<std::size_t>((height_ + 1) / 2);
    std::vector<std::uint8_t> bytes(pixels_ == Pixels::rgb ? 3 * luma : luma + 2 * chroma);
    if (pipe_ == nullptr || std::fread(bytes.data(), 1, bytes.size(), pipe_) != bytes.size()) return false;
    frame = make_frame(std::move(bytes), width_, height_, pixels_);
    frame.index = index_++;
    return true;
  }

 private:
  Pixels pixels_;
  int width_, height_;
  std::int64_t index_ = 0;
  FILE* pipe_ = nullptr;
};

}  // namespace pyro::face::testing

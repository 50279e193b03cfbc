#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "pyro/capture/source.hpp"

namespace pyro::capture {
namespace {

// The driver's texts are fixed arrays that need not end in 0.
template <std::size_t size>
std::string text(const unsigned char (&field)[size]) {
  const auto* begin = reinterpret_cast<const char*>(field);
  return {begin, ::strnlen(begin, size)};
}

// nullopt: a device that does not capture video (metadata, output, a codec).
std::optional<CameraInfo> ask(const std::string& path) {
  CameraInfo camera;
  camera.path = path;
  const int fd = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return camera;
  v4l2_capability capability{};
  const bool answers = ::ioctl(fd, VIDIOC_QUERYCAP, &capability) == 0;
  const auto can = (capability.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? capability.device_caps
                                                                         : capability.capabilities;
  const bool captures = answers && (can & V4L2_CAP_VIDEO_CAPTURE) != 0;
  if (captures) {
    camera.readable = true;
    camera.name = text(capability.card);
    v4l2_fmtdesc format{};
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    for (; ::ioctl(fd, VIDIOC_ENUM_FMT, &format) == 0; ++format.index)
      camera.formats.push_back(text(format.description));
  }
  ::close(fd);
  return captures ? std::optional(std::move(camera)) : std::nullopt;
}

}  // namespace

std::vector<CameraInfo> list_cameras() {
  namespace fs = std::filesystem;
  constexpr std::string_view prefix = "video";
  std::vector<std::pair<int, std::string>> devices;
  std::error_code error;
  for (auto entry = fs::directory_iterator("/dev", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(prefix) || name.size() == prefix.size() || name.size() > prefix.size() + 4)
      continue;
    const std::string number = name.substr(prefix.size());
    if (!std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
    devices.emplace_back(std::stoi(number), entry->path().string());
  }
  std::sort(devices.begin(), devices.end());
  std::vector<CameraInfo> cameras;
  for (const auto& device : devices) {
    if (auto camera = ask(device.second)) cameras.push_back(std::move(*camera));
  }
  return cameras;
}

}  // namespace pyro::capture

#include "pyro/capture/source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "av_input.hpp"
#include "byte_stream.hpp"
#include "file_extent.hpp"
#include "live.hpp"
#include "picture_list.hpp"
#include "still_decoder.hpp"

namespace pyro::capture {
namespace {

using Opened = Result<std::unique_ptr<Source>>;
using Kind = AvInputSpec::Kind;

constexpr std::string_view file_scheme = "file://";

}  // namespace

std::string shown_name(const std::string& address) {
  if (address.find("://") == std::string::npos) return address;
  const std::size_t begin = address.find("://") + 3;
  const std::size_t host = address.find_last_of('@', address.find('/', begin));
  const std::size_t colon = address.find(':', begin);
  if (host == std::string::npos || host < begin || colon > host) return address;
  return address.substr(0, colon + 1) + "***" + address.substr(host);
}

namespace {

// "Motion JPEG at the wished size, anything at that size, whatever it gives": raw video of 720p is too much
// for USB 2.
Opened open_camera(const std::string& name, const std::string& path, const SourceOptions& options,
                   const StopFlag& stop) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return bad_input(
        "There is no camera at " + path + "; plug one in (doctor lists them), or give a file or an address",
        std::strerror(errno));
  }
  if (!S_ISCHR(status.st_mode)) return bad_input(path + " is no camera; doctor lists those that there are");
  if (::access(path.c_str(), R_OK | W_OK) != 0) {
    return bad_input(
        "No right to use the camera " + path + "; add your user to the group video and log in again",
        std::strerror(errno));
  }
  AvInputSpec spec;
  spec.kind = Kind::device;
  spec.name = name;
  spec.url = path;
  spec.format = "v4l2";
  spec.settings = {
      {"video_size", std::to_string(options.camera_width) + 'x' + std::to_string(options.camera_height)},
      {"framerate", std::to_string(options.camera_fps)}};
  AvInputSpec motion_jpeg = spec;
  motion_jpeg.settings.emplace_back("input_format", "mjpeg");
  AvInputSpec anything = spec;
  anything.settings.clear();
  Opened opened = open_av_input(motion_jpeg, options, stop);
  if (!opened && !stop.raised()) opened = open_av_input(spec, options, stop);
  if (!opened && !stop.raised()) opened = open_av_input(anything, options, stop);
  return opened;
}

Opened open_address(const std::string& address, const SourceOptions& options, const StopFlag& stop) {
  AvInputSpec spec;
  spec.kind = Kind::address;
  spec.name = shown_name(address);
  spec.url = address;
  // Over UDP every lost packet is a broken picture.
  if (address.starts_with("rtsp")) {
    spec.settings = {{"rtsp_transport", "tcp"}};
    spec.live = true;
  }
  return open_av_input(spec, options, stop);
}

// Closes what it reads when it goes.
class OwnedFd final : public Source {
 public:
  OwnedFd(std::unique_ptr<Source> source, int fd) : source_(std::move(source)), fd_(fd) {}
  ~OwnedFd() override {
    source_.reset();
    ::close(fd_);
  }
  [[nodiscard]] const SourceInfo& info() const override { return source_->info(); }
  Result<std::optional<records::Frame>> next() override { return source_->next(); }
  void interrupt() override { source_->interrupt(); }

 private:
  std::unique_ptr<Source> source_;
  int fd_;
};

// Opened as a byte stream: named pipes, and JPEG pictures one after another in a file.
Opened open_stream_at(const std::string& path, const SourceOptions& options, const StopFlag& stop) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return bad_input(path + " cannot be opened", std::strerror(errno));
  Opened opened = open_byte_stream(path, fd, options, stop);
  if (!opened) {
    ::close(fd);
    return opened;
  }
  return std::make_unique<OwnedFd>(std::move(*opened), fd);
}

Opened open_path(const std::string& path, const SourceOptions& options, const StopFlag& stop) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == EACCES)
      return bad_input("No right to read " + path + "; check its permissions", std::strerror(errno));
    return bad_input("There is no file or folder " + path + "; check the path", std::strerror(errno));
  }
  if (::access(path.c_str(), R_OK) != 0) {
    return bad_input("No right to read " + path + "; check its permissions", std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    auto pictures = pictures_in(path);
    if (!pictures) return tl::make_unexpected(std::move(pictures.error()));
    return open_pictures(path, std::move(*pictures), options, stop);
  }
  if (S_ISFIFO(status.st_mode)) return open_stream_at(path, options, stop);
  if (S_ISREG(status.st_mode) && status.st_size == 0) {
    return bad_input(path + " is empty (0 bytes); copy or record it again");
  }
  std::array<std::uint8_t, 16> start{};
  std::size_t known = 0;
  if (const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC); fd >= 0) {
    const ssize_t got = ::read(fd, start.data(), start.size());
    known = got > 0 ? static_cast<std::size_t>(got) : 0;
    ::close(fd);
  }
  if (const auto codec = picture_codec(std::span(start).first(known))) {
    const bool many = path.ends_with(".mjpeg") || path.ends_with(".mjpg");
    if (*codec == AV_CODEC_ID_MJPEG && many) return open_stream_at(path, options, stop);
    return open_pictures(path, {path}, options, stop);
  }
  AvInputSpec spec;
  spec.name = path;
  spec.url = "file:" + path;  // so that "a:b.mp4" or "pipe:1" are names, not protocols
  spec.missing_bytes = [path] { return missing_bytes(path); };
  return open_av_input(spec, options, stop);
}

}  // namespace

Opened open(const std::string& input, const SourceOptions& options) {
  constexpr std::string_view camera = "camera:";
  const StopFlag stop(options.stop);
  Opener opener;
  if (input.empty())
    return wrong_use("The input is an empty name; give a file, a folder, camera:0 or an address");
  if (input.starts_with(camera)) {
    const std::string number = input.substr(camera.size());
    if (number.empty() || number.find_first_not_of("0123456789") != std::string::npos) {
      return wrong_use(input + " is no camera; write camera:0 for the first (doctor lists them)");
    }
    opener = [=] { return open_camera(input, "/dev/video" + number, options, stop); };
  } else if (input.starts_with("/dev/video")) {
    opener = [=] { return open_camera(input, input, options, stop); };
  } else if (input == "-") {
    opener = [=] { return open_byte_stream("stdin", STDIN_FILENO, options, stop); };
  } else if (input.starts_with(file_scheme)) {
    opener = [=] { return open_path(input.substr(file_scheme.size()), options, stop); };
  } else if (input.find("://") != std::string::npos) {
    opener = [=] { return open_address(input, options, stop); };
  } else {
    opener = [=] { return open_path(input, options, stop); };
  }
  Opened opened = opener();
  if (!opened) return opened;
  if ((*opened)->info().container == "jpeg stream") return opened;  // timed by arrival already, if it is live
  if ((*opened)->info().live) return retrying(std::move(*opened), std::move(opener), options.retry_for, stop);
  if (options.realtime) return paced(std::move(*opened), stop);
  return opened;
}

}  // namespace pyro::capture

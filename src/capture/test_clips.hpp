// For the room's tests: a folder of their own, clips made by the ffmpeg command line, pictures made by libav.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "av.hpp"
#include "pyro/capture/source.hpp"

namespace pyro::capture::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "pyro_capture_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline bool shell(const std::string& command) {
  return std::system((command + " </dev/null >/dev/null 2>&1").c_str()) == 0;
}
inline bool have_ffmpeg() {
  static const bool have = shell("ffmpeg -version") && shell("ffprobe -version");
  return have;
}
inline bool ffmpeg(const std::string& arguments) {
  return shell("ffmpeg -v error -y " + arguments);
}

#define NEEDS_FFMPEG()                                       \
  if (!pyro::capture::test::have_ffmpeg())                   \
  GTEST_SKIP() << "SKIPPED: the ffmpeg command line is not " \
                  "installed"
#define NEEDS_ENCODER(name) \
  if (!pyro::capture::test::have_encoder(name)) GTEST_SKIP() << "SKIPPED: ffmpeg has no encoder " << (name)

// 2 s of a moving pattern at 25 fps.
inline const std::string pattern = "-f lavfi -i testsrc2=size=320x240:rate=25:duration=2 ";

inline std::vector<std::uint8_t> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline void write_bytes(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

// What a command prints, for ffprobe's figures.
inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen((command + " 2>/dev/null </dev/null").c_str(), "r");
  if (pipe == nullptr) return text;
  char buffer[256];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) text += buffer;
  ::pclose(pipe);
  return text;
}
inline long frames_by_ffprobe(const std::string& path) {
  return std::atol(output_of("ffprobe -v quiet -count_frames -select_streams v:0 -show_entries "
                             "stream=nb_read_frames -of csv=p=0 '" +
                             path + "'")
                       .c_str());
}

inline bool have_encoder(const std::string& name) {
  return have_ffmpeg() &&
         output_of("ffmpeg -hide_banner -encoders").find(' ' + name + ' ') != std::string::npos;
}

// Everything a source gave: the frames without their pixels, and how it ended.
struct Reading {
  std::vector<records::Frame> frames;
  std::optional<Error> error;
  [[nodiscard]] std::size_t count() const { return frames.size(); }
};
inline Reading read_all(Source& source) {
  Reading reading;
  for (;;) {
    auto frame = source.next();
    if (!frame) {
      reading.error = frame.error();
      return reading;
    }
    if (!*frame) return reading;
    (*frame)->pixels.reset();
    reading.frames.push_back(**frame);
  }
}
inline Reading read_all(const std::string& input, const SourceOptions& options = {}) {
  auto source = open(input, options);
  if (!source) return {{}, source.error()};
  return read_all(**source);
}

// The planes packed one after another, as ffmpeg -f rawvideo writes them.
inline void append_packed(const records::Frame& frame, std::vector<std::uint8_t>& out) {
  const auto append = [&](const records::Plane& plane, int width, int height) {
    for (int y = 0; y < height; ++y) out.insert(out.end(), plane.row(y), plane.row(y) + width);
  };
  append(frame.y, frame.width, frame.height);
  if (frame.u.data == nullptr) return;
  const int width = -((-frame.width) >> frame.chroma_shift_x);
  const int height = -((-frame.height) >> frame.chroma_shift_y);
  append(frame.u, width, height);
  append(frame.v, width, height);
}
inline std::vector<std::uint8_t> all_pixels(const std::string& input) {
  std::vector<std::uint8_t> pixels;
  auto source = open(input);
  while (source) {
    auto frame = (*source)->next();
    if (!frame || !*frame) break;
    append_packed(**frame, pixels);
  }
  return pixels;
}

// A JPEG picture of one shade, made without the command line.
inline std::vector<std::uint8_t> make_jpeg(int width, int height, std::uint8_t shade) {
  const AvPtr<AVCodecContext> codec(avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_MJPEG)));
  codec->width = width;
  codec->height = height;
  codec->pix_fmt = AV_PIX_FMT_YUVJ420P;
  codec->time_base = {1, 25};
  std::vector<std::uint8_t> bytes;
  if (avcodec_open2(codec.get(), codec->codec, nullptr) < 0) return bytes;
  const AvPtr<AVFrame> frame(av_frame_alloc());
  frame->width = width;
  frame->height = height;
  frame->format = codec->pix_fmt;
  if (av_frame_get_buffer(frame.get(), 0) < 0) return bytes;
  for (int plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? height : (height + 1) / 2;
    std::fill_n(frame->data[plane], rows * frame->linesize[plane], plane == 0 ? shade : std::uint8_t{128});
  }
  const AvPtr<AVPacket> packet(av_packet_alloc());
  if (avcodec_send_frame(codec.get(), frame.get()) >= 0 &&
      avcodec_receive_packet(codec.get(), packet.get()) >= 0) {
    bytes.assign(packet->data, packet->data + packet->size);
  }
  return bytes;
}

}  // namespace pyro::capture::test

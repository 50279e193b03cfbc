// Writes pictures to a video file: raw frames or what the overlay drew. Images of people are only ever stored
// when somebody asked for it by name (--record).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::capture {

// The container follows the file's ending (mp4, mkv, avi, mov); H.264 where the installed libavcodec has an
// encoder for it, else MPEG-4. The first picture sets the size (rounded down to even numbers); later pictures
// of another size are scaled to it. Frames keep their own time stamps. Matroska stays readable after a kill;
// MP4 is written in fragments so that it does too. Not thread-safe. Errors: no such container, the file
// cannot be written, disk full.
class Recorder {
 public:
  [[nodiscard]] static Result<Recorder> open(const std::string& file);
  ~Recorder();
  Recorder(Recorder&&) noexcept;
  Recorder& operator=(Recorder&&) noexcept;

  Status add(const records::Frame& frame);
  // 32-bit BGRX pixels, top row first.
  Status add(const std::uint8_t* bgrx, int width, int height, int stride_bytes, Seconds time);
  // Writes what is pending and the file's end. Without it the destructor does so and its errors are lost.
  Status close();

 private:
  struct Impl;
  explicit Recorder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::capture

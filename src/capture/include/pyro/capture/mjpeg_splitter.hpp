// Cuts a byte stream into JPEG pictures, by walking the markers of ITU-T T.81 annex B, with bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace pyro::capture {

// What lies between pictures (multipart headers, noise) is skipped. A picture that breaks off, is malformed
// or grows beyond max_frame_bytes is abandoned and the search goes on right after the segment that was wrong,
// so that at most the damaged picture is lost. Every byte is looked at a bounded number of times. Holds at
// most max_frame_bytes and what was fed since the last next() that gave nullopt. Not thread-safe.
class MjpegSplitter {
 public:
  static constexpr std::size_t default_max_frame_bytes = std::size_t{64} << 20;
  explicit MjpegSplitter(std::size_t max_frame_bytes = default_max_frame_bytes);

  void feed(std::span<const std::uint8_t> bytes);
  // The stream is over: what a last, unfinished picture seemed to hold is searched again by next().
  void end() { ended_ = true; }
  // The next whole picture, from SOI to EOI; valid until the next call of feed. nullopt: feed more
  // (or, after end(), there are no more).
  [[nodiscard]] std::optional<std::span<const std::uint8_t>> next();
  // Where the last picture that next() gave began, in bytes from the start of the stream.
  [[nodiscard]] std::uint64_t frame_offset() const { return frame_offset_; }
  // Pictures that had begun (SOI and a segment) and were given up.
  [[nodiscard]] std::int64_t abandoned() const { return abandoned_; }

 private:
  enum class State : std::uint8_t { seek, marker, entropy };
  enum class Step : std::uint8_t { again, starved, picture };

  Step seek();
  Step marker();
  Step entropy();
  void begin(std::size_t at);
  void abandon();

  std::size_t max_frame_bytes_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t dropped_bytes_ = 0;  // of the stream before buffer_
  State state_ = State::seek;
  std::size_t start_ = 0;    // the picture's SOI
  std::size_t segment_ = 0;  // the last marker with a length; start_ while there was none
  std::size_t scan_ = 0;     // the next byte to look at; beyond the buffer while a segment is awaited
  std::uint64_t frame_offset_ = 0;
  std::int64_t abandoned_ = 0;
  bool ended_ = false;
};

// The length of the JPEG picture that begins at bytes[0]; nullopt if it is not one or is cut off.
[[nodiscard]] std::optional<std::size_t> whole_jpeg(std::span<const std::uint8_t> bytes);

}  // namespace pyro::capture

// Pictures that stand alone: one run of bytes, one AVFrame with the planes, the Exif orientation and the
// complaints of libav. The exact colours, where they are known, come from still_colours.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "av.hpp"
#include "pyro/base/result.hpp"

namespace pyro::capture {

// By the first 16 bytes: jpeg, png, webp, bmp.
[[nodiscard]] std::optional<AVCodecID> picture_codec(std::span<const std::uint8_t> start);

// Whether the bytes reach the end that a jpeg or png marks for itself; the decoders fill what is missing and
// say nothing. True for the other kinds.
[[nodiscard]] bool reaches_end(std::span<const std::uint8_t> bytes);

class StillDecoder {
 public:
  // Decodes into the empty frame. The error's message says what is wrong with the picture, without naming it.
  [[nodiscard]] Status decode(std::span<const std::uint8_t> bytes, AVFrame& into);
  // Larger pictures are refused before memory is taken for them.
  void refuse_above(std::int64_t pixels) { most_pixels_ = pixels; }
  // Of the last picture; null before.
  [[nodiscard]] const char* codec_name() const { return codec_ ? avcodec_get_name(codec_->codec_id) : ""; }

 private:
  AvPtr<AVCodecContext> codec_;
  AvPtr<AVPacket> packet_{av_packet_alloc()};
  std::vector<std::uint8_t> padded_;
  std::int64_t most_pixels_ = std::int64_t{1} << 28;
};

}  // namespace pyro::capture

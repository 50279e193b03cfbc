#include "still_decoder.hpp"

#include <algorithm>
#include <string_view>

#include "pyro/capture/mjpeg_splitter.hpp"

namespace pyro::capture {

std::optional<AVCodecID> picture_codec(std::span<const std::uint8_t> start) {
  const auto has = [&](std::size_t at, std::string_view tag) {
    return start.size() >= at + tag.size() &&
           std::equal(tag.begin(), tag.end(), start.begin() + static_cast<long>(at),
                      [](char a, std::uint8_t b) { return a == static_cast<char>(b); });
  };
  if (has(0, "\xff\xd8\xff")) return AV_CODEC_ID_MJPEG;
  if (has(0, "\x89PNG\r\n\x1a\n")) return AV_CODEC_ID_PNG;
  if (has(0, "RIFF") && has(8, "WEBP")) return AV_CODEC_ID_WEBP;
  // "BM" alone begins many a text: the header's size field follows, and its reserved bytes are 0.
  if (has(0, "BM") && start.size() >= 16 && start[6] == 0 && start[7] == 0 && start[8] == 0 &&
      start[9] == 0) {
    return AV_CODEC_ID_BMP;
  }
  return std::nullopt;
}

bool reaches_end(std::span<const std::uint8_t> bytes) {
  const auto codec = picture_codec(bytes.first(std::min<std::size_t>(bytes.size(), 16)));
  if (codec == AV_CODEC_ID_MJPEG) return whole_jpeg(bytes).has_value();
  if (codec != AV_CODEC_ID_PNG) return true;
  // PNG (ISO/IEC 15948 5.3): 8 bytes of signature, then chunks of length, type, data and checksum, until
  // IEND.
  constexpr std::uint64_t frame_bytes = 12;
  for (std::uint64_t at = 8; at + frame_bytes <= bytes.size();) {
    const std::uint8_t* chunk = bytes.data() + at;
    const std::uint32_t length = static_cast<std::uint32_t>(chunk[0]) << 24 |
                                 static_cast<std::uint32_t>(chunk[1]) << 16 |
                                 static_cast<std::uint32_t>(chunk[2]) << 8 | chunk[3];
    if (std::equal(chunk + 4, chunk + 8, "IEND")) return true;
    at += frame_bytes + length;
  }
  return false;
}

Status StillDecoder::decode(std::span<const std::uint8_t> bytes, AVFrame& into) {
  const auto id = picture_codec(bytes.first(std::min<std::size_t>(bytes.size(), 16)));
  if (!id) return bad_input("is not a picture (jpeg, png, webp or bmp)");
  if (!codec_ || codec_->codec_id != *id) {
    const AVCodec* decoder = avcodec_find_decoder(*id);
    codec_.reset(avcodec_alloc_context3(decoder));
    if (!codec_ || !packet_) return failed("cannot be decoded: out of memory");
    codec_->thread_count = 1;  // several frame threads would hold pictures back
    codec_->max_pixels = most_pixels_;
    if (const int error = avcodec_open2(codec_.get(), decoder, nullptr); error < 0) {
      codec_.reset();
      return failed("cannot be decoded here", av_text(error));
    }
  }
  // libav's parsers read a little beyond the end.
  padded_.assign(bytes.begin(), bytes.end());
  padded_.resize(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE, 0);
  packet_->data = padded_.data();
  packet_->size = static_cast<int>(bytes.size());
  packet_->flags = AV_PKT_FLAG_KEY;
  int error = avcodec_send_packet(codec_.get(), packet_.get());
  packet_->data = nullptr;
  packet_->size = 0;
  if (error >= 0) error = avcodec_receive_frame(codec_.get(), &into);
  if (error < 0) {
    codec_.reset();  // whatever it kept of the broken picture goes too
    return bad_input("is damaged", av_text(error));
  }
  return {};
}

}  // namespace pyro::capture

#include "unit_decoder.hpp"

#include <algorithm>
#include <array>

namespace pyro::capture {
namespace {

constexpr std::array<std::uint8_t, 3> kStartCode{0, 0, 1};
constexpr std::uint8_t kIdrSlice = 5;

bool has_start_code(std::span<const std::uint8_t> unit) {
  const std::size_t zeros = static_cast<std::size_t>(
      std::ranges::find_if(unit, [](std::uint8_t b) { return b != 0; }) - unit.begin());
  return zeros >= 2 && zeros < unit.size() && unit[zeros] == 1;
}

bool has_idr(std::span<const std::uint8_t> unit) {
  auto at = unit.begin();
  for (;;) {
    at = std::search(at, unit.end(), kStartCode.begin(), kStartCode.end());
    if (unit.end() - at <= static_cast<std::ptrdiff_t>(kStartCode.size())) return false;
    at += kStartCode.size();
    if ((*at & 0x1f) == kIdrSlice) return true;
  }
}

}  // namespace

bool stands_alone(Coding coding, std::span<const std::uint8_t> unit) {
  if (coding == Coding::h264) return has_idr(unit);
  return coding == Coding::vp8 && !unit.empty() && (unit[0] & 1) == 0;
}

bool begins_file(Coding coding, std::span<const std::uint8_t> piece) {
  constexpr std::array<std::uint8_t, 4> ebml{0x1a, 0x45, 0xdf, 0xa3}, ftyp{'f', 't', 'y', 'p'};
  if (coding == Coding::webm) return piece.size() >= 4 && std::ranges::equal(piece.first(4), ebml);
  return coding == Coding::mp4 && piece.size() >= 8 && std::ranges::equal(piece.subspan(4, 4), ftyp);
}

Status UnitDecoder::open() {
  const AVCodec* decoder = avcodec_find_decoder(coding_ == Coding::h264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_VP8);
  codec_.reset(avcodec_alloc_context3(decoder));
  if (!codec_ || !packet_) return failed("cannot be decoded: out of memory");
  codec_->thread_count = 1;  // several frame threads would hold pictures back
  codec_->flags |= AV_CODEC_FLAG_LOW_DELAY;
  codec_->err_recognition |= AV_EF_EXPLODE;  // a picture with invented parts is none
  codec_->max_pixels = most_pixels_;
  if (const int error = avcodec_open2(codec_.get(), decoder, nullptr); error < 0) {
    codec_.reset();
    return failed("cannot be decoded here", av_text(error));
  }
  return {};
}

Result<bool> UnitDecoder::decode(std::span<const std::uint8_t> unit, std::int64_t index, AVFrame& into) {
  const auto broken = [&](const char* what, int error) -> tl::unexpected<Error> {
    whole_ = false;
    codec_.reset();  // whatever it kept of the broken picture goes too
    return bad_input(what, error < 0 ? av_text(error) : "");
  };
  if (coding_ == Coding::h264 && !has_start_code(unit)) return broken("has no start code", 0);
  if (!whole_ && !stands_alone(coding_, unit)) return false;
  if (!codec_) {
    if (Status opened = open(); !opened) return tl::make_unexpected(opened.error());
  }
  padded_.assign(unit.begin(), unit.end());
  padded_.resize(unit.size() + AV_INPUT_BUFFER_PADDING_SIZE, 0);
  packet_->data = padded_.data();
  packet_->size = static_cast<int>(unit.size());
  packet_->pts = index;
  int error = avcodec_send_packet(codec_.get(), packet_.get());
  packet_->data = nullptr;
  packet_->size = 0;
  if (error >= 0) error = avcodec_receive_frame(codec_.get(), &into);
  if (error == AVERROR(EAGAIN)) {
    whole_ = true;
    return false;
  }
  if (error < 0) return broken("is damaged", error);
  if (into.decode_error_flags != 0 || (into.flags & AV_FRAME_FLAG_CORRUPT) != 0) {
    av_frame_unref(&into);
    return broken("is damaged", 0);
  }
  whole_ = true;
  return true;
}

}  // namespace pyro::capture

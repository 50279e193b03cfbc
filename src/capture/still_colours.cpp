#include "still_colours.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "still_decoder.hpp"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace pyro::capture {
namespace {

void colours_of_palette(const AVFrame& from, AVFrame& to) {
  std::array<std::uint32_t, 256> palette{};  // 0xAARRGGBB in the machine's order
  std::memcpy(palette.data(), from.data[1], sizeof palette);
  for (int y = 0; y < from.height; ++y) {
    const std::uint8_t* in = from.data[0] + static_cast<std::ptrdiff_t>(y) * from.linesize[0];
    std::uint8_t* out = to.data[0] + static_cast<std::ptrdiff_t>(y) * to.linesize[0];
    for (int x = 0; x < from.width; ++x, out += 3) {
      const std::uint32_t colour = palette[in[x]];
      out[0] = static_cast<std::uint8_t>(colour >> 16);
      out[1] = static_cast<std::uint8_t>(colour >> 8);
      out[2] = static_cast<std::uint8_t>(colour);
    }
  }
}

// Where in a pixel the bytes of R, G and B stand, and how far it is to the next pixel.
struct Places {
  std::array<int, 3> offset{};
  int step = 0;
};

// Of packed RGB and grey with alpha, in 8 or (big-endian: the first byte is the upper one) 16 bits.
std::optional<Places> places_of(const AVPixFmtDescriptor& d) {
  constexpr auto unlike =
      AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_PLANAR | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT;
  const bool rgb = (d.flags & AV_PIX_FMT_FLAG_RGB) != 0;
  const bool grey_with_alpha = !rgb && d.nb_components == 2;
  if ((d.flags & unlike) != 0 || (!rgb && !grey_with_alpha)) return std::nullopt;
  Places places;
  for (std::size_t i = 0; i < 3; ++i) {
    const AVComponentDescriptor& c = d.comp[rgb ? i : 0];
    const bool wide = c.depth == 16 && (d.flags & AV_PIX_FMT_FLAG_BE) != 0;
    if ((c.depth != 8 && !wide) || c.shift != 0 || c.plane != 0) return std::nullopt;
    places.offset[i] = c.offset;
    places.step = c.step;
  }
  return places;
}

void colours_at(const Places& places, const AVFrame& from, AVFrame& to) {
  const auto [red, green, blue] = places.offset;
  for (int y = 0; y < from.height; ++y) {
    const std::uint8_t* in = from.data[0] + static_cast<std::ptrdiff_t>(y) * from.linesize[0];
    std::uint8_t* out = to.data[0] + static_cast<std::ptrdiff_t>(y) * to.linesize[0];
    for (int x = 0; x < from.width; ++x, in += places.step, out += 3) {
      out[0] = in[red];
      out[1] = in[green];
      out[2] = in[blue];
    }
  }
}

}  // namespace

void StillColours::TurboFree::operator()(void* handle) const {
  tjDestroy(handle);
}

std::shared_ptr<AVFrame> StillColours::blank(const AVFrame& like) {
  auto frame = frames_->take();
  if (pixels_.fill(*frame, AV_PIX_FMT_RGB24, like.width, like.height) < 0) return nullptr;
  return frame;
}

std::shared_ptr<AVFrame> StillColours::of_jpeg(std::span<const std::uint8_t> bytes, const AVFrame& decoded) {
  if (!turbo_) turbo_.reset(tjInitDecompress());
  if (!turbo_) return nullptr;
  int width = 0;
  int height = 0;
  int subsampling = -1;
  int colour_space = -1;
  // Its result is not asked: an unusual subsampling is an error here and none for the decoder.
  (void)tjDecompressHeader3(turbo_.get(), bytes.data(), bytes.size(), &width, &height, &subsampling,
                            &colour_space);
  // The size is the one that libav was content with, so it is bounded as libav's is.
  if (width != decoded.width || height != decoded.height) return nullptr;
  if (colour_space != TJCS_YCbCr && colour_space != TJCS_RGB && colour_space != TJCS_GRAY) return nullptr;
  auto rgb = blank(decoded);
  // What is damaged is filled differently by either library: then libav's planes stand alone. No sound
  // picture comes near the scans that LIMITSCANS allows.
  constexpr int flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
  if (!rgb || tjDecompress2(turbo_.get(), bytes.data(), bytes.size(), rgb->data[0], width, rgb->linesize[0],
                            height, TJPF_RGB, flags) != 0) {
    return nullptr;
  }
  return rgb;
}

std::shared_ptr<AVFrame> StillColours::of(std::span<const std::uint8_t> bytes, const AVFrame& decoded) {
  if (picture_codec(bytes.first(std::min<std::size_t>(bytes.size(), 16))) == AV_CODEC_ID_MJPEG)
    return of_jpeg(bytes, decoded);
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(decoded.format));
  if (d == nullptr) return nullptr;
  const bool palette = (d->flags & AV_PIX_FMT_FLAG_PAL) != 0;
  const auto places = palette ? std::nullopt : places_of(*d);
  if (!palette && !places) return nullptr;
  auto rgb = blank(decoded);
  if (!rgb) return nullptr;
  if (palette) {
    colours_of_palette(decoded, *rgb);
  } else {
    colours_at(*places, decoded, *rgb);
  }
  return rgb;
}

}  // namespace pyro::capture

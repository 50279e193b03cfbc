#include "picture.hpp"

#include <string>
#include <utility>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

namespace pyro::capture {
namespace {

// Luma and chroma in one plane each, one byte a sample; alpha may follow.
bool is_planar_yuv8(const AVPixFmtDescriptor& d) {
  if ((d.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
                  AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER)) != 0) {
    return false;
  }
  const int planes = d.nb_components >= 3 ? 3 : 1;
  if (d.nb_components == 2) return false;  // grey with alpha interleaved
  for (int i = 0; i < planes; ++i) {
    const AVComponentDescriptor& c = d.comp[i];
    if (c.plane != i || c.step != 1 || c.depth != 8 || c.shift != 0 || c.offset != 0) return false;
  }
  return true;
}

AVPixelFormat target_of(const AVPixFmtDescriptor& d) {
  if ((d.flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER)) != 0)
    return AV_PIX_FMT_YUV444P;
  if (d.nb_components <= 2) return AV_PIX_FMT_GRAY8;
  if (d.log2_chroma_w == 0 && d.log2_chroma_h == 0) return AV_PIX_FMT_YUV444P;
  if (d.log2_chroma_w == 1 && d.log2_chroma_h == 0) return AV_PIX_FMT_YUV422P;
  return AV_PIX_FMT_YUV420P;
}

bool is_full_range(const AVFrame& f) {
  switch (f.format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P:
      return true;
    case AV_PIX_FMT_GRAY8:
      return f.color_range != AVCOL_RANGE_MPEG;  // grey pictures are full range unless they say otherwise
    default:
      return f.color_range == AVCOL_RANGE_JPEG;
  }
}

records::ColourMatrix matrix_of(AVColorSpace space) {
  switch (space) {
    case AVCOL_SPC_BT709:
      return records::ColourMatrix::bt709;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return records::ColourMatrix::bt2020;
    default:
      return records::ColourMatrix::bt601;
  }
}

}  // namespace

Result<std::shared_ptr<AVFrame>> PictureShaper::converted(const AVFrame& from) {
  const auto format = static_cast<AVPixelFormat>(from.format);
  const AVPixFmtDescriptor& d = *av_pix_fmt_desc_get(format);
  const AVPixelFormat target = target_of(d);
  const bool from_rgb =
      target == AV_PIX_FMT_YUV444P && (d.nb_components < 3 || (d.flags & AV_PIX_FMT_FLAG_RGB) != 0 ||
                                       (d.flags & (AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER)) != 0);
  if (!scaler_ || scaler_from_ != format || scaler_width_ != from.width || scaler_height_ != from.height) {
    scaler_.reset(sws_getContext(from.width, from.height, format, from.width, from.height, target,
                                 SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INP | SWS_FULL_CHR_H_INT,
                                 nullptr, nullptr, nullptr));
    if (!scaler_) {
      return bad_input(std::string("pictures of the pixel format ") + d.name +
                       " cannot be converted; re-encode them as yuv420p");
    }
    scaler_from_ = format;
    scaler_width_ = from.width;
    scaler_height_ = from.height;
  }
  // RGB goes to full range to lose no code values; YUV and grey keep the range that they have.
  const int range_in = from_rgb || is_full_range(from) ? 1 : 0;
  const int* coefficients = sws_getCoefficients(SWS_CS_ITU601);
  sws_setColorspaceDetails(scaler_.get(), coefficients, range_in, coefficients, range_in, 0, 1 << 16,
                           1 << 16);
  auto to = frames_->take();
  int error = converted_pixels_.fill(*to, target, from.width, from.height);
  if (error >= 0) {
    error = sws_scale(scaler_.get(), static_cast<const std::uint8_t* const*>(from.data),
                      static_cast<const int*>(from.linesize), 0, from.height,
                      static_cast<std::uint8_t**>(to->data), static_cast<const int*>(to->linesize));
  }
  if (error < 0) return failed("a picture could not be converted to 8-bit YUV", av_text(error));
  to->colorspace = from_rgb ? AVCOL_SPC_SMPTE170M : from.colorspace;
  to->color_range = range_in != 0 ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  return to;
}

Result<std::shared_ptr<AVFrame>> PictureShaper::oriented(const AVFrame& from, Orientation orientation) {
  // Turning swaps the subsampling's axes: 4:2:2 becomes 4:4:0.
  const AVPixFmtDescriptor& d = *av_pix_fmt_desc_get(static_cast<AVPixelFormat>(from.format));
  const bool grey = d.nb_components < 3;
  auto to = frames_->take();
  const auto size = upright_size(from.width, from.height, orientation);
  // Room for full-size chroma: whatever the subsampling, each plane fits where 4:4:4 would put it.
  const int error =
      oriented_pixels_.fill(*to, grey ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_YUV444P, size.width, size.height);
  if (error < 0) return failed("a picture could not be turned upright", av_text(error));
  for (int plane = 0; plane < (grey ? 1 : 3); ++plane) {
    const int width = plane == 0 ? from.width : AV_CEIL_RSHIFT(from.width, d.log2_chroma_w);
    const int height = plane == 0 ? from.height : AV_CEIL_RSHIFT(from.height, d.log2_chroma_h);
    orient_plane(from.data[plane], from.linesize[plane], width, height, to->data[plane], to->linesize[plane],
                 orientation);
  }
  return to;
}

Result<std::shared_ptr<AVFrame>> PictureShaper::oriented_rgb(const AVFrame& from, Orientation orientation) {
  auto to = frames_->take();
  const auto size = upright_size(from.width, from.height, orientation);
  const int error = oriented_rgb_pixels_.fill(*to, AV_PIX_FMT_RGB24, size.width, size.height);
  if (error < 0) return failed("a picture could not be turned upright", av_text(error));
  orient_plane<3>(from.data[0], from.linesize[0], from.width, from.height, to->data[0], to->linesize[0],
                  orientation);
  return to;
}

Result<records::Frame> PictureShaper::shape(std::shared_ptr<AVFrame> picture, Orientation stream_orientation,
                                            std::shared_ptr<AVFrame> rgb) {
  const AVPixFmtDescriptor* d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture->format));
  if (d == nullptr || picture->width <= 0 || picture->height <= 0)
    return bad_input("a picture without size or format");
  Orientation orientation = stream_orientation;
  if (const AVFrameSideData* own = av_frame_get_side_data(picture.get(), AV_FRAME_DATA_DISPLAYMATRIX);
      own != nullptr && own->size >= 9 * sizeof(std::int32_t)) {
    orientation = orientation_of(reinterpret_cast<const std::int32_t*>(own->data));
  }
  if (!is_planar_yuv8(*d)) {
    auto converted_picture = converted(*picture);
    if (!converted_picture) return tl::make_unexpected(std::move(converted_picture.error()));
    picture = std::move(*converted_picture);
    d = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture->format));
  }
  records::Frame frame;
  frame.matrix = matrix_of(picture->colorspace);
  frame.full_range = is_full_range(*picture);
  frame.chroma_shift_x = d->log2_chroma_w;
  frame.chroma_shift_y = d->log2_chroma_h;
  const bool grey = d->nb_components < 3;
  // Bottom-up pictures have negative strides, which readers of planes need not expect: they are copied too.
  if (!orientation.upright() || picture->linesize[0] < 0) {
    if (orientation.transposed) std::swap(frame.chroma_shift_x, frame.chroma_shift_y);
    auto turned = oriented(*picture, orientation);
    if (!turned) return tl::make_unexpected(std::move(turned.error()));
    picture = std::move(*turned);
  }
  frame.width = picture->width;
  frame.height = picture->height;
  frame.y = {picture->data[0], picture->linesize[0]};
  if (!grey) {
    frame.u = {picture->data[1], picture->linesize[1]};
    frame.v = {picture->data[2], picture->linesize[2]};
  }
  if (rgb) {
    if (!orientation.upright()) {
      auto turned = oriented_rgb(*rgb, orientation);
      if (!turned) return tl::make_unexpected(std::move(turned.error()));
      rgb = std::move(*turned);
    }
    frame.rgb = {rgb->data[0], rgb->linesize[0]};
    // The planes' owner keeps these pixels too: libav lets go of what lies here together with the planes.
    picture->opaque_ref = std::exchange(rgb->buf[0], nullptr);
  }
  frame.pixels = std::move(picture);
  return frame;
}

}  // namespace pyro::capture

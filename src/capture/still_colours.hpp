// The colours of a still, exactly as PIL and OpenCV have them, with which reference figures are made:
// landmarks follow differences between decoders that nobody sees.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "av.hpp"
#include "frame_pool.hpp"

namespace pyro::capture {

class StillColours {
 public:
  // The stored picture, not turned, in AV_PIX_FMT_RGB24; null where its exact colours are not known or there
  // is no memory. bytes: the whole file; decoded: what StillDecoder made of them.
  // JPEG: decoded again, with libjpeg-turbo's exact DCT, smooth upsampling and its own YCbCr to RGB, as PIL
  // and OpenCV decode it; null for CMYK and for whatever that library finds fault with. Other kinds: the
  // file's own values, where they are RGB, a palette or grey with alpha (which is ignored) in 8 bits, or in
  // 16 bits, of which the upper 8 are taken, as PIL and OpenCV do. Null for grey, which the luma plane has
  // exactly, for fewer bits a colour, and for YUV (lossy WebP).
  [[nodiscard]] std::shared_ptr<AVFrame> of(std::span<const std::uint8_t> bytes, const AVFrame& decoded);

 private:
  struct TurboFree {
    void operator()(void* handle) const;
  };

  std::shared_ptr<AVFrame> of_jpeg(std::span<const std::uint8_t> bytes, const AVFrame& decoded);
  std::shared_ptr<AVFrame> blank(const AVFrame& like);  // null without memory

  std::unique_ptr<void, TurboFree> turbo_;  // a tjhandle, made for the first JPEG
  std::shared_ptr<FramePool> frames_ = FramePool::create();
  PixelPool pixels_;
};

}  // namespace pyro::capture

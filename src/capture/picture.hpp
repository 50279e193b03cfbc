// From a decoded AVFrame to a Frame: which pixels are passed on as they are, which are converted or turned.
#pragma once

#include <memory>

#include "av.hpp"
#include "frame_pool.hpp"
#include "orient.hpp"
#include "pyro/base/result.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::capture {

class PictureShaper {
 public:
  // The pictures' owner; the decoder writes into what it gives.
  [[nodiscard]] std::shared_ptr<AVFrame> take() { return frames_->take(); }
  // All of a Frame but index, time and utc. The frame's own display matrix (Exif) wins over the stream's
  // orientation. rgb: the same stored picture in AV_PIX_FMT_RGB24 in one buffer, for Frame.rgb; null where
  // there is none.
  [[nodiscard]] Result<records::Frame> shape(std::shared_ptr<AVFrame> picture, Orientation stream_orientation,
                                             std::shared_ptr<AVFrame> rgb = nullptr);

 private:
  Result<std::shared_ptr<AVFrame>> converted(const AVFrame& from);
  Result<std::shared_ptr<AVFrame>> oriented(const AVFrame& from, Orientation orientation);
  Result<std::shared_ptr<AVFrame>> oriented_rgb(const AVFrame& from, Orientation orientation);

  std::shared_ptr<FramePool> frames_ = FramePool::create();
  PixelPool converted_pixels_;
  PixelPool oriented_pixels_;
  PixelPool oriented_rgb_pixels_;
  AvPtr<SwsContext> scaler_;
  AVPixelFormat scaler_from_ = AV_PIX_FMT_NONE;
  int scaler_width_ = 0;
  int scaler_height_ = 0;
};

// Size after turning.
struct UprightSize {
  int width = 0;
  int height = 0;
};
[[nodiscard]] inline UprightSize upright_size(int width, int height, Orientation orientation) {
  return orientation.transposed ? UprightSize{height, width} : UprightSize{width, height};
}

}  // namespace pyro::capture

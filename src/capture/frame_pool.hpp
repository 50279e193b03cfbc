// Decoded pictures that come back: a frame in steady state costs no heap allocation of ours (libav's
// reference counting of its own buffers excepted).
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "av.hpp"

namespace pyro::capture {

// Empty AVFrames behind shared pointers, whose control blocks are recycled as well. take() and the release of
// what it gave may happen on any threads; what is out keeps the pool alive.
class FramePool : public std::enable_shared_from_this<FramePool> {
  struct Private {};

 public:
  explicit FramePool(Private) {}
  ~FramePool();
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;
  [[nodiscard]] static std::shared_ptr<FramePool> create() { return std::make_shared<FramePool>(Private{}); }

  // Unreferences the picture and takes it back when the last copy goes. Throws std::bad_alloc.
  [[nodiscard]] std::shared_ptr<AVFrame> take();

 private:
  struct Holder;
  template <typename T>
  struct Recycler;

  void* take_block(std::size_t bytes);
  void give_block(void* block);

  std::mutex mutex_;
  std::vector<AvPtr<AVFrame>> frames_;
  std::vector<void*> blocks_;  // all of one size: only Holder's control block is made here
};

// Pixel memory for converted and turned pictures, recycled by libav's buffer pool while the size stays the
// same.
class PixelPool {
 public:
  // Gives frame width, height, format and fresh planes (64-byte rows). 0 or an AVERROR.
  int fill(AVFrame& frame, AVPixelFormat format, int width, int height);

 private:
  AvPtr<AVBufferPool> pool_;
  std::size_t bytes_ = 0;
};

}  // namespace pyro::capture

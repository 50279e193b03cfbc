#include "frame_pool.hpp"

#include <algorithm>
#include <array>
#include <new>

extern "C" {
#include <libavutil/imgutils.h>
}

namespace pyro::capture {

struct FramePool::Holder {
  explicit Holder(FramePool& from) : pool(from) {
    const std::lock_guard lock(pool.mutex_);
    if (pool.frames_.empty()) {
      frame.reset(av_frame_alloc());
      if (!frame) throw std::bad_alloc();
    } else {
      frame = std::move(pool.frames_.back());
      pool.frames_.pop_back();
    }
  }
  ~Holder() {
    av_frame_unref(frame.get());
    const std::lock_guard lock(pool.mutex_);
    pool.frames_.push_back(std::move(frame));
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  FramePool&
      pool;  // outlives us: the control block that holds us also holds the allocator, and that the pool
  AvPtr<AVFrame> frame;
};

template <typename T>
struct FramePool::Recycler {
  using value_type = T;
  explicit Recycler(std::shared_ptr<FramePool> from) : pool(std::move(from)) {}
  template <typename U>
  Recycler(const Recycler<U>& other) : pool(other.pool) {}  // NOLINT: allocators convert
  T* allocate(std::size_t count) { return static_cast<T*>(pool->take_block(count * sizeof(T))); }
  void deallocate(T* block, std::size_t) { pool->give_block(block); }
  template <typename U>
  bool operator==(const Recycler<U>& other) const {
    return pool == other.pool;
  }
  std::shared_ptr<FramePool> pool;
};

FramePool::~FramePool() {
  for (void* block : blocks_) ::operator delete(block);
}

std::shared_ptr<AVFrame> FramePool::take() {
  const auto holder = std::allocate_shared<Holder>(Recycler<Holder>(shared_from_this()), *this);
  return {holder, holder->frame.get()};
}

void* FramePool::take_block(std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (!blocks_.empty()) {
      void* block = blocks_.back();
      blocks_.pop_back();
      return block;
    }
  }
  return ::operator new(bytes);
}

void FramePool::give_block(void* block) {
  const std::lock_guard lock(mutex_);
  blocks_.push_back(block);
}

int PixelPool::fill(AVFrame& frame, AVPixelFormat format, int width, int height) {
  constexpr int row_alignment = 64;
  constexpr std::size_t slack = 128;  // swscale's vector code may touch a little more than the last row
  int error = av_image_fill_linesizes(static_cast<int*>(frame.linesize), format, width);
  if (error < 0) return error;
  for (int i = 0; i < 4; ++i) frame.linesize[i] = FFALIGN(frame.linesize[i], row_alignment);
  const std::array<std::ptrdiff_t, 4> strides{frame.linesize[0], frame.linesize[1], frame.linesize[2],
                                              frame.linesize[3]};
  std::array<std::size_t, 4> sizes{};
  error = av_image_fill_plane_sizes(sizes.data(), format, height, strides.data());
  if (error < 0) return error;
  const std::size_t bytes = sizes[0] + sizes[1] + sizes[2] + sizes[3] + slack;
  if (!pool_ || bytes != bytes_) {
    pool_.reset(av_buffer_pool_init(bytes, nullptr));
    bytes_ = bytes;
  }
  frame.buf[0] = pool_ ? av_buffer_pool_get(pool_.get()) : nullptr;
  if (frame.buf[0] == nullptr) return AVERROR(ENOMEM);
  frame.format = format;
  frame.width = width;
  frame.height = height;
  error = av_image_fill_pointers(static_cast<std::uint8_t**>(frame.data), format, height, frame.buf[0]->data,
                                 static_cast<const int*>(frame.linesize));
  return std::min(error, 0);
}

}  // namespace pyro::capture

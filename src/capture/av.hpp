// Owners of libav's objects, and its errors and log in our terms.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <atomic>
#include <memory>
#include <string>

namespace pyro::capture {

struct AvFree {
  void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
  void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
  void operator()(AVFrame* p) const { av_frame_free(&p); }
  void operator()(AVPacket* p) const { av_packet_free(&p); }
  void operator()(SwsContext* p) const { sws_freeContext(p); }
  void operator()(AVBufferPool* p) const { av_buffer_pool_uninit(&p); }
  void operator()(AVIOContext* p) const {
    av_freep(static_cast<void*>(&p->buffer));
    avio_context_free(&p);
  }
};
template <typename T>
using AvPtr = std::unique_ptr<T, AvFree>;

// What a source's interrupt() raises. Copies are the same flag, because a source that is opened again keeps
// its own. The caller's flag counts too, but is never raised here: other sources may look at it.
class StopFlag {
 public:
  explicit StopFlag(std::shared_ptr<const std::atomic<bool>> callers = nullptr)
      : own_(std::make_shared<std::atomic<bool>>(false)), callers_(std::move(callers)) {}
  void raise() const { own_->store(true, std::memory_order_relaxed); }
  // For a source that is opened in this one's place: as its caller's flag.
  [[nodiscard]] std::shared_ptr<const std::atomic<bool>> signal() const { return own_; }
  [[nodiscard]] bool raised() const {
    return own_->load(std::memory_order_relaxed) || (callers_ && callers_->load(std::memory_order_relaxed));
  }

 private:
  std::shared_ptr<std::atomic<bool>> own_;
  std::shared_ptr<const std::atomic<bool>> callers_;
};
static_assert(std::atomic<bool>::is_always_lock_free, "interrupt() is called from signal handlers");

// "libav: Invalid data found when processing input"
[[nodiscard]] std::string av_text(int error);

// Sends libav's own messages to the debug log instead of stderr; once per process, every opening calls it.
void quiet_libav();

}  // namespace pyro::capture

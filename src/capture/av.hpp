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

// A flag that interrupt() raises; shared, because a source that is opened again keeps the same one.
using StopFlag = std::shared_ptr<std::atomic<bool>>;
[[nodiscard]] inline StopFlag make_stop_flag() {
  return std::make_shared<std::atomic<bool>>(false);
}
static_assert(std::atomic<bool>::is_always_lock_free, "interrupt() is called from signal handlers");

// "libav: Invalid data found when processing input"
[[nodiscard]] std::string av_text(int error);

// Sends libav's own messages to the debug log instead of stderr; once per process, every opening calls it.
void quiet_libav();

}  // namespace pyro::capture

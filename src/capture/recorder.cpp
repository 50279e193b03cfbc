#include "pyro/capture/recorder.hpp"

extern "C" {
#include <libavutil/opt.h>
}

#include <array>
#include <cmath>

#include "av.hpp"

namespace pyro::capture {
namespace {

constexpr AVRational kTimeBase{1, 1000};  // ms: fine enough for any camera, and every container takes it

// An output is not closed as an input is, so AvFree does not fit.
struct CloseOutput {
  void operator()(AVFormatContext* output) const {
    if (output->pb != nullptr) avio_closep(&output->pb);
    avformat_free_context(output);
  }
};

}  // namespace

struct Recorder::Impl {
  std::string file;
  std::unique_ptr<AVFormatContext, CloseOutput> output;
  AvPtr<AVCodecContext> encoder;
  AvPtr<AVFrame> picture;
  AvPtr<AVPacket> packet;
  AvPtr<SwsContext> scaler;
  std::int64_t last_pts = -1;
  bool closed = false;

  [[nodiscard]] tl::unexpected<Error> broken(const std::string& what, int code) const {
    return failed("cannot record to '" + file + "': " + what + "; is the disk full or the folder read-only?",
                  av_text(code));
  }

  // Encoder and header wait for the first picture, which tells the size.
  Status start(int width, int height) {
    const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
    const bool h264 =
        codec != nullptr && avformat_query_codec(output->oformat, codec->id, FF_COMPLIANCE_NORMAL) == 1;
    if (!h264) codec = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
    if (codec == nullptr)
      return failed("cannot record: the installed libavcodec has no H.264 and no MPEG-4 encoder");
    encoder.reset(avcodec_alloc_context3(codec));
    encoder->width = std::max(2, width & ~1);
    encoder->height = std::max(2, height & ~1);
    encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    encoder->time_base = kTimeBase;
    encoder->thread_count = 1;
    encoder->gop_size = 60;
    encoder->colorspace = AVCOL_SPC_SMPTE170M;
    encoder->color_range = AVCOL_RANGE_MPEG;
    if (h264) {
      av_opt_set(encoder->priv_data, "preset", "veryfast", 0);
      av_opt_set(encoder->priv_data, "tune", "zerolatency", 0);
      av_opt_set(encoder->priv_data, "crf", "20", 0);
    } else {
      encoder->flags |= AV_CODEC_FLAG_QSCALE;
      encoder->global_quality = 4 * FF_QP2LAMBDA;
    }
    if ((output->oformat->flags & AVFMT_GLOBALHEADER) != 0) encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (const int code = avcodec_open2(encoder.get(), codec, nullptr); code < 0)
      return broken("the encoder does not start", code);
    AVStream* stream = avformat_new_stream(output.get(), nullptr);
    stream->time_base = kTimeBase;
    avcodec_parameters_from_context(stream->codecpar, encoder.get());
    AVDictionary* settings = nullptr;
    av_dict_set(&settings, "movflags", "frag_keyframe+empty_moov+default_base_moof", 0);
    const int code = avformat_write_header(output.get(), &settings);
    av_dict_free(&settings);
    if (code < 0) return broken("the file's head cannot be written", code);
    picture.reset(av_frame_alloc());
    packet.reset(av_packet_alloc());
    picture->format = encoder->pix_fmt;
    picture->width = encoder->width;
    picture->height = encoder->height;
    if (const int got = av_frame_get_buffer(picture.get(), 0); got < 0)
      return broken("no memory for a picture", got);
    return {};
  }

  Status add(const std::array<const std::uint8_t*, 4>& planes, const std::array<int, 4>& strides,
             AVPixelFormat format, int width, int height, bool full_range, int colour_space, Seconds time) {
    if (encoder == nullptr) {
      if (Status started = start(width, height); !started) return started;
    }
    if (const int code = av_frame_make_writable(picture.get()); code < 0)
      return broken("no memory for a picture", code);
    SwsContext* old = scaler.release();
    scaler.reset(sws_getCachedContext(old, width, height, format, encoder->width, encoder->height,
                                      AV_PIX_FMT_YUV420P, SWS_BILINEAR, nullptr, nullptr, nullptr));
    if (scaler == nullptr)
      return failed("cannot record to '" + file + "': no conversion for this picture's pixel format");
    sws_setColorspaceDetails(scaler.get(), sws_getCoefficients(colour_space), full_range,
                             sws_getCoefficients(SWS_CS_ITU601), 0, 0, 1 << 16, 1 << 16);
    sws_scale(scaler.get(), planes.data(), strides.data(), 0, height, picture->data, picture->linesize);
    // Two frames within one millisecond still need two different time stamps.
    picture->pts = last_pts =
        std::max<std::int64_t>(last_pts + 1, std::llround(time.count() * kTimeBase.den));
    return encode(picture.get());
  }

  Status encode(const AVFrame* frame) {
    if (const int code = avcodec_send_frame(encoder.get(), frame); code < 0 && code != AVERROR_EOF)
      return broken("encoding failed", code);
    for (;;) {
      const int code = avcodec_receive_packet(encoder.get(), packet.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
      if (code < 0) return broken("encoding failed", code);
      av_packet_rescale_ts(packet.get(), kTimeBase, output->streams[0]->time_base);
      if (const int written = av_interleaved_write_frame(output.get(), packet.get()); written < 0)
        return broken("writing failed", written);
    }
  }

  Status close() {
    if (closed) return {};
    closed = true;
    if (encoder == nullptr) return {};
    Status flushed = encode(nullptr);
    const int code = av_write_trailer(output.get());
    const int disk = avio_closep(&output->pb);
    if (!flushed) return flushed;
    if (code < 0 || disk < 0) return broken("the file's end cannot be written", code < 0 ? code : disk);
    return {};
  }
};

Recorder::Recorder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Recorder::Recorder(Recorder&&) noexcept = default;
Recorder& Recorder::operator=(Recorder&&) noexcept = default;
Recorder::~Recorder() {
  if (impl_) (void)impl_->close();
}

Result<Recorder> Recorder::open(const std::string& file) {
  quiet_libav();
  auto impl = std::make_unique<Impl>();
  impl->file = file;
  AVFormatContext* output = nullptr;
  if (const int code = avformat_alloc_output_context2(&output, nullptr, nullptr, file.c_str()); code < 0) {
    return wrong_use("cannot record to '" + file + "': end its name in .mkv, .mp4, .mov or .avi",
                     av_text(code));
  }
  impl->output.reset(output);
  if (const int code = avio_open(&output->pb, file.c_str(), AVIO_FLAG_WRITE); code < 0)
    return impl->broken("it cannot be opened", code);
  return Recorder{std::move(impl)};
}

Status Recorder::add(const records::Frame& frame) {
  const int space = frame.matrix == records::ColourMatrix::bt709    ? SWS_CS_ITU709
                    : frame.matrix == records::ColourMatrix::bt2020 ? SWS_CS_BT2020
                                                                    : SWS_CS_ITU601;
  if (frame.u.data == nullptr) {
    return impl_->add({frame.y.data}, {static_cast<int>(frame.y.stride_bytes)}, AV_PIX_FMT_GRAY8, frame.width,
                      frame.height, frame.full_range, space, frame.time);
  }
  const AVPixelFormat format = frame.chroma_shift_x == 0   ? AV_PIX_FMT_YUV444P
                               : frame.chroma_shift_y == 0 ? AV_PIX_FMT_YUV422P
                                                           : AV_PIX_FMT_YUV420P;
  return impl_->add({frame.y.data, frame.u.data, frame.v.data},
                    {static_cast<int>(frame.y.stride_bytes), static_cast<int>(frame.u.stride_bytes),
                     static_cast<int>(frame.v.stride_bytes)},
                    format, frame.width, frame.height, frame.full_range, space, frame.time);
}

Status Recorder::add(const std::uint8_t* bgrx, int width, int height, int stride_bytes, Seconds time) {
  return impl_->add({bgrx}, {stride_bytes}, AV_PIX_FMT_BGR0, width, height, true, SWS_CS_ITU601, time);
}

Status Recorder::close() {
  return impl_->close();
}

}  // namespace pyro::capture

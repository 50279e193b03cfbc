#include "av_input.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <string_view>
#include <thread>
#include <utility>

#include "damage.hpp"
#include "picture.hpp"
#include "presentation_clock.hpp"
#include "pyro/base/clock.hpp"

extern "C" {
#include <libavutil/parseutils.h>
#include <libavutil/pixdesc.h>
}

namespace pyro::capture {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Kind = AvInputSpec::Kind;

constexpr std::chrono::seconds open_timeout{10};  // an address or device that does not answer
constexpr std::chrono::seconds read_timeout{5};   // one that falls silent

// What libav asks, often, while it blocks.
struct Watch {
  StopFlag stop;
  bool timed = false;
  std::atomic<SteadyClock::rep> deadline{0};

  void allow(std::chrono::seconds time) { deadline = (SteadyClock::now() + time).time_since_epoch().count(); }
  [[nodiscard]] bool expired() const {
    return timed && SteadyClock::now().time_since_epoch().count() > deadline;
  }
  static int ask(void* self) {
    const auto& watch = *static_cast<const Watch*>(self);
    return watch.stop.raised() || watch.expired() ? 1 : 0;
  }
};

struct Bytes {
  ReadBytes read;
  static int call(void* self, std::uint8_t* out, int size) {
    const int got = static_cast<Bytes*>(self)->read(out, size);
    return got == 0 ? AVERROR_EOF : got;
  }
};

std::optional<UtcTime> creation_time(const AVFormatContext& format, const AVStream& stream) {
  for (const AVDictionary* metadata : {format.metadata, stream.metadata}) {
    const AVDictionaryEntry* entry = av_dict_get(metadata, "creation_time", nullptr, 0);
    std::int64_t micros = 0;
    if (entry == nullptr || av_parse_time(&micros, entry->value, 0) < 0) continue;
    // Writers without a clock put 0, counted from 1904 or 1970.
    constexpr std::int64_t year_us = 366LL * 86400 * 1'000'000;
    if (micros > year_us) return UtcTime{std::chrono::microseconds{micros}};
  }
  return std::nullopt;
}

double frames_per_second(AVFormatContext& format, AVStream& stream) {
  for (const AVRational rate : {av_guess_frame_rate(&format, &stream, nullptr), stream.avg_frame_rate}) {
    const double fps = rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
    if (fps > 0 && fps <= 1000) return fps;
  }
  return 0;
}

// The decoders that libav tries while it looks for the streams are bounded as well.
int find_streams(AVFormatContext& format, std::int64_t most_pixels) {
  std::vector<AVDictionary*> each(format.nb_streams, nullptr);
  for (AVDictionary*& one : each) av_dict_set_int(&one, "max_pixels", most_pixels, 0);
  const int error = avformat_find_stream_info(&format, each.empty() ? nullptr : each.data());
  for (AVDictionary*& one : each) av_dict_free(&one);
  return error;
}

class AvInput final : public Source {
 public:
  AvInput(AvInputSpec spec, const SourceOptions& options, StopFlag stop)
      : spec_(std::move(spec)), options_(options), stop_(std::move(stop)) {
    watch_.stop = stop_;
    loop_ = options.loop && spec_.kind == Kind::file;
    watch_.timed = spec_.kind == Kind::address || spec_.kind == Kind::device;
    bytes_.read = spec_.bytes;
  }
  ~AvInput() override { format_.reset(); }  // before the byte stream that it reads

  Status open();
  [[nodiscard]] const SourceInfo& info() const override { return info_; }
  [[nodiscard]] Result<std::optional<records::Frame>> next() override;
  void interrupt() override { stop_.raise(); }

 private:
  Status open_demuxer();
  Status open_decoder();
  void describe();
  Status cannot_open(int error) const;
  Result<std::optional<records::Frame>> deliver();
  Result<std::optional<records::Frame>> finish();
  // Reads one packet into the decoder, or the end.
  void feed();
  void complain(std::string what, int error);
  [[nodiscard]] bool stopped() const { return stop_.raised(); }

  AvInputSpec spec_;
  SourceOptions options_;
  StopFlag stop_;
  SourceInfo info_;
  Watch watch_;
  Bytes bytes_;
  AvPtr<AVIOContext> io_;
  AvPtr<AVFormatContext> format_;
  AvPtr<AVCodecContext> codec_;
  AvPtr<AVPacket> packet_{av_packet_alloc()};
  AVStream* stream_ = nullptr;
  Orientation orientation_;
  PictureShaper shaper_;
  std::shared_ptr<AVFrame> picture_;
  PresentationClock clock_{1, 1, 0};  // the stream's, once open() has found it
  bool timed_by_arrival_ = false;
  UtcTime start_utc_{};
  std::optional<SteadyClock::time_point> first_arrival_;
  Damage damage_;
  std::optional<Error> verdict_;
  int stop_reason_ = 0;  // what ended reading, if not the end of the file
  bool loop_ = false;
  bool draining_ = false;
  int errors_while_draining_ = 0;
  std::int64_t delivered_ = 0;
  Seconds last_time_{};
  std::int64_t round_start_ = 0;
};

Status AvInput::open() {
  if (auto opened = open_demuxer(); !opened) return opened;
  if (auto opened = open_decoder(); !opened) return opened;
  describe();
  start_utc_ = creation_time(*format_, *stream_).value_or(utc_now());
  return {};
}

Status AvInput::cannot_open(int error) const {
  const std::string& name = spec_.name;
  if (stopped()) return bad_input("Opening " + name + " was interrupted");
  if (spec_.kind == Kind::device) {
    if (error == AVERROR(EBUSY))
      return bad_input(name + " is in use; close the program that has it", av_text(error));
    return bad_input(
        "The camera " + name + " cannot be opened; check the cable and the rights, and see doctor",
        av_text(error));
  }
  if (spec_.kind == Kind::address) {
    if (error == AVERROR_PROTOCOL_NOT_FOUND) {
      return bad_input(
          name + " begins with no known scheme; use a file, a folder, camera:0, rtsp:// or http://",
          av_text(error));
    }
    const std::string why = watch_.expired() ? "does not answer" : "cannot be opened";
    return bad_input(name + ' ' + why + "; check the address, the network and the password", av_text(error));
  }
  return bad_input(
      name +
          " is not a video or picture that can be read, or its header is damaged; give a video, a "
          "picture, a folder of pictures, camera:0 or an address",
      av_text(error));
}

Status AvInput::open_demuxer() {
  AVFormatContext* raw = avformat_alloc_context();
  if (raw == nullptr || !packet_) return failed("Out of memory while opening " + spec_.name);
  raw->interrupt_callback = {Watch::ask, &watch_};
  if (spec_.kind == Kind::bytes) {
    constexpr int buffer_bytes = 64 * 1024;
    io_.reset(avio_alloc_context(static_cast<unsigned char*>(av_malloc(buffer_bytes)), buffer_bytes, 0,
                                 &bytes_, Bytes::call, nullptr, nullptr));
    raw->pb = io_.get();
  }
  // A camera's blocking read would not look at the interrupt callback.
  if (spec_.kind == Kind::device) raw->flags |= AVFMT_FLAG_NONBLOCK;
  AVDictionary* settings = nullptr;
  for (const auto& [key, value] : spec_.settings) av_dict_set(&settings, key.c_str(), value.c_str(), 0);
  const AVInputFormat* demuxer = spec_.format.empty() ? nullptr : av_find_input_format(spec_.format.c_str());
  watch_.allow(open_timeout);
  int error = avformat_open_input(&raw, spec_.url.c_str(), demuxer, &settings);  // frees raw where it fails
  av_dict_free(&settings);
  if (error < 0) return cannot_open(error);
  format_.reset(raw);
  // Text shown as an animation is FFmpeg's joke, not a video.
  if (const std::string_view kind = raw->iformat->name;
      kind == "tty" || kind == "bin" || kind == "xbin" || kind == "adf" || kind == "idf") {
    return cannot_open(AVERROR_INVALIDDATA);
  }
  error = find_streams(*raw, spec_.most_pixels);
  if (error < 0 || stopped()) return cannot_open(error < 0 ? error : AVERROR_EXIT);
  return {};
}

Status AvInput::open_decoder() {
  const AVCodec* decoder = nullptr;
  const int index = av_find_best_stream(format_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
  if (index == AVERROR_DECODER_NOT_FOUND) {
    return bad_input(spec_.name + " is coded in a way that FFmpeg cannot decode here; re-encode it as H.264",
                     av_text(index));
  }
  // A cover picture does not make sound a video.
  if (index < 0 || (format_->streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
    const bool sound = av_find_best_stream(format_.get(), AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0) >= 0;
    if (!sound) return cannot_open(AVERROR_STREAM_NOT_FOUND);
    return bad_input(spec_.name + " has sound but no video; give a file with a video track");
  }
  stream_ = format_->streams[index];
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    if (static_cast<int>(i) != index) format_->streams[i]->discard = AVDISCARD_ALL;
  }
  codec_.reset(avcodec_alloc_context3(decoder));
  if (!codec_) return failed("Out of memory while opening " + spec_.name);
  int error = avcodec_parameters_to_context(codec_.get(), stream_->codecpar);
  codec_->pkt_timebase = stream_->time_base;
  codec_->thread_count = std::max(1, options_.decode_threads);
  codec_->max_pixels = spec_.most_pixels;
  if (error >= 0) error = avcodec_open2(codec_.get(), decoder, nullptr);
  if (error < 0)
    return bad_input(spec_.name + ": the video track cannot be decoded; re-encode it", av_text(error));
  return {};
}

void AvInput::describe() {
  clock_ = {stream_->time_base.num, stream_->time_base.den, frames_per_second(*format_, *stream_)};
  if (!info_.name.empty()) return;  // opened again: other threads may be reading info()
  orientation_ = orientation_of(reinterpret_cast<const std::int32_t*>(
      av_stream_get_side_data(stream_, AV_PKT_DATA_DISPLAYMATRIX, nullptr)));
  info_.name = spec_.name;
  info_.live =
      spec_.kind == Kind::device || spec_.live || (spec_.kind == Kind::address && format_->duration <= 0);
  const auto size = upright_size(codec_->width, codec_->height, orientation_);
  info_.width = size.width;
  info_.height = size.height;
  info_.nominal_fps = frames_per_second(*format_, *stream_);
  if (format_->duration > 0) info_.duration = Seconds{static_cast<double>(format_->duration) / AV_TIME_BASE};
  if (stream_->nb_frames > 0) {
    info_.frame_count_hint = stream_->nb_frames;
  } else if (info_.duration && info_.nominal_fps > 0 && !info_.live) {
    info_.frame_count_hint = std::llround(info_.duration->count() * info_.nominal_fps);
  }
  info_.codec = avcodec_get_name(codec_->codec_id);
  info_.container = format_->iformat->name;
  timed_by_arrival_ = info_.live && (format_->iformat->flags & AVFMT_NOTIMESTAMPS) != 0;
  damage_.ignore_start = (format_->iformat->flags & AVFMT_TS_DISCONT) != 0;
  if (info_.nominal_fps == 0 && !timed_by_arrival_) {
    spdlog::info("{} tells no frame rate; gaps in its timestamps are filled at 25 fps", spec_.name);
  }
  if (codec_->color_trc == AVCOL_TRC_SMPTE2084 || codec_->color_trc == AVCOL_TRC_ARIB_STD_B67) {
    spdlog::info("{} is HDR: its code values are rounded to 8 bits, without tone mapping", spec_.name);
  }
}

Result<std::optional<records::Frame>> AvInput::next() {
  for (;;) {
    if (stopped()) return std::nullopt;
    if (!picture_) picture_ = shaper_.take();
    const int error = avcodec_receive_frame(codec_.get(), picture_.get());
    if (error == 0) return deliver();
    if (error == AVERROR_EOF) {
      auto end = finish();
      if (!end || draining_) return end;
      continue;  // finish() has opened the file again
    }
    if (error != AVERROR(EAGAIN)) {
      complain("decoding errors", error);
      // A decoder that repeats its error at the end would never let us go.
      if (draining_ && ++errors_while_draining_ > 256) return finish();
    }
    if (!draining_) feed();
  }
}

void AvInput::complain(std::string what, int error) {
  spdlog::debug("{}: {}: {}", spec_.name, what, av_text(error));
  if (spec_.complained) spec_.complained();
  if (!info_.live) damage_.add(std::move(what), av_text(error), delivered_);
}

void AvInput::feed() {
  watch_.allow(read_timeout);
  for (;;) {
    const int error = av_read_frame(format_.get(), packet_.get());
    if (error == AVERROR(EAGAIN) && !Watch::ask(&watch_)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      continue;
    }
    if (error < 0) {
      if (error != AVERROR_EOF) stop_reason_ = error;
      draining_ = true;
      avcodec_send_packet(codec_.get(), nullptr);
      return;
    }
    if (packet_->stream_index == stream_->index) break;
    av_packet_unref(packet_.get());
    if (stopped()) return;
  }
  if ((packet_->flags & AV_PKT_FLAG_CORRUPT) != 0) complain("incomplete packets", AVERROR_INVALIDDATA);
  const int error = avcodec_send_packet(codec_.get(), packet_.get());
  av_packet_unref(packet_.get());
  if (error < 0 && error != AVERROR(EAGAIN)) complain("decoding errors", error);
}

Result<std::optional<records::Frame>> AvInput::deliver() {
  if (picture_->decode_error_flags != 0) complain("concealed frames", AVERROR_INVALIDDATA);
  const std::int64_t ticks = picture_->best_effort_timestamp;
  auto frame = shaper_.shape(std::move(picture_), orientation_);
  picture_.reset();
  if (!frame) {
    Error error = std::move(frame.error());
    error.message = spec_.name + ": " + error.message;
    return tl::make_unexpected(std::move(error));
  }
  frame->index = delivered_++;
  const auto now = SteadyClock::now();
  if (!first_arrival_) first_arrival_ = now;
  frame->time = timed_by_arrival_ ? Seconds(now - *first_arrival_)
                                  : clock_.next(ticks == AV_NOPTS_VALUE ? std::nullopt
                                                                        : std::optional<std::int64_t>(ticks));
  last_time_ = frame->time;
  frame->utc =
      info_.live ? utc_now() : start_utc_ + std::chrono::round<std::chrono::microseconds>(frame->time);
  return std::optional<records::Frame>(std::move(*frame));
}

Result<std::optional<records::Frame>> AvInput::finish() {
  if (stopped()) return std::nullopt;
  if (verdict_) return tl::make_unexpected(*verdict_);
  if (info_.live) {
    // A recording that a server plays has an end, where it may stop; before that it was cut off.
    constexpr Seconds last_part{1};
    if (info_.duration && last_time_ + last_part >= *info_.duration) return std::nullopt;
    const std::string why = watch_.expired() ? "sends nothing any more" : "has ended or was lost";
    return bad_input(spec_.name + ' ' + why, stop_reason_ != 0 ? av_text(stop_reason_) : "");
  }
  if (stop_reason_ != 0) damage_.add("the rest could not be read", av_text(stop_reason_), delivered_);
  if (spec_.missing_bytes) {
    if (const auto missing = spec_.missing_bytes()) {
      damage_.add("the last " + std::to_string(*missing) + " bytes are missing", "", delivered_);
    }
  }
  if (auto broken = damage_.verdict(spec_.name, delivered_)) {
    if (delivered_ == 0 && spec_.kind == Kind::bytes) {
      broken->message += "; an mp4 can be piped only if its index comes first: give the file instead";
    }
    verdict_ = std::move(*broken);
    return tl::make_unexpected(*verdict_);
  }
  if (loop_ && delivered_ > round_start_) {
    round_start_ = delivered_;
    // Opened again rather than sought: exact for every container, and the costs are small beside a pass.
    codec_.reset();
    format_.reset();
    io_.reset();
    PresentationClock clock = clock_;
    const UtcTime start = start_utc_;
    draining_ = false;
    if (auto opened = open(); !opened) return tl::make_unexpected(std::move(opened.error()));
    clock.restart();
    clock_ = clock;
    start_utc_ = start;
  }
  return std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Source>> open_av_input(const AvInputSpec& spec, const SourceOptions& options,
                                              const StopFlag& stop) {
  quiet_libav();
  auto input = std::make_unique<AvInput>(spec, options, stop);
  if (auto opened = input->open(); !opened) return tl::make_unexpected(std::move(opened.error()));
  return input;
}

}  // namespace pyro::capture

#include "byte_stream.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>
#include <vector>

#include "av_input.hpp"
#include "damage.hpp"
#include "file_extent.hpp"
#include "picture.hpp"
#include "presentation_clock.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/capture/mjpeg_splitter.hpp"
#include "still_decoder.hpp"

namespace pyro::capture {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A blocking read that looks at the flag. > 0 bytes, 0 at the end, AVERROR_EXIT when stopped, or another
// AVERROR.
int read_some(int fd, std::uint8_t* out, int size, const StopFlag& stop) {
  constexpr int look_every_ms = 50;
  for (;;) {
    if (stop.raised()) return AVERROR_EXIT;
    pollfd waiting{fd, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, look_every_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    if (ready < 0) return AVERROR(errno);
    const ssize_t got = ::read(fd, out, static_cast<std::size_t>(size));
    if (got >= 0) return static_cast<int>(got);
    if (errno != EINTR && errno != EAGAIN) return AVERROR(errno);
  }
}

// The pipe, with what was looked at already put back in front, and its beginning remembered.
class Pipe {
 public:
  Pipe(int fd, StopFlag stop) : fd_(fd), stop_(std::move(stop)) {}

  // Looks at the first bytes without taking them; fewer at the end of a short stream. 0 or an AVERROR.
  int peek(std::size_t count) {
    std::vector<std::uint8_t> more(count);
    while (front_.size() < count) {
      const int got = read_some(fd_, more.data(), static_cast<int>(count - front_.size()), stop_);
      if (got <= 0) return got;
      front_.insert(front_.end(), more.begin(), more.begin() + got);
    }
    return 0;
  }
  [[nodiscard]] std::span<const std::uint8_t> front() const { return front_; }

  int read(std::uint8_t* out, int size) {
    const int got = read_on(out, size);
    if (got <= 0) return got;
    constexpr std::size_t head_bytes = 4096;
    const std::size_t wanted = std::min(head_bytes - head_.size(), static_cast<std::size_t>(got));
    head_.insert(head_.end(), out, out + wanted);
    total_ += got;
    return got;
  }

  // What the beginning declares beyond the bytes that came.
  [[nodiscard]] std::optional<std::int64_t> missing_bytes() const {
    const auto declared = declared_extent(
        [&](std::int64_t offset, std::span<std::uint8_t> into) -> std::size_t {
          if (offset >= static_cast<std::int64_t>(head_.size())) return 0;
          const auto from = std::span(head_).subspan(static_cast<std::size_t>(offset));
          const std::size_t count = std::min(from.size(), into.size());
          std::copy_n(from.begin(), count, into.begin());
          return count;
        },
        total_);
    if (!declared || *declared <= total_) return std::nullopt;
    return *declared - total_;
  }

 private:
  int read_on(std::uint8_t* out, int size) {
    if (given_ == front_.size()) return read_some(fd_, out, size, stop_);
    const std::size_t count = std::min(front_.size() - given_, static_cast<std::size_t>(size));
    std::copy_n(front_.begin() + static_cast<std::ptrdiff_t>(given_), count, out);
    given_ += count;
    return static_cast<int>(count);
  }

  int fd_;
  StopFlag stop_;
  std::vector<std::uint8_t> front_;
  std::size_t given_ = 0;
  std::vector<std::uint8_t> head_;
  std::int64_t total_ = 0;
};

class JpegStream final : public Source {
 public:
  JpegStream(std::string name, Pipe pipe, const SourceOptions& options, StopFlag stop)
      : pipe_(std::move(pipe)), stop_(std::move(stop)) {
    info_.name = std::move(name);
    info_.live = options.realtime;
    info_.nominal_fps = info_.live ? 0 : assumed_fps;
    info_.codec = "mjpeg";
    info_.container = "jpeg stream";
  }

  Status begin() {
    auto frame = read_next();
    if (!frame) return tl::make_unexpected(std::move(frame.error()));
    if (*frame) {
      info_.width = (*frame)->width;
      info_.height = (*frame)->height;
    }
    first_ = std::move(*frame);
    return {};
  }

  [[nodiscard]] const SourceInfo& info() const override { return info_; }
  void interrupt() override { stop_.raise(); }
  Result<std::optional<records::Frame>> next() override {
    if (stop_.raised()) return std::nullopt;
    if (first_) return std::exchange(first_, std::nullopt);
    return read_next();
  }

 private:
  Result<std::optional<records::Frame>> read_next() {
    for (;;) {
      if (stop_.raised()) return std::nullopt;
      if (const auto bytes = splitter_.next()) {
        auto frame = decode(*bytes);
        if (frame) return std::optional<records::Frame>(std::move(*frame));
        damage_.add("a picture " + frame.error().message, frame.error().context, delivered_);
        continue;
      }
      if (ended_) return finish();
      const int got = pipe_.read(chunk_.data(), static_cast<int>(chunk_.size()));
      if (got > 0) {
        splitter_.feed(std::span(chunk_).first(static_cast<std::size_t>(got)));
      } else if (got == AVERROR_EXIT) {
        return std::nullopt;
      } else {
        if (got < 0) damage_.add("the rest could not be read", av_text(got), delivered_);
        ended_ = true;
        splitter_.end();
      }
    }
  }

  Result<std::optional<records::Frame>> finish() {
    Damage damage = damage_;
    if (const auto lost = splitter_.abandoned(); lost > 0) {
      damage.add(lost == 1 ? "a picture breaks off" : std::to_string(lost) + " pictures break off", "",
                 delivered_);
    }
    if (auto broken = damage.verdict(info_.name, delivered_)) return tl::make_unexpected(std::move(*broken));
    return std::nullopt;
  }

  Result<records::Frame> decode(std::span<const std::uint8_t> bytes) {
    const auto now = SteadyClock::now();
    auto picture = shaper_.take();
    if (auto decoded = decoder_.decode(bytes, *picture); !decoded) {
      return tl::make_unexpected(std::move(decoded.error()));
    }
    auto frame = shaper_.shape(std::move(picture), {});
    if (!frame) return frame;
    if (delivered_ == 0) first_arrival_ = now;
    frame->index = delivered_++;
    frame->time =
        info_.live ? Seconds(now - first_arrival_) : Seconds{static_cast<double>(frame->index) / assumed_fps};
    frame->utc = info_.live ? utc_now() : start_ + std::chrono::round<std::chrono::microseconds>(frame->time);
    return frame;
  }

  SourceInfo info_;
  Pipe pipe_;
  StopFlag stop_;
  UtcTime start_ = utc_now();
  SteadyClock::time_point first_arrival_;
  std::int64_t delivered_ = 0;
  std::vector<std::uint8_t> chunk_ = std::vector<std::uint8_t>(std::size_t{64} * 1024);
  MjpegSplitter splitter_;
  bool ended_ = false;
  Damage damage_;
  StillDecoder decoder_;
  PictureShaper shaper_;
  std::optional<records::Frame> first_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_byte_stream(const std::string& name, int fd,
                                                 const SourceOptions& options, const StopFlag& stop) {
  quiet_libav();
  Pipe pipe(fd, stop);
  constexpr std::size_t enough_to_tell = 16;
  const int error = pipe.peek(enough_to_tell);
  if (error == AVERROR_EXIT) return bad_input("Opening " + name + " was interrupted");
  if (error < 0) return bad_input(name + " cannot be read", av_text(error));
  if (pipe.front().empty()) {
    return bad_input(name + " is empty (0 bytes); pipe JPEG pictures or a video into it, or give a file");
  }
  const bool multipart = pipe.front().size() > 2 && pipe.front()[0] == '-' && pipe.front()[1] == '-';
  if (multipart || picture_codec(pipe.front()) == AV_CODEC_ID_MJPEG) {
    auto stream = std::make_unique<JpegStream>(name, std::move(pipe), options, stop);
    if (auto begun = stream->begin(); !begun) return tl::make_unexpected(std::move(begun.error()));
    return stream;
  }
  AvInputSpec spec;
  spec.kind = AvInputSpec::Kind::bytes;
  spec.name = name;
  const auto shared = std::make_shared<Pipe>(std::move(pipe));
  spec.bytes = [shared](std::uint8_t* out, int size) { return shared->read(out, size); };
  spec.missing_bytes = [shared] { return shared->missing_bytes(); };
  return open_av_input(spec, options, stop);
}

}  // namespace pyro::capture

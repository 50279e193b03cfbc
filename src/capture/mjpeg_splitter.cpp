#include "pyro/capture/mjpeg_splitter.hpp"

#include <algorithm>
#include <cstring>

namespace pyro::capture {
namespace {

// T.81 table B.1; each follows a 0xff.
constexpr std::uint8_t tem = 0x01, rst0 = 0xd0, rst7 = 0xd7, soi = 0xd8, eoi = 0xd9, sos = 0xda;

bool stands_alone(std::uint8_t code) {
  return code == tem || (code >= rst0 && code <= rst7);
}

}  // namespace

MjpegSplitter::MjpegSplitter(std::size_t max_frame_bytes) : max_frame_bytes_(max_frame_bytes) {}

void MjpegSplitter::feed(std::span<const std::uint8_t> bytes) {
  const std::size_t done = std::min(state_ == State::seek ? scan_ : start_, buffer_.size());
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(done));
  dropped_bytes_ += done;
  scan_ -= done;
  if (state_ != State::seek) {
    start_ -= done;
    segment_ -= done;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::optional<std::span<const std::uint8_t>> MjpegSplitter::next() {
  for (;;) {
    Step step = Step::starved;
    if (state_ == State::seek) {
      step = seek();
    } else if (scan_ < buffer_.size()) {
      step = state_ == State::marker ? marker() : entropy();
    }
    if (step == Step::picture) {
      frame_offset_ = dropped_bytes_ + start_;
      return std::span<const std::uint8_t>(buffer_).subspan(start_, scan_ - start_);
    }
    if (step == Step::starved) {
      if (state_ == State::seek) return std::nullopt;
      const bool too_large = std::max(buffer_.size(), scan_) - start_ > max_frame_bytes_;
      if (!ended_ && !too_large) return std::nullopt;
      abandon();
    }
  }
}

void MjpegSplitter::begin(std::size_t at) {
  start_ = segment_ = at;
  scan_ = at + 2;
  state_ = State::marker;
}

void MjpegSplitter::abandon() {
  if (segment_ != start_) ++abandoned_;
  // What came before the last segment was sound; the wrong length may have hidden the next picture's start.
  scan_ = segment_ + 2;
  state_ = State::seek;
}

MjpegSplitter::Step MjpegSplitter::seek() {
  while (scan_ < buffer_.size()) {
    const void* found = std::memchr(buffer_.data() + scan_, 0xff, buffer_.size() - scan_);
    if (found == nullptr) {
      scan_ = buffer_.size();
      break;
    }
    scan_ = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - buffer_.data());
    if (scan_ + 1 == buffer_.size()) break;
    if (buffer_[scan_ + 1] == soi) {
      begin(scan_);
      return Step::again;
    }
    ++scan_;
  }
  return Step::starved;
}

MjpegSplitter::Step MjpegSplitter::marker() {
  if (buffer_[scan_] != 0xff) {
    abandon();
    return Step::again;
  }
  while (scan_ + 1 < buffer_.size() && buffer_[scan_ + 1] == 0xff) ++scan_;  // fill bytes
  if (scan_ + 1 >= buffer_.size()) return Step::starved;
  const std::uint8_t code = buffer_[scan_ + 1];
  if (code == eoi) {
    scan_ += 2;
    // A start and an end with nothing between are no picture.
    const bool whole = segment_ != start_ && scan_ - start_ <= max_frame_bytes_;
    if (!whole) {
      if (segment_ != start_) ++abandoned_;
      state_ = State::seek;
      return Step::again;
    }
    state_ = State::seek;
    return Step::picture;
  }
  if (code == soi) {
    if (segment_ != start_) ++abandoned_;
    begin(scan_);
    return Step::again;
  }
  if (stands_alone(code)) {
    scan_ += 2;
    return Step::again;
  }
  if (code == 0) {
    abandon();
    return Step::again;
  }
  if (scan_ + 4 > buffer_.size()) return Step::starved;
  const std::size_t length = static_cast<std::size_t>(buffer_[scan_ + 2]) << 8 | buffer_[scan_ + 3];
  segment_ = scan_;
  if (length < 2) {
    abandon();
    return Step::again;
  }
  scan_ += 2 + length;
  state_ = code == sos ? State::entropy : State::marker;
  return Step::again;
}

MjpegSplitter::Step MjpegSplitter::entropy() {
  const void* found = std::memchr(buffer_.data() + scan_, 0xff, buffer_.size() - scan_);
  if (found == nullptr) {
    scan_ = buffer_.size();
    return Step::starved;
  }
  scan_ = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - buffer_.data());
  if (scan_ + 1 >= buffer_.size()) return Step::starved;
  const std::uint8_t code = buffer_[scan_ + 1];
  if (code == 0 || stands_alone(code)) {
    scan_ += 2;
  } else if (code == 0xff) {
    ++scan_;
  } else {
    state_ = State::marker;  // the end, a further scan, or the start of the next picture
  }
  return Step::again;
}

std::optional<std::size_t> whole_jpeg(std::span<const std::uint8_t> bytes) {
  MjpegSplitter splitter(bytes.size());
  splitter.feed(bytes);
  const auto picture = splitter.next();
  if (!picture || splitter.frame_offset() != 0) return std::nullopt;
  return picture->size();
}

}  // namespace pyro::capture

#include "live.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "presentation_clock.hpp"
#include "pyro/base/clock.hpp"

namespace pyro::capture {
namespace {

using SteadyClock = std::chrono::steady_clock;

// In slices: a signal handler can only raise the flag, not wake anybody.
void sleep_until(SteadyClock::time_point time, const StopFlag& stop) {
  constexpr std::chrono::milliseconds slice{20};
  for (auto now = SteadyClock::now(); now < time && !stop.raised(); now = SteadyClock::now()) {
    std::this_thread::sleep_until(std::min(time, now + slice));
  }
}

class Retrying final : public Source {
 public:
  Retrying(std::unique_ptr<Source> source, Opener open_again, Seconds retry_for, StopFlag stop)
      : info_(source->info()),
        source_(std::move(source)),
        open_again_(std::move(open_again)),
        retry_for_(std::chrono::duration_cast<SteadyClock::duration>(retry_for)),
        stop_(std::move(stop)) {}
  Retrying(SourceInfo info, Opener open, Seconds retry_for, StopFlag stop,
           std::function<void(bool there)> told)
      : info_(std::move(info)),
        open_again_(std::move(open)),
        retry_for_(std::chrono::duration_cast<SteadyClock::duration>(retry_for)),
        stop_(std::move(stop)),
        told_(std::move(told)),
        opened_before_(false) {}

  [[nodiscard]] const SourceInfo& info() const override { return info_; }
  void interrupt() override { stop_.raise(); }

  Result<std::optional<records::Frame>> next() override {
    for (;;) {
      if (stop_.raised()) return std::nullopt;
      if (source_) {
        auto frame = source_->next();
        if (frame && *frame) return arrived(std::move(**frame));
        if (stop_.raised() || (frame && !told_)) return std::nullopt;
        lost(frame ? bad_input(info_.name + " has ended").value() : std::move(frame.error()));
      }
      const auto now = SteadyClock::now();
      const auto give_up = last_frame_ + retry_for_;
      if (now >= give_up) return gone();
      if (std::exchange(opened_before_, true)) {
        sleep_until(std::min(now + wait_, give_up), stop_);
        wait_ = std::min<SteadyClock::duration>(2 * wait_, longest_wait);
        if (stop_.raised()) return std::nullopt;
      }
      auto opened = open_again_();
      if (opened) {
        source_ = std::move(*opened);
        joined_ = false;
      } else if (!stop_.raised()) {
        error_ = std::move(opened.error());
        spdlog::debug("{}", error_.text());
        tell(false);
      }
    }
  }

 private:
  static constexpr std::chrono::milliseconds first_wait{250};
  static constexpr std::chrono::seconds longest_wait{5};

  records::Frame arrived(records::Frame frame) {
    last_frame_ = SteadyClock::now();
    if (index_ == 0) first_frame_ = last_frame_;
    if (!joined_) {
      joined_ = true;
      tell(true);
      if (index_ > 0) {
        spdlog::info("{} is back", info_.name);
        offset_ = std::max(Seconds(last_frame_ - first_frame_), last_time_ + Seconds{1e-3}) - frame.time;
      }
    }
    wait_ = first_wait;
    frame.time += offset_;
    frame.index = index_++;
    last_time_ = frame.time;
    return frame;
  }

  void lost(Error error) {
    error_ = std::move(error);
    if (joined_) spdlog::warn("{}; trying again for {:.0f} s", error_.text(), Seconds(retry_for_).count());
    source_.reset();  // a camera can only be opened again when it is let go
    tell(false);
  }
  void tell(bool there) {
    if (told_ && there_ != there) told_(there);
    there_ = there;
  }

  tl::unexpected<Error> gone() const {
    return bad_input(info_.name + " was lost after " + std::to_string(index_) +
                         " frames and did not come back; check the cable or the network and start again",
                     error_.text());
  }

  SourceInfo info_;
  std::unique_ptr<Source> source_;
  Opener open_again_;
  SteadyClock::duration retry_for_;
  StopFlag stop_;
  std::function<void(bool there)> told_;
  std::optional<bool> there_;
  bool opened_before_ = true;
  SteadyClock::duration wait_ = first_wait;
  SteadyClock::time_point first_frame_;
  SteadyClock::time_point last_frame_ = SteadyClock::now();
  bool joined_ = false;  // the source that is open has given a frame
  std::int64_t index_ = 0;
  Seconds offset_{0};
  Seconds last_time_{0};
  Error error_;
};

class Paced final : public Source {
 public:
  Paced(std::unique_ptr<Source> source, StopFlag stop)
      : info_(source->info()), source_(std::move(source)), stop_(std::move(stop)) {
    info_.live = true;
  }

  [[nodiscard]] const SourceInfo& info() const override { return info_; }
  void interrupt() override { stop_.raise(); }

  Result<std::optional<records::Frame>> next() override {
    auto frame = source_->next();
    if (!frame || !*frame) return frame;
    if (!start_) start_ = SteadyClock::now();
    sleep_until(*start_ + std::chrono::duration_cast<SteadyClock::duration>((*frame)->time), stop_);
    if (stop_.raised()) return std::nullopt;
    (*frame)->utc = utc_now();
    return frame;
  }

 private:
  SourceInfo info_;
  std::unique_ptr<Source> source_;
  StopFlag stop_;
  std::optional<SteadyClock::time_point> start_;
};

}  // namespace

std::unique_ptr<Source> retrying(std::unique_ptr<Source> source, Opener open_again, Seconds retry_for,
                                 const StopFlag& stop) {
  return std::make_unique<Retrying>(std::move(source), std::move(open_again), retry_for, stop);
}

std::unique_ptr<Source> retrying(SourceInfo info, Opener open, Seconds retry_for, const StopFlag& stop,
                                 std::function<void(bool there)> told) {
  return std::make_unique<Retrying>(std::move(info), std::move(open), retry_for, stop, std::move(told));
}

std::unique_ptr<Source> paced(std::unique_ptr<Source> source, const StopFlag& stop) {
  return std::make_unique<Paced>(std::move(source), stop);
}

}  // namespace pyro::capture

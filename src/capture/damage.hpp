// What went wrong while an input was read, said once at its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "pyro/base/result.hpp"

namespace pyro::capture {

struct Damage {
  // Streams that can be cut anywhere (MPEG-TS, ...) begin with what cannot be decoded yet; that is no damage.
  bool ignore_start = false;

  void add(std::string what, std::string why, std::int64_t frames_before) {
    if (ignore_start && frames_before == 0) return;
    if (count_++ > 0) return;
    what_ = std::move(what);
    why_ = std::move(why);
    frames_before_ = frames_before;
  }

  // The end's error, or nullopt where all went well and there were frames.
  [[nodiscard]] std::optional<Error> verdict(const std::string& name, std::int64_t frames) const {
    if (count_ == 0 && frames > 0) return std::nullopt;
    Error error;
    error.code = ErrorCode::bad_input;
    error.context = why_;
    const std::string reason = what_ + (count_ > 1 ? "; " + std::to_string(count_) + " faults in all" : "");
    if (frames == 0) {
      error.message = name + " holds not one picture that can be decoded" +
                      (count_ > 0 ? " (" + reason + ")" : "") + "; copy or encode it again";
    } else {
      error.message = name + " is damaged from frame " + std::to_string(frames_before_) + " on (" + reason +
                      "): " + std::to_string(frames) + " could be shown; copy or encode it again";
    }
    return error;
  }

 private:
  std::int64_t count_ = 0;
  std::string what_;
  std::string why_;
  std::int64_t frames_before_ = 0;
};

}  // namespace pyro::capture

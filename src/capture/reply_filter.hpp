// What a camera answers by RTSP or HTTP, before libav reads it: answers that send elsewhere, and those that
// two readers could understand differently, go no further.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pyro::capture {

class ReplyFilter {
 public:
  enum class Protocol : std::uint8_t { rtsp, http };
  explicit ReplyFilter(Protocol protocol) : protocol_(protocol) {}

  // Appends to `out` what may be passed on of all that has come so far. False: nothing more may be.
  [[nodiscard]] bool pass(std::string_view bytes, std::string& out);

 private:
  // Whether a whole head may be passed on; says what follows it.
  bool take_head();

  Protocol protocol_;
  std::string head_;
  std::uint64_t rest_ = 0;   // bytes of a body or a data frame that are passed on unread
  bool everything_ = false;  // all that follows is the answer's body (HTTP)
  bool refused_ = false;
};

}  // namespace pyro::capture

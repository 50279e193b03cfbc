// Any text as a camera's address, and any bytes as what a camera answers. An address that is shown names the
// same place, without a password; answers are passed on alike however they are cut, and none that redirects.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cameras.hpp"
#include "reply_filter.hpp"

namespace {

using namespace pyro;

void check_address(std::string_view text) {
  const auto place = serve::read_camera(text);
  if (!place) return;
  const std::string shown = place->shown();
  const auto again = serve::read_camera(shown);
  if (!again || again->shown() != shown || !again->user.empty() || !again->password.empty()) std::abort();
  if (again->host != place->host || again->port != place->port || again->target != place->target)
    std::abort();
  if (place->on_network() && (place->host.empty() || place->port == 0)) std::abort();
}

void check_answer(std::string_view bytes, capture::ReplyFilter::Protocol protocol, std::size_t step) {
  capture::ReplyFilter whole{protocol}, cut{protocol};
  std::string at_once, bit_by_bit;
  const bool good = whole.pass(bytes, at_once);
  bool still_good = true;
  for (std::size_t at = 0; at < bytes.size() && still_good; at += step)
    still_good = cut.pass(bytes.substr(at, step), bit_by_bit);
  if (good != still_good || at_once != bit_by_bit || !bytes.starts_with(at_once)) std::abort();
  if (at_once.starts_with("HTTP/1.1 3") || at_once.starts_with("RTSP/1.0 3")) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  check_address(bytes);
  for (const std::size_t step : {1U, 7U}) {
    check_answer(bytes, capture::ReplyFilter::Protocol::rtsp, step);
    check_answer(bytes, capture::ReplyFilter::Protocol::http, step);
  }
  return 0;
}

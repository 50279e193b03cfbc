// Any bytes as what comes up a stream's WebSocket: a codec, then messages, each with its length in two bytes
// before it. What is a picture goes through the feed to the decoders; frames come out in order of number and
// time, or not at all.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pyro/live/upward.hpp"

namespace {

using pyro::capture::Coding;

void check_hello(std::string_view text) {
  const auto hello = pyro::live::read_hello(text);
  if (!hello) return;
  if (!hello->coding && !hello->mesh) std::abort();
  if (hello->coding && *hello->coding > Coding::mp4) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  check_hello(bytes);
  if (bytes.empty()) return 0;
  const auto coding = static_cast<Coding>(static_cast<unsigned char>(bytes[0]) % 5);
  bytes.remove_prefix(1);
  pyro::capture::PictureFeed::Limits limits;
  limits.waiting = 64;
  limits.pixels = 256 * 256;
  limits.encoded_bytes = 1 << 18;
  pyro::capture::PictureFeed feed{limits, [](std::int64_t, Coding, const pyro::Error&) {}};
  const auto source = feed.source("fuzz");
  while (bytes.size() > 2) {
    const std::size_t length = std::min<std::size_t>(
        bytes.size() - 2, static_cast<unsigned char>(bytes[0]) << 8 | static_cast<unsigned char>(bytes[1]));
    const auto picture = pyro::live::read_picture(bytes.substr(2, length), coding);
    bytes.remove_prefix(2 + length);
    if (!picture) continue;
    if (picture->frame < 0 || picture->bytes.empty()) std::abort();
    feed.offer({{picture->bytes.begin(), picture->bytes.end()},
                picture->frame,
                pyro::Seconds{1},
                picture->captured,
                coding});
  }
  feed.end();
  std::int64_t last = -1;
  pyro::Seconds time{-1};
  for (;;) {
    const auto frame = source->next();
    if (!frame || !*frame) break;
    const bool in_order = (*frame)->index > last && (*frame)->time > time;
    const std::int64_t pixels = std::int64_t{(*frame)->width} * (*frame)->height;
    if (!in_order || pixels <= 0 || pixels > limits.pixels) std::abort();
    last = (*frame)->index, time = (*frame)->time;
  }
  return 0;
}

// pyro_fuzz(mjpeg_splitter_fuzz SOURCES mjpeg_splitter_fuzz.cpp LIBRARIES pyro::capture)
//
// What MjpegSplitter cuts out of any bytes, in any pieces, is a whole JPEG by its own rules, within the
// bound, and the same however the bytes arrive.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "pyro/capture/mjpeg_splitter.hpp"

namespace {

using Pictures = std::vector<std::vector<std::uint8_t>>;

void check(bool holds) {
  if (!holds) std::abort();
}

Pictures split(std::span<const std::uint8_t> stream, std::size_t step, std::size_t most) {
  Pictures pictures;
  pyro::capture::MjpegSplitter splitter(most);
  const auto drain = [&] {
    while (const auto picture = splitter.next()) {
      check(picture->size() <= most);
      check(pyro::capture::whole_jpeg(*picture) == picture->size());
      const std::uint64_t offset = splitter.frame_offset();
      check(offset + picture->size() <= stream.size());
      check(
          std::equal(picture->begin(), picture->end(), stream.begin() + static_cast<std::ptrdiff_t>(offset)));
      pictures.emplace_back(picture->begin(), picture->end());
    }
  };
  for (std::size_t at = 0; at < stream.size(); at += step) {
    splitter.feed(stream.subspan(at, std::min(step, stream.size() - at)));
    drain();
  }
  splitter.end();
  drain();
  return pictures;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = 1 + data[0];
  const std::size_t most = 16 + 8 * static_cast<std::size_t>(data[1]);
  const std::span stream(data + 2, size - 2);
  const Pictures pieces = split(stream, step, most);
  // The bound is looked at when bytes run out, so that only an unbounded splitter is the same for all pieces.
  const std::size_t no_bound = stream.size() + 70000;
  check(split(stream, step, no_bound) == split(stream, stream.size() + 1, no_bound));
  check(pieces.size() <= stream.size() / 8 + 1);
  return 0;
}

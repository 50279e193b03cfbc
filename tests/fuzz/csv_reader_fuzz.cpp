// Whatever bytes come as a frames.csv: rows or an error, never more.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>

#include "pyro/report/frames_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto input = std::make_unique<std::istringstream>(std::string(data, data + size));
  pyro::Result<pyro::report::FramesReader> frames =
      pyro::report::FramesReader::read(std::move(input), "input");
  if (!frames) return 0;
  const auto table = pyro::report::score_recorded(*frames, pyro::score::ScoreSettings{});
  static_cast<void>(table);
  return 0;
}

// One opened input of libav, demuxed and decoded: a file, an address, a device or a byte stream of our own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "av.hpp"
#include "pyro/capture/source.hpp"

namespace pyro::capture {

// Gives bytes as they come: > 0 how many, 0 at the end, or a negative AVERROR.
using ReadBytes = std::function<int(std::uint8_t* out, int size)>;

struct AvInputSpec {
  enum class Kind : std::uint8_t { file, address, device, bytes };
  Kind kind = Kind::file;
  bool live = false;   // an address whose server sets the pace, whether or not it tells an end
  std::string name;    // as the user gave it, for messages
  std::string url;     // what libav opens; empty for bytes
  std::string format;  // demuxer to use ("v4l2"); empty: by content
  std::vector<std::pair<std::string, std::string>> settings;  // of the demuxer
  ReadBytes bytes;                                            // Kind::bytes
  std::int64_t most_pixels = std::int64_t{1} << 28;  // 16384 x 16384: a header must not ask for all memory
  std::function<void()> complained;  // called, while reading, for whatever could not be decoded; may be empty
  // Asked at the end: how many bytes the input declares but does not have.
  std::function<std::optional<std::int64_t>()> missing_bytes;
};

// The file's checks (there, readable, not empty) are the caller's. The source is live if the kind or the
// address says so, or the address turns out to have no end.
[[nodiscard]] Result<std::unique_ptr<Source>> open_av_input(const AvInputSpec& spec,
                                                            const SourceOptions& options,
                                                            const StopFlag& stop);

}  // namespace pyro::capture

// Encoded pictures that need those before them, each sent as one unit: H.264 with start codes, VP8.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "av.hpp"
#include "pyro/base/result.hpp"
#include "pyro/capture/picture_stream.hpp"

namespace pyro::capture {

// Whether a picture begins here that needs none before it: an IDR picture (H.264, 7.4.1.2.4), a key frame
// (RFC 6386, 9.1).
[[nodiscard]] bool stands_alone(Coding coding, std::span<const std::uint8_t> unit);

// How a file of this kind begins: EBML's mark, ISO BMFF's ftyp.
[[nodiscard]] bool begins_file(Coding coding, std::span<const std::uint8_t> piece);

class UnitDecoder {
 public:
  UnitDecoder(Coding coding, std::int64_t most_pixels) : coding_(coding), most_pixels_(most_pixels) {}

  [[nodiscard]] Coding coding() const { return coding_; }
  // Decodes into the empty frame. True: there is a picture, whose pts is the index of its unit. False: the
  // unit gave none, as it waits for another or for one that stands alone. Error: it cannot be read; all
  // until the next that stands alone are passed over.
  [[nodiscard]] Result<bool> decode(std::span<const std::uint8_t> unit, std::int64_t index, AVFrame& into);

 private:
  Status open();

  Coding coding_;
  std::int64_t most_pixels_;
  AvPtr<AVCodecContext> codec_;
  AvPtr<AVPacket> packet_{av_packet_alloc()};
  std::vector<std::uint8_t> padded_;
  bool whole_ = false;  // all that the next unit may need has been decoded
};

}  // namespace pyro::capture

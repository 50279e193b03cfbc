// What comes up a stream's WebSocket, read without a network: contracts/live.schema.json and docs/server.md
// have it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "pyro/base/time.hpp"
#include "pyro/capture/picture_stream.hpp"
#include "pyro/live/face_text.hpp"

namespace pyro::live {

struct SentPictureView {
  std::span<const std::uint8_t> bytes;
  std::int64_t frame = 0;
  UtcTime captured{};  // by the sender's clock
  capture::Coding coding = capture::Coding::picture;
};

// A binary message: frame number and capture time (8 bytes each, little-endian, microseconds since 1970 UTC),
// then what `coding` says. nullopt: too short, or numbers that nobody has. The view is into `message`.
[[nodiscard]] std::optional<SentPictureView> read_picture(std::string_view message, capture::Coding coding);

// A text: {"type":"hello"} with what the binary messages hold from here on ("codec":"h264") and what is
// wanted beside each face
// ("mesh":"contours"), one of them at least.
struct Hello {
  std::optional<capture::Coding> coding;
  std::optional<MeshWish> mesh;
};
// nullopt: anything else.
[[nodiscard]] std::optional<Hello> read_hello(std::string_view message);

}  // namespace pyro::live

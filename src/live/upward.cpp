#include "pyro/live/upward.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro::live {
namespace {

constexpr std::size_t kHeadBytes = 16, kMostHello = 1024;
constexpr std::int64_t kMost = std::int64_t{1} << 52;  // a whole number everywhere, also in a browser

std::int64_t little_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return static_cast<std::int64_t>(out);
}

}  // namespace

std::optional<SentPictureView> read_picture(std::string_view message, capture::Coding coding) {
  if (message.size() <= kHeadBytes) return std::nullopt;
  const std::int64_t frame = little_endian(message), captured_us = little_endian(message.substr(8));
  if (frame < 0 || frame > kMost || captured_us < 0 || captured_us > kMost) return std::nullopt;
  const std::string_view picture = message.substr(kHeadBytes);
  return SentPictureView{{reinterpret_cast<const std::uint8_t*>(picture.data()), picture.size()},
                         frame,
                         UtcTime{std::chrono::microseconds{captured_us}},
                         coding};
}

std::optional<Hello> read_hello(std::string_view message) {
  if (message.size() > kMostHello) return std::nullopt;
  const nlohmann::json said = nlohmann::json::parse(message, nullptr, false);
  if (!said.is_object() || said.size() < 2 || said.value("type", nlohmann::json()) != "hello")
    return std::nullopt;
  Hello hello;
  for (const auto& [name, value] : said.items()) {
    if (name == "type") continue;
    if (!value.is_string()) return std::nullopt;
    const std::string& word = value.get_ref<const std::string&>();
    if (name == "codec") {
      hello.coding = capture::coding_named(word);
      if (!hello.coding) return std::nullopt;
    } else if (name == "mesh") {
      const auto wish = std::ranges::find(kMeshWishNames, word);
      if (wish == kMeshWishNames.end()) return std::nullopt;
      hello.mesh = static_cast<MeshWish>(wish - kMeshWishNames.begin());
    } else {
      return std::nullopt;
    }
  }
  return hello;
}

}  // namespace pyro::live

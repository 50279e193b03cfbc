#include "export/arrays.hpp"

#include <bit>
#include <cstdint>
#include <fstream>
#include <string_view>

namespace pyro::training {
namespace {

static_assert(std::endian::native == std::endian::little, "the values are written as they lie in memory");
constexpr std::string_view kMagic = "PYROARR1";
constexpr std::uint64_t kLongestHeader = 1U << 20U;
constexpr std::size_t kMostValues = std::size_t{1} << 28U;

const char* as_bytes(const void* at) {
  return static_cast<const char*>(at);
}

}  // namespace

Status write_arrays(const std::filesystem::path& path, const Arrays& arrays) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [name, array] : arrays.items) {
    list.push_back({{"name", name}, {"shape", array.shape}});
  }
  const std::string header = nlohmann::json{{"about", arrays.about}, {"arrays", list}}.dump();
  const std::uint64_t length = header.size();
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << kMagic;
  file.write(as_bytes(&length), sizeof length);
  file << header;
  for (const auto& [name, array] : arrays.items) {
    file.write(as_bytes(array.values.data()),
               static_cast<std::streamsize>(array.values.size() * sizeof(float)));
  }
  file.close();
  if (!file) {
    return failed(path.string() + ": cannot be written; free disk space or choose another --out");
  }
  return {};
}

Result<Arrays> read_arrays(const std::filesystem::path& path) {
  const auto damaged = [&](const char* why) {
    return bad_input(path.string() + ": is no complete file of exported weights (" + why + "); export again");
  };
  std::ifstream file(path, std::ios::binary);
  std::string magic(kMagic.size(), '\0');
  std::uint64_t length = 0;
  char length_bytes[sizeof length];
  if (!file.read(magic.data(), static_cast<std::streamsize>(magic.size())) || magic != kMagic) {
    return damaged("missing, or another kind of file");
  }
  if (!file.read(length_bytes, sizeof length_bytes)) {
    return damaged("cut off");
  }
  length = std::bit_cast<std::uint64_t>(length_bytes);
  if (length > kLongestHeader) {
    return damaged("header too long");
  }
  std::string header(length, '\0');
  if (!file.read(header.data(), static_cast<std::streamsize>(length))) {
    return damaged("cut off");
  }
  Arrays arrays;
  try {
    const nlohmann::json json = nlohmann::json::parse(header);
    arrays.about = json.at("about");
    for (const nlohmann::json& entry : json.at("arrays")) {
      Array array{entry.at("shape").get<std::vector<std::size_t>>(), {}};
      std::size_t count = 1;
      for (const std::size_t side : array.shape) {
        if (side != 0 && count > kMostValues / side) {
          return damaged("array too large");
        }
        count *= side;
      }
      array.values.resize(count);
      // Bytes into floats: character access to any object is allowed.
      auto* into = static_cast<char*>(static_cast<void*>(array.values.data()));
      if (!file.read(into, static_cast<std::streamsize>(count * sizeof(float)))) {
        return damaged("cut off");
      }
      arrays.items.emplace(entry.at("name").get<std::string>(), std::move(array));
    }
  } catch (const nlohmann::json::exception&) {
    return damaged("header unreadable");
  }
  return arrays;
}

}  // namespace pyro::training

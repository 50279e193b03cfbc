#include "compiled_cache.hpp"

#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <fstream>
#include <sstream>

#include "pyro/base/hex.hpp"

namespace pyro::infer {
namespace {

// BLAKE2b over key and blob stands before the blob: a damaged or half-written file must never reach the
// engine, whose reader trusts it. (BLAKE2b because it is the quickest checksum at hand; nobody pins these
// files.)
constexpr std::size_t kDigest = 32;
using Digest = std::array<unsigned char, kDigest>;

Digest digest_of(const std::string& key, std::string_view blob) {
  Digest digest{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, kDigest);
  const auto add = [&](std::string_view text) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  };
  add(key);
  add(blob);
  crypto_generichash_final(&state, digest.data(), kDigest);
  return digest;
}

}  // namespace

std::filesystem::path CompiledCache::file_of(const std::string& key) const {
  const Digest digest = digest_of(key, {});
  return folder_ / (hex_text(std::span{digest}.first(16)) + ".blob");
}

std::optional<std::string> CompiledCache::read(const std::string& key) const {
  if (folder_.empty()) return std::nullopt;
  std::ifstream file(file_of(key), std::ios::binary | std::ios::ate);
  if (!file) return std::nullopt;
  const auto size = static_cast<std::size_t>(file.tellg());
  if (size <= kDigest) return std::nullopt;
  Digest expected{};
  std::string blob(size - kDigest, '\0');
  file.seekg(0);
  file.read(reinterpret_cast<char*>(expected.data()), kDigest);
  file.read(blob.data(), static_cast<std::streamsize>(blob.size()));
  if (!file || digest_of(key, blob) != expected) return std::nullopt;
  return blob;
}

void CompiledCache::write(const std::string& key, std::string_view blob) const {
  if (folder_.empty()) return;
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  const std::filesystem::path target = file_of(key);
  std::filesystem::path part = target;
  part += "." + std::to_string(::getpid()) + ".part";
  const Digest digest = digest_of(key, blob);
  std::ofstream file(part, std::ios::binary);
  file.write(reinterpret_cast<const char*>(digest.data()), kDigest);
  file.write(blob.data(), static_cast<std::streamsize>(blob.size()));
  file.close();
  if (!file) {
    std::filesystem::remove(part, ignored);
    return;
  }
  std::filesystem::rename(part, target, ignored);  // readers see the whole file or none
}

std::optional<ov::CompiledModel> CompiledCache::load(ov::Core& core, const std::string& key,
                                                     const ov::AnyMap& config) const {
  auto blob = read(key);
  if (!blob) return std::nullopt;
  try {
    std::istringstream stream(std::move(*blob), std::ios::binary);
    return core.import_model(stream, "CPU", config);
  } catch (const std::exception&) {
    return std::nullopt;  // made by another engine or for another processor: compiled afresh and replaced
  }
}

void CompiledCache::store(const std::string& key, ov::CompiledModel& model) const {
  try {
    std::ostringstream stream(std::ios::binary);
    model.export_model(stream);
    write(key, std::move(stream).str());
  } catch (const std::exception&) {
    return;  // an engine that cannot export: the next start compiles again
  }
}

}  // namespace pyro::infer

// The models on this machine: found by name in the manifest, verified, and compiled from a cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/infer/manifest.hpp"
#include "pyro/infer/network.hpp"

namespace pyro::infer {

struct StoreOptions {
  std::filesystem::path models;  // the repository's models/ with manifest.toml
  std::filesystem::path
      home;  // where setup put things (.pyrometer): <home>/models, and <home>/compiled for the
             // compiled form, which makes the next start quick; nothing there is required
};

// Thread-safe. Cheap to copy: copies share the manifest and the engine.
class ModelStore {
 public:
  // Errors: the manifest is missing or wrong.
  static Result<ModelStore> open(StoreOptions options);

  [[nodiscard]] const std::vector<ModelEntry>& entries() const;
  [[nodiscard]] const ModelEntry* find(
      std::string_view name) const;  // nullptr if the manifest does not know it
  [[nodiscard]] std::filesystem::path path_of(const ModelFile& file, Origin origin) const;

  // The model's file, whose checksum was verified while reading. Errors: unknown name; file missing; size or
  // checksum differs (even by one byte).
  [[nodiscard]] Result<std::vector<std::uint8_t>> read(std::string_view name) const;

  // The network of that name, ready for requests. Its files are verified the first time. Where the engine
  // runs it, every call gives a compiled model of its own, so that threads which each call this never wait
  // for each other inside the engine; calls from several threads load side by side. Errors: those of read(),
  // or the engine cannot make sense of it.
  [[nodiscard]] Result<Model> compile(std::string_view name, const CompileOptions& options = {}) const;

  // Checks one entry's files without loading them; the error says what differs and what to do.
  [[nodiscard]] Status verify(const ModelEntry& entry) const;

 private:
  struct Impl;
  explicit ModelStore(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

// Lower-case hex of the SHA-256 of these bytes.
[[nodiscard]] std::string sha256_hex(std::span<const std::uint8_t> bytes);

}  // namespace pyro::infer

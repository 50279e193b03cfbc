// The models on this machine: found by name in the manifest, verified, and compiled from a cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
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

  // What the registry of this machine adds: its models, their files below `registry`, and for names that mean
  // another model than the manifest's, which ("expression" → "calm@1.2.0").
  std::filesystem::path registry = {};
  std::vector<ModelEntry> added = {};
  std::map<std::string, std::string, std::less<>> current = {};
};

// Thread-safe. Cheap to copy: copies share the manifest and the engine.
class ModelStore {
 public:
  // Errors: the manifest is missing or wrong.
  static Result<ModelStore> open(StoreOptions options);
  // Only what the options add: a model that is looked at before it is taken in.
  static ModelStore of_added(StoreOptions options);

  // The manifest's, then the added ones.
  [[nodiscard]] const std::vector<ModelEntry>& entries() const;
  // By "name@version", or by name: what that means here at present, else the manifest's. nullptr: there is
  // none.
  [[nodiscard]] const ModelEntry* find(std::string_view name) const;
  [[nodiscard]] std::filesystem::path path_of(const ModelFile& file, Origin origin) const;

  // The model's file, whose checksum was verified while reading. Errors: unknown name; file missing; size or
  // checksum differs (even by one byte).
  [[nodiscard]] Result<std::vector<std::uint8_t>> read(std::string_view name) const;

  // The network of that name (find), ready for requests. Its files are verified the first time, and its
  // recorded self-test must pass the first time in each precision. Where the engine runs it, every call gives
  // a compiled model of its own, so that threads which each call this never wait for each other inside the
  // engine; calls from several threads load side by side. Errors: those of read(), the engine cannot make
  // sense of it, or it fails its self-test.
  [[nodiscard]] Result<Model> compile(std::string_view name, const CompileOptions& options = {}) const;

  // Checks one entry's files without loading them; the error says what differs and what to do.
  [[nodiscard]] Status verify(const ModelEntry& entry) const;
  // The recorded self-test, run now; true: passed, false: there is none. Errors: those of compile().
  [[nodiscard]] Result<bool> self_test(const ModelEntry& entry, Precision precision = Precision::f32) const;

 private:
  struct Impl;
  explicit ModelStore(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<Impl> impl_;
};

}  // namespace pyro::infer

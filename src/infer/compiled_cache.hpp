// The engine's compiled form of a network, kept on disk so that the next start need not compile again.
// Private to the room. A blob that is missing, damaged or of another engine is simply not used.
#pragma once

#include <filesystem>
#include <functional>
#include <openvino/openvino.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace pyro::infer {

class CompiledCache {
 public:
  // Empty: nothing is kept.
  explicit CompiledCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // key: everything that the blob depends on, as text. nullopt: it is not there, or not whole.
  [[nodiscard]] std::optional<std::string> read(const std::string& key) const;
  // Best effort: a full or read-only disk only makes the next start slower.
  void write(const std::string& key, std::string_view blob) const;

  // The same for what the engine compiled.
  [[nodiscard]] std::optional<ov::CompiledModel> load(ov::Core& core, const std::string& key,
                                                      const ov::AnyMap& config) const;
  void store(const std::string& key, ov::CompiledModel& model) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;
  std::filesystem::path folder_;
};

}  // namespace pyro::infer

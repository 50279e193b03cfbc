// The engine's compiled form of a network, kept on disk so that the next start need not compile again.
// Private to the room. A blob that is missing, damaged or of another engine is simply not used.
#pragma once

#include <filesystem>
#include <functional>
#include <openvino/openvino.hpp>
#include <optional>
#include <string>

namespace pyro::infer {

class CompiledCache {
 public:
  explicit CompiledCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // key: everything that the blob depends on, as text. nullopt: compile it.
  [[nodiscard]] std::optional<ov::CompiledModel> load(ov::Core& core, const std::string& key,
                                                      const ov::AnyMap& config) const;
  // Best effort: a full or read-only disk only makes the next start slower.
  void store(const std::string& key, ov::CompiledModel& model) const;

 private:
  [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;
  std::filesystem::path folder_;
};

}  // namespace pyro::infer

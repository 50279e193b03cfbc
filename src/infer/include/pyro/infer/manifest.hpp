// models/manifest.toml: every model that may be loaded, with the checksum that its file must have.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::infer {

enum class Origin {
  fetched,  // below <home>/models, brought by setup/fetch
  own,      // below models/ of the repository
  added     // below the registry of this machine; never in a manifest
};

struct ModelFile {
  std::string path;  // relative, without ".." ; below the folder that the origin names
  std::uint64_t bytes = 0;
  std::string sha256;  // 64 lower-case hex digits
};

struct ModelEntry {
  std::string name;
  std::string version;
  Origin origin = Origin::fetched;
  ModelFile file;
  ModelFile weights;    // second file of an OpenVINO IR (.bin beside .xml); path is empty for others
  ModelFile self_test;  // reference inputs and outputs (selftest.hpp); path is empty where there are none
  std::string licence;
  std::string source;
  std::string card;
  std::string as;  // a second name that the model answers to in this manifest; may be empty

  // "name@version", which names exactly this one.
  [[nodiscard]] std::string reference() const { return name + "@" + version; }
};

// Reads the manifest's text. Errors (bad_input, naming `name_in_messages` and the entry): not TOML, schema
// other than 1, a missing or unknown key, a wrong type, a path that leaves its folder, a checksum that is
// none, a name twice.
[[nodiscard]] Result<std::vector<ModelEntry>> parse_manifest(std::string_view text,
                                                             std::string_view name_in_messages);

}  // namespace pyro::infer

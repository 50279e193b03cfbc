// What is known about a model: one schema for the shipped ones (models/<name>/card.toml) and the added ones
// (record.json). Everything that is said about a model (show, card) is read from here. docs/formats.md.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"

namespace pyro::registry {

// Keys stay in the order of the file where that has one (JSON; TOML's are sorted by name).
using Json = nlohmann::ordered_json;

inline constexpr int kRecordSchema = 1;

// Semantic version: major.minor.patch, ordered as numbers.
using Version = std::array<int, 3>;
[[nodiscard]] std::optional<Version> version_of(std::string_view text);
[[nodiscard]] std::string text_of(const Version& version);

// Lower-case letters, digits, "_" and "-", a letter first, at most 64: a name is a folder's name and a word
// of the command line.
[[nodiscard]] bool is_model_name(std::string_view text);

// "name@1.2.3" in its parts; nullopt: it is none.
struct Reference {
  std::string name;
  Version version;
};
[[nodiscard]] std::optional<Reference> reference_of(std::string_view text);

enum class RecordFormat { toml, json };

// The record as a JSON object, checked: schema 1, no unknown key at the top, texts are texts, name, version,
// parent and the data's fingerprint have their form. Of these only the schema must be there: what a training
// tool writes has no name and version yet. Errors (bad_input) name `name_in_messages` and the key.
[[nodiscard]] Result<Json> parse_record(std::string_view text, RecordFormat format,
                                        std::string_view name_in_messages);

// A text at the top of a record; empty where it is missing.
[[nodiscard]] std::string text_at(const Json& record, std::string_view key);

}  // namespace pyro::registry

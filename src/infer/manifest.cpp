#include "pyro/infer/manifest.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace pyro::infer {
namespace {

constexpr std::array<std::string_view, 16> kKeys{
    "name",           "version",         "origin",           "path",
    "bytes",          "sha256",          "licence",          "source",
    "card",           "weights_path",    "weights_bytes",    "weights_sha256",
    "self_test_path", "self_test_bytes", "self_test_sha256", "as"};

bool is_sha256(std::string_view text) {
  return text.size() == 64 &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// A model's path must stay below its folder, whatever the manifest says.
bool stays_inside(const std::string& text) {
  const std::filesystem::path path(text);
  return !text.empty() && path.is_relative() &&
         std::ranges::none_of(path, [](const auto& part) { return part == ".."; });
}

class EntryReader {
 public:
  EntryReader(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

  std::string text(std::string_view key) {
    const auto value = table_[key].value<std::string>();
    if (!value || value->empty()) note(std::string(key) + " must be a text that is not empty");
    return value.value_or("");
  }
  std::uint64_t bytes(std::string_view key) {
    // value_exact: toml++ converts a real number unchecked, so that 1e28 is undefined behaviour.
    const auto value = table_[key].value_exact<std::int64_t>();
    if (!value || *value <= 0) note(std::string(key) + " must be a positive whole number");
    return value && *value > 0 ? static_cast<std::uint64_t>(*value) : 0;
  }
  ModelFile file(const std::string& prefix) {
    ModelFile file{text(prefix + "path"), bytes(prefix + "bytes"), text(prefix + "sha256")};
    if (!file.path.empty() && !stays_inside(file.path)) {
      note(prefix + "path \"" + file.path + "\" must be relative and stay below its folder");
    }
    if (!file.sha256.empty() && !is_sha256(file.sha256)) {
      note(prefix + "sha256 must be 64 lower-case hexadecimal digits");
    }
    return file;
  }
  void note(const std::string& problem) {
    if (problem_.empty()) problem_ = where_ + ": " + problem;
  }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  const toml::table& table_;
  std::string where_;
  std::string problem_;
};

Result<ModelEntry> read_entry(const toml::table& table, const std::string& where) {
  EntryReader reader(table, where);
  for (const auto& [key, value] : table) {
    if (std::ranges::find(kKeys, key.str()) == kKeys.end()) {
      reader.note("unknown key \"" + std::string(key.str()) + "\"; remove it or correct its spelling");
    }
  }
  ModelEntry entry;
  entry.name = reader.text("name");
  entry.version = reader.text("version");
  const std::string origin = reader.text("origin");
  if (origin == "own") {
    entry.origin = Origin::own;
  } else if (origin != "fetched" && !origin.empty()) {
    reader.note("origin must be \"fetched\" or \"own\"");
  }
  entry.file = reader.file("");
  if (table.contains("weights_path")) entry.weights = reader.file("weights_");
  if (table.contains("self_test_path")) entry.self_test = reader.file("self_test_");
  if (table.contains("as")) entry.as = reader.text("as");
  entry.licence = reader.text("licence");
  entry.source = reader.text("source");
  entry.card = reader.text("card");
  if (!reader.problem().empty()) return bad_input(reader.problem());
  return entry;
}

}  // namespace

Result<std::vector<ModelEntry>> parse_manifest(std::string_view text, std::string_view name_in_messages) {
  const std::string name(name_in_messages);
  try {
    const toml::table root = toml::parse(text, name);
    if (root["schema"].value_exact<std::int64_t>() != 1) {
      return bad_input(name + ": schema must be 1; this program reads no other");
    }
    const toml::array* models = root["model"].as_array();
    if (models == nullptr) return bad_input(name + ": holds no [[model]]; restore it from the repository");
    std::vector<ModelEntry> entries;
    for (std::size_t i = 0; i < models->size(); ++i) {
      const std::string where = name + ", model " + std::to_string(i + 1);
      const toml::table* table = models->get(i)->as_table();
      if (table == nullptr) return bad_input(where + ": is no table; write it as [[model]]");
      auto entry = read_entry(*table, where);
      if (!entry) return tl::make_unexpected(entry.error());
      for (const ModelEntry& other : entries) {
        for (const std::string& taken : {entry->name, entry->as}) {
          if (!taken.empty() && (taken == other.name || taken == other.as))
            return bad_input(std::string(where)
                                 .append(": the name \"")
                                 .append(taken)
                                 .append("\" comes twice; names must differ"));
        }
      }
      entries.push_back(std::move(*entry));
    }
    return entries;
  } catch (const toml::parse_error& error) {
    return bad_input(name + ", line " + std::to_string(error.source().begin.line) +
                         ": is not valid TOML; correct it or restore it from the repository",
                     std::string(error.description()));
  } catch (const std::exception& error) {
    return bad_input(name + ": cannot be read as a manifest; restore it from the repository", error.what());
  }
}

}  // namespace pyro::infer

#include "layout.hpp"

#include "pyro/infer/model_forms.hpp"
#include "pyro/registry/registry.hpp"
#include "storage.hpp"

namespace pyro::registry {
namespace {

namespace fs = std::filesystem;

infer::ModelFile file_of(const Json& files, const char* which, const fs::path& below) {
  const Json& file = files.at(which);
  const auto path = file.at("path").get<std::string>();
  // A record must not lead out of its folder.
  if (path.empty() || path != fs::path(path).filename().string() || path == "..")
    throw std::invalid_argument(std::string("files.") + which + ".path must be the plain name of a file");
  return {(below / path).string(), file.at("bytes").get<std::uint64_t>(),
          file.at("sha256").get<std::string>()};
}

}  // namespace

Result<infer::ModelEntry> entry_of(const Json& record, const fs::path& below, const std::string& shown) {
  try {
    infer::ModelEntry entry;
    entry.name = record.at("name").get<std::string>();
    entry.version = record.at("version").get<std::string>();
    entry.origin = infer::Origin::added;
    const Json& files = record.at("files");
    entry.file = file_of(files, "graph", below);
    if (files.contains("weights")) entry.weights = file_of(files, "weights", below);
    if (entry.weights.path.empty() && !infer::is_fused(entry) && !infer::is_regression(entry))
      throw std::invalid_argument("files.weights is missing");
    entry.self_test = file_of(files, "self_test", below);
    entry.licence = record.at("licence").get<std::string>();
    entry.source = text_at(record, "source");
    entry.card = (below / kRecordFile).string();
    return entry;
  } catch (const std::exception& error) {
    return bad_input(shown + ": is not the record of an added model; add the model again", error.what());
  }
}

Json files_of(const infer::ModelEntry& entry) {
  Json files = Json::object();
  const auto add = [&](const char* which, const infer::ModelFile& file) {
    if (file.path.empty()) return;
    files[which] = {
        {"path", fs::path(file.path).filename().string()}, {"bytes", file.bytes}, {"sha256", file.sha256}};
  };
  add("graph", entry.file);
  add("weights", entry.weights);
  add("self_test", entry.self_test);
  return files;
}

Json facts_of(const infer::SelfTest& test) {
  return {{"cases", test.cases.size()},
          {"tolerance_f32", test.tolerance_f32},
          {"tolerance_bf16", test.tolerance_bf16}};
}

Status may_be_meant_by(const infer::ModelStore& store, const std::string& name) {
  for (const infer::ModelEntry& entry : store.entries()) {
    if (entry.origin == infer::Origin::fetched && entry.name == name)
      return wrong_use("'" + name +
                       "' is the name of a model that was not trained here and that the program relies on; "
                       "choose another name");
  }
  return {};
}

Result<Json> record_of(const Place& place, const infer::ModelEntry& entry) {
  const bool added = entry.origin == infer::Origin::added;
  const fs::path path = (added ? place.registry : place.models) / entry.card;
  const Result<std::string> text = read_whole(path, kLongestText);
  if (!text) return tl::make_unexpected(text.error());
  const bool json = path.extension() == ".json";
  Result<Json> record = parse_record(*text, json ? RecordFormat::json : RecordFormat::toml, path.string());
  if (!record || added) return record;
  // A card that several networks share speaks of all of them; the manifest speaks of this one.
  Json whole{{"schema", kRecordSchema}, {"name", entry.name}, {"version", entry.version}};
  for (const auto& [key, value] : record->items()) {
    if (!whole.contains(key)) whole[key] = value;
  }
  whole["licence"] = entry.licence;
  whole["source"] = entry.source;
  whole["files"] = files_of(entry);
  if (!entry.self_test.path.empty()) {
    const fs::path tests = place.models / entry.self_test.path;
    const Result<std::string> content = read_whole(tests, kLongestText);
    if (!content) return tl::make_unexpected(content.error());
    const Result<infer::SelfTest> test = infer::parse_self_test(*content, tests.string());
    if (!test) return tl::make_unexpected(test.error());
    whole["self_test"] = facts_of(*test);
  }
  return whole;
}

}  // namespace pyro::registry

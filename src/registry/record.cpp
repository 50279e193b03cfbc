#include "pyro/registry/record.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <sstream>

namespace pyro::registry {
namespace {

constexpr std::array<std::string_view, 11> kTexts{"name",    "version",      "task",   "created",
                                                  "made_by", "licence",      "source", "parent",
                                                  "layout",  "licence_note", "note"};
// Free in their inside: numbers, texts, lists and tables.
constexpr std::array<std::string_view, 13> kTables{"input",   "output",      "data",  "training", "metrics",
                                                   "speed",   "calibration", "files", "parity",   "limits",
                                                   "classes", "self_test",   "groups"};
constexpr std::array<std::string_view, 3> kNumbers{"schema", "parameters", "multiply_adds"};

constexpr std::size_t kLongestName = 64;

bool is_sha256(const Json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// What is wrong with one key of the record; empty: nothing.
std::string problem_with(const std::string& key, const Json& value) {
  const auto in = [&key](const auto& list) { return std::ranges::find(list, key) != list.end(); };
  if (in(kTexts)) {
    if (!value.is_string() || value.get_ref<const std::string&>().empty())
      return key + " must be a text that is not empty";
  } else if (in(kTables)) {
    if (!value.is_structured()) return key + " must be a table or a list";
  } else if (in(kNumbers)) {
    if (!value.is_number_integer() || value.get<std::int64_t>() <= 0)
      return key + " must be a positive whole number";
  } else {
    return "unknown key \"" + key + "\"; remove it, or put it below data, training, metrics, speed or limits";
  }
  if (key == "name" && !is_model_name(value.get_ref<const std::string&>()))
    return "name must be lower-case letters, digits, _ and -, beginning with a letter";
  if (key == "version" && !version_of(value.get_ref<const std::string&>()))
    return "version must be three numbers: 1.0.0";
  if (key == "parent" && !reference_of(value.get_ref<const std::string&>()))
    return "parent must be name@version: expression@1.0.0";
  if (key == "data" && value.contains("fingerprint") && !is_sha256(value["fingerprint"]))
    return "data.fingerprint must be 64 lower-case hexadecimal digits";
  return "";
}

Json json_of_toml(std::string_view text, std::string_view name) {
  const toml::table table = toml::parse(text, name);
  std::ostringstream json;
  json << toml::json_formatter{table};
  return Json::parse(json.str());
}

}  // namespace

std::optional<Version> version_of(std::string_view text) {
  Version version{};
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::size_t i = 0; i < version.size(); ++i) {
    if (i > 0) {
      if (at == end || *at != '.') return std::nullopt;
      ++at;
    }
    if (at == end || *at < '0' || *at > '9') return std::nullopt;
    const auto [behind, error] = std::from_chars(at, end, version[i]);
    if (error != std::errc{} || (*at == '0' && behind != at + 1)) return std::nullopt;
    at = behind;
  }
  return at == end ? std::optional(version) : std::nullopt;
}

std::string text_of(const Version& version) {
  return std::to_string(version[0]) + "." + std::to_string(version[1]) + "." + std::to_string(version[2]);
}

bool is_model_name(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName && text.front() >= 'a' && text.front() <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

std::optional<Reference> reference_of(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || !is_model_name(text.substr(0, at))) return std::nullopt;
  const auto version = version_of(text.substr(at + 1));
  if (!version) return std::nullopt;
  return Reference{std::string(text.substr(0, at)), *version};
}

Result<Json> parse_record(std::string_view text, RecordFormat format, std::string_view name_in_messages) {
  const std::string name(name_in_messages);
  try {
    Json record = format == RecordFormat::toml ? json_of_toml(text, name) : Json::parse(text);
    if (!record.is_object()) return bad_input(name + ": is no table of keys; see docs/formats.md");
    if (record.value("schema", Json()) != kRecordSchema)
      return bad_input(name + ": schema must be " + std::to_string(kRecordSchema) +
                       "; this program reads no other");
    for (const auto& [key, value] : record.items()) {
      if (const std::string problem = problem_with(key, value); !problem.empty())
        return bad_input(std::string(name).append(": ").append(problem));
    }
    return record;
  } catch (const toml::parse_error& error) {
    return bad_input(
        name + ", line " + std::to_string(error.source().begin.line) + ": is not valid TOML; correct it",
        std::string(error.description()));
  } catch (const std::exception& error) {
    return bad_input(name + ": cannot be read as a model's record; correct it (docs/formats.md)",
                     error.what());
  }
}

std::string text_at(const Json& record, std::string_view key) {
  const auto found = record.find(key);
  return found != record.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace pyro::registry

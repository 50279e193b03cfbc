// Names inside a registry's folder, and its entries. Private to the room.
#pragma once

#include <filesystem>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/infer/selftest.hpp"
#include "pyro/registry/record.hpp"

namespace pyro::registry {

inline constexpr char kModels[] = "models";
inline constexpr char kIncoming[] = "incoming";
inline constexpr char kHistoryFile[] = "history.jsonl";
inline constexpr char kRecordFile[] = "record.json";
inline constexpr char kSelfTestFile[] = "selftest.json";
inline constexpr char kPromote[] = "promote";
inline constexpr char kRollback[] = "rollback";
inline constexpr std::uintmax_t kLongestText = std::uintmax_t{16} << 20U;

// Of a version, below the registry.
[[nodiscard]] inline std::filesystem::path folder_of(const std::string& name, const Version& version) {
  return std::filesystem::path(kModels) / name / text_of(version);
}

// The record as the store knows models; the files lie in `below`. Error (bad_input, naming `shown`): a key is
// missing or of the wrong form.
[[nodiscard]] Result<infer::ModelEntry> entry_of(const Json& record, const std::filesystem::path& below,
                                                 const std::string& shown);
// The reverse: the record's "files".
[[nodiscard]] Json files_of(const infer::ModelEntry& entry);

// A record's "self_test", as far as the test itself tells.
[[nodiscard]] Json facts_of(const infer::SelfTest& test);

// Whether a name may come to mean an added model: a fetched model's name may not. Error (wrong_use).
[[nodiscard]] Status may_be_meant_by(const infer::ModelStore& store, const std::string& name);

}  // namespace pyro::registry

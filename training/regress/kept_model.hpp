// The files of a regression that is kept (docs/formats.md, "A regression").
#pragma once

#include <filesystem>

#include "regress/regress.hpp"

namespace pyro::training {

inline constexpr std::array<const char*, 3> kKeptFiles = {"regression.json", "selftest.json", "record.json"};

// `fingerprint`: the table's SHA-256. Errors (failed): not writable.
[[nodiscard]] Status write_kept(const Cases& cases, const FittedModel& model, const RegressReport& report,
                                const std::string& fingerprint, const std::filesystem::path& out);

}  // namespace pyro::training

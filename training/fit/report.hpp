// A run as a page: curves, settings, where it stands.
#pragma once

#include <filesystem>

#include "pyro/base/result.hpp"

namespace pyro::training {

inline constexpr const char* kReportName = "report.html";

// Writes out/report.html from the metrics and the checkpoint in `out`; self-contained. Errors (bad_input):
// there is no run; (failed): it cannot be written.
Status write_report(const std::filesystem::path& out);

}  // namespace pyro::training

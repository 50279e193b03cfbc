// How a server and its workers log: lines to be read, or a JSON object a line for whoever collects them.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "pyro/base/result.hpp"

namespace pyro::cli {

// --log-format
void add_log_flag(CLI::App& verb, std::string& format);
// From here on.
void use_log_format(const std::string& format);
// As report() of cli.hpp, and in the log's own form, so that no line of it is another's.
int report_logged(const Error& error, bool json, const std::string& format);

}  // namespace pyro::cli

// Settings from elsewhere than the command line, brought into it: file < environment < what was typed.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::cli {

// --config of a verb.
void add_settings_file(CLI::App& verb);

// The words typed (without the program's name) and behind their verb a word for each of its flags that
// PYROMETER_<FLAG>, or else the settings file, gives and nobody typed. Errors (wrong_use) name the file and
// the key: unreadable, no TOML, a key that is no flag of this verb, a value that no flag takes.
[[nodiscard]] Result<std::vector<std::string>> with_settings(const CLI::App& app,
                                                             std::vector<std::string> words);

}  // namespace pyro::cli

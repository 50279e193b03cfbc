// The verbs of pyrometer-train, a file each. add_<verb> declares the verb's flags; when it is on the command
// line, `chosen` becomes what it does.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "pyro/base/result.hpp"

namespace pyro::training {

using Chosen = std::function<Status()>;

void add_train(CLI::App& app, Chosen& chosen);
void add_finetune(CLI::App& app, Chosen& chosen);
void add_outputs(CLI::App& app, Chosen& chosen);
void add_evaluate(CLI::App& app, Chosen& chosen);
void add_export(CLI::App& app, Chosen& chosen);
void add_landmarks(CLI::App& app, Chosen& chosen);
void add_map(CLI::App& app, Chosen& chosen);
void add_hold_out(CLI::App& app, Chosen& chosen);
void add_average(CLI::App& app, Chosen& chosen);

inline constexpr const char* kDataHelp = "folder with the IDX files and CSVs of FER2013";
inline constexpr const char* kWeightsHelp =
    "a run's best.pt or checkpoint.pt (the averaged weights are used)";

inline constexpr const char* kSourcesHelp =
    "FER2013's folder, a folder per class, a CSV, or IDX images; several are mixed, PATH=WEIGHT weighs one";

// Prints the report as one line of JSON.
Status print(const Result<nlohmann::json>& report);

// From here on this process may take nine tenths of the memory that is free now: what asks for more fails
// with an error that says so, instead of being killed with whatever else runs on the machine.
void limit_memory();

// A flag of every verb: threads of the arithmetic, 1 unless said otherwise.
void add_threads(CLI::App& verb);

}  // namespace pyro::training

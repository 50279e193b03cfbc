// study: a folder of people and sessions; report: what one session showed.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_study(CLI::App& app, Chosen& chosen);
void add_report(CLI::App& app, Chosen& chosen);

// The parts of study, each with verbs of its own.
void add_study_recordings(CLI::App& study, Chosen& chosen);   // init, add, import, surveys, list
void add_study_calibration(CLI::App& study, Chosen& chosen);  // calibrate, simulate

}  // namespace pyro::cli

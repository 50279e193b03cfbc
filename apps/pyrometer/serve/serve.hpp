// serve: the service. worker: does its jobs. admin: what is done to a server's data folder by whoever owns
// it.
#pragma once

#include "../cli.hpp"

namespace pyro::serve {
struct ServiceSettings;
}

namespace pyro::cli {

void add_serve(CLI::App& app, Chosen& chosen);
void add_worker(CLI::App& app, Chosen& chosen);
void add_admin(CLI::App& app, Chosen& chosen);
// Below `admin`.
void add_demo(CLI::App& admin, Chosen& chosen);

// Questionnaires and rules for alerts lie beside the models, unless the settings name others.
void find_library(const registry::Place& place, serve::ServiceSettings& settings);

}  // namespace pyro::cli

// serve: the service. worker: does its jobs. admin: what is done to a server's data folder by whoever owns
// it.
#pragma once

#include "../cli.hpp"

namespace pyro::cli {

void add_serve(CLI::App& app, Chosen& chosen);
void add_worker(CLI::App& app, Chosen& chosen);
void add_admin(CLI::App& app, Chosen& chosen);

}  // namespace pyro::cli

// Simulated people to try a site out with: two teams of one organisation, weeks of sessions (pyro/demo), and
// an account of each role that has to do with people. All of it is marked (archive/simulated.hpp), counts in
// no figure of the site's, and goes as a whole.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/serve/service.hpp"

namespace pyro::serve {

// Told once, kept as a hash.
struct DemoAccount {
  std::string name, role, one_time_password;
};

struct DemoState {
  bool there = false;
  bool whole = false;  // false: it is being made, or what made it was cut off
  std::uint64_t seed = 0;
  UtcTime made{};
  std::int64_t people = 0, sessions = 0, responses = 0, alerts = 0;
};

// What `pyrometer admin demo` does to a data folder, whose server may run.
using DemoProgress = std::function<void(double)>;  // 0..1
// Error (bad_input): there is a demo already, or somebody has a name that it needs.
[[nodiscard]] Result<std::vector<DemoAccount>> add_demo(const ServiceSettings& settings, std::uint64_t seed,
                                                        const DemoProgress& progress);
// Rows that went, by table; none where there was no demo.
[[nodiscard]] Result<std::map<std::string, std::int64_t>> remove_demo(const ServiceSettings& settings);
[[nodiscard]] Result<DemoState> demo_state(const ServiceSettings& settings);

}  // namespace pyro::serve

// session.json as text. Private to the room.
#pragma once

#include <cstdint>
#include <string>

#include "pyro/report/provenance.hpp"
#include "pyro/report/session_table.hpp"

namespace pyro::report {

struct RunProgress {
  RunState state = RunState::running;
  std::string error;
  std::int64_t dropped_frames = 0;
  UtcTime written{};
};

[[nodiscard]] std::string session_json(const Provenance& provenance, const SessionTable& table,
                                       const RunProgress& progress);

}  // namespace pyro::report

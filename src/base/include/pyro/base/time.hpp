// Time is std::chrono; a bare double never carries a time without its unit in the name.
#pragma once

#include <chrono>
#include <string>

namespace pyro {

using Seconds = std::chrono::duration<double>;
using UtcTime = std::chrono::sys_time<std::chrono::microseconds>;

// ISO 8601 with microseconds and Z: "2026-01-31T12:00:00.040000Z".
[[nodiscard]] std::string utc_text(UtcTime time);
// Writes the same 27 characters to out without allocating; returns one past the last.
char* utc_text_to(char* out, UtcTime time);

}  // namespace pyro

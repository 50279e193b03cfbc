// A program that a job runs as a child: it ends with this process, and when it is asked to.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::cli {

// As exec takes them; valid as long as the texts are.
[[nodiscard]] std::vector<char*> pointers(std::vector<std::string>& texts);

struct ChildEnd {
  int exit = 0;      // of the program; 128 + the signal that ended it
  std::string said;  // the last line of its standard error
};

// `words`: the program's path, then its arguments. `heard` gets each line of its standard output. It runs in
// this working directory under this process's limits and at most `most_cpu` of processor time, with nothing
// of this process's environment but where libraries lie, and none of its files. Asked to stop it gets
// SIGTERM, and SIGKILL where it does not end within 10 s; then `exit` is 143 or 137. Error (failed): it
// cannot be started.
[[nodiscard]] Result<ChildEnd> run_child(const std::vector<std::string>& words, std::chrono::seconds most_cpu,
                                         const std::stop_token& stop,
                                         const std::function<void(const std::string&)>& heard);

}  // namespace pyro::cli

// What the words on the command line stand for: files, addresses, folders of videos or pictures.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::cli {

struct Input {
  std::string source;         // for capture::open
  std::filesystem::path out;  // the run's folder
};

// One input writes straight into `out`, several write to out/<name>, made distinct by -2, -3 …. A folder with
// videos stands for each of them (in order of name); a folder with pictures is one source. Errors: a folder
// with neither.
[[nodiscard]] Result<std::vector<Input>> resolve_inputs(const std::vector<std::string>& words,
                                                        const std::filesystem::path& out);

}  // namespace pyro::cli

// A session's frames from a server, as frames.csv.
#pragma once

#include <filesystem>
#include <string>

#include "pyro/client/server.hpp"

namespace pyro::cli {

// Page by page onto the disk; the file appears when all of them are there. Its rows, without the header's.
[[nodiscard]] Result<std::int64_t> fetch_frames(client::Server& server, const std::string& session,
                                                const std::filesystem::path& file);

}  // namespace pyro::cli

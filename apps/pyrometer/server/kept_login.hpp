// The token that pyrometer login keeps for a server: $XDG_CONFIG_HOME/pyrometer/<server>.json, mode 0600.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "pyro/base/result.hpp"

namespace pyro::cli {

struct KeptLogin {
  std::string server, account, token, ca_file;
};

// Error: there is neither XDG_CONFIG_HOME nor HOME.
[[nodiscard]] Result<std::filesystem::path> login_path(const std::string& origin);
// None: nobody has signed in. Errors: unreadable, or others may read it.
[[nodiscard]] Result<std::optional<KeptLogin>> read_login(const std::string& origin);
[[nodiscard]] Status keep_login(const KeptLogin& login);
[[nodiscard]] Status forget_login(const std::string& origin);

// A file that only its owner may read, without the blanks around its text. Errors (wrong_use): others may, or
// it cannot be read.
[[nodiscard]] Result<std::string> read_secret(const std::filesystem::path& file);

}  // namespace pyro::cli

// What is done to a server's data by whoever owns its folder, with the server running or not: no login is
// asked for, as who can read the key can read everything.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pyro/serve/service.hpp"

namespace pyro::serve {

struct AuditVerdict {
  std::string anchor;  // "number:hash", to be kept elsewhere
};
// `kept`: an anchor from earlier. Error (bad_input): the first entry that is missing, altered or out of
// place.
[[nodiscard]] Result<AuditVerdict> verify_audit(const ServiceSettings& settings,
                                                const std::string& kept = {});

// A copy of the database as of one moment and of nothing else, encrypted under the same key; the server may
// run. PostgreSQL has its own tools for that.
[[nodiscard]] Status back_up(const ServiceSettings& settings, const std::filesystem::path& to);
// The server must not run. What is in the data folder now is kept beside it, as <name>.before.
[[nodiscard]] Status restore(const ServiceSettings& settings, const std::filesystem::path& from);
// Every page and index; an empty list means whole.
[[nodiscard]] Result<std::vector<std::string>> check_store(const ServiceSettings& settings);
// A new key for the database and the site's secrets; the server must not run. A kill at any moment leaves
// what finish_rotation, and so the next start of the server, ends.
[[nodiscard]] Status rotate_key(const ServiceSettings& settings);
// Ends or takes back a rotation that was cut off, if there is one. The caller holds the folder's locks.
[[nodiscard]] Status finish_rotation(const ServiceSettings& settings);
// A one-time password for an account, for when nobody can sign in any more.
[[nodiscard]] Result<std::string> reset_password(const ServiceSettings& settings, const std::string& account);

// What is older than the site's retention rules say is erased now, as the server does by itself every hour;
// it may run meanwhile.
struct ErasedRows {
  std::string kind, person;
  std::int64_t rows = 0;
};
[[nodiscard]] Result<std::vector<ErasedRows>> sweep_retention(const ServiceSettings& settings);

}  // namespace pyro::serve

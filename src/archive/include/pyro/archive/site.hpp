// The site's own settings: one row.
#pragma once

#include <string>

#include "pyro/base/time.hpp"
#include "pyro/security/access.hpp"
#include "pyro/store/database.hpp"

namespace pyro::archive {

struct SiteRecord {
  std::string name = "Pyrometer";
  std::string legal_basis;         // in the site's own words; shown on every page beside the mode
  security::Site rules;            // mode, k, what leads may see
  bool research_approved = false;  // a study's approval is in force
  std::int64_t version = 1;
};

// Made with its defaults where there is none yet.
[[nodiscard]] Result<SiteRecord> site_of(store::Connection& in);
[[nodiscard]] Status make_site(store::Connection& in, UtcTime now);
// nullopt: it has another version by now.
[[nodiscard]] Result<bool> keep_site(store::Connection& in, const SiteRecord& site, UtcTime now);

}  // namespace pyro::archive

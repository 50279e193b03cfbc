#include "pyro/archive/site.hpp"

#include "pyro/archive/rows.hpp"

namespace pyro::archive {
namespace {

std::int64_t number(bool yes) {
  return yes ? 1 : 0;
}

}  // namespace

Result<SiteRecord> site_of(store::Connection& in) {
  const Result<store::Rows> rows = in.query(
      "SELECT name, legal_basis, mode, k, leads_may_see_scores, research_approved, version FROM site WHERE "
      "id = 1");
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty()) return failed("the database has no site; it was not made by pyrometer serve");
  const store::Row& row = rows->front();
  SiteRecord site;
  site.name = std::get<std::string>(row[0]);
  site.legal_basis = std::get<std::string>(row[1]);
  const auto mode = security::mode_named(std::get<std::string>(row[2]));
  if (!mode)
    return failed("the database has a site mode that this program does not know; a newer one wrote it");
  site.rules.mode = *mode;
  site.rules.k = static_cast<int>(std::get<std::int64_t>(row[3]));
  site.rules.leads_may_see_scores = std::get<std::int64_t>(row[4]) != 0;
  site.research_approved = std::get<std::int64_t>(row[5]) != 0;
  site.version = std::get<std::int64_t>(row[6]);
  return site;
}

Status make_site(store::Connection& in, UtcTime now) {
  const Result<store::Rows> there = in.query("SELECT id FROM site WHERE id = 1");
  if (!there) return tl::make_unexpected(there.error());
  if (!there->empty()) return {};
  const SiteRecord site;
  const auto made = in.change(
      "INSERT INTO site (id, name, legal_basis, mode, k, leads_may_see_scores, research_approved, version, "
      "updated_us) "
      "VALUES (1, $1, $2, $3, $4, 0, 0, 1, $5)",
      site.name, site.legal_basis, std::string{security::mode_name(site.rules.mode)},
      std::int64_t{site.rules.k}, us_of(now));
  if (!made) return tl::make_unexpected(made.error());
  return {};
}

Result<bool> keep_site(store::Connection& in, const SiteRecord& site, UtcTime now) {
  const auto changed = in.change(
      "UPDATE site SET name = $1, legal_basis = $2, mode = $3, k = $4, leads_may_see_scores = $5, "
      "research_approved = $6, version = version + 1, updated_us = $7 WHERE id = 1 AND version = $8",
      site.name, site.legal_basis, std::string{security::mode_name(site.rules.mode)},
      std::int64_t{site.rules.k}, number(site.rules.leads_may_see_scores), number(site.research_approved),
      us_of(now), site.version);
  if (!changed) return tl::make_unexpected(changed.error());
  return *changed == 1;
}

}  // namespace pyro::archive

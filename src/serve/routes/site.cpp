// The site's mode and rules, and its audit log.
#include <map>

#include "../office.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/base/notice.hpp"

namespace pyro::serve {

Json site_json(const archive::SiteRecord& site) {
  return {{"name", site.name},
          {"mode", security::mode_name(site.rules.mode)},
          {"legal_basis", site.legal_basis},
          {"k", site.rules.k},
          {"leads_may_see_scores", site.rules.leads_may_see_scores},
          {"research_approved", site.research_approved},
          {"notice", kNotice},
          {"version", site.version}};
}

namespace {

Answer get_site(Office&, Call& call) {
  return row_response(200, site_json(call.site));
}

Answer change_site(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    Result<archive::SiteRecord> site = archive::site_of(in);
    if (!site) return trouble(site);
    const auto version = wanted_version(call);
    if (version && *version != site->version)
      return problem(412, "changed-meanwhile", "It has been changed since; read it again.");
    site->name = call.body.value("name", site->name);
    site->legal_basis = call.body.value("legal_basis", site->legal_basis);
    site->rules.k = call.body.value("k", site->rules.k);
    site->rules.leads_may_see_scores =
        call.body.value("leads_may_see_scores", site->rules.leads_may_see_scores);
    site->research_approved = call.body.value("research_approved", site->research_approved);
    if (call.body.contains("mode"))
      site->rules.mode = *security::mode_named(call.body["mode"].get<std::string>());
    if (site->rules.mode != security::Mode::personal && site->legal_basis.empty())
      return problem(422, "legal-basis-missing",
                     "Every mode but personal needs its legal basis in words; it is shown on every page.");
    const Result<bool> kept = archive::keep_site(in, *site, call.now);
    if (!kept) return trouble(kept);
    if (!*kept) return problem(412, "changed-meanwhile", "It has been changed since; read it again.");
    ++site->version;
    return row_response(200, site_json(*site));
  });
}

Answer list_audit(Office& office, Call& call) {
  // Whoever is not an administrator sees what is about themselves.
  std::string subject = call.text("person");
  if (call.actor.role != security::Role::administrator) {
    if (!call.actor.person || (!subject.empty() && subject != *call.actor.person)) return no_such();
    subject = *call.actor.person;
  }
  const auto limit = static_cast<std::size_t>(call.whole("limit", 50));
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto entries = archive::AuditLog::newest(in, {subject, call.whole("before", 0), limit + 1});
    if (!entries) return trouble(entries);
    Json rows = Json::array();
    std::map<std::string, Json> names;  // of who did it, as whoever is concerned may know it
    for (std::size_t i = 0; i < std::min(limit, entries->size()); ++i) {
      const security::AuditEntry& one = (*entries)[i];
      if (!names.contains(one.actor)) {
        // Programs of the site act too, under words that are no ids.
        const auto account = archive::is_id(one.actor)
                                 ? archive::account_of(in, one.actor)
                                 : Result<std::optional<archive::AccountRecord>>{std::nullopt};
        if (!account) return trouble(account);
        names[one.actor] = !*account                          ? Json()
                           : (*account)->display_name.empty() ? Json((*account)->name)
                                                              : Json((*account)->display_name);
      }
      rows.push_back({{"number", one.number},
                      {"at", utc_text(one.at)},
                      {"actor", one.actor},
                      {"actor_name", names[one.actor]},
                      {"role", one.role},
                      {"action", one.action},
                      {"resource", one.resource},
                      {"subject", one.subject},
                      {"outcome", one.outcome},
                      {"request_id", one.request_id},
                      {"detail", one.detail},
                      {"hash", archive::hex_of(one.hash)}});
    }
    Json next = nullptr;
    if (entries->size() > limit) next = rows.back()["number"];
    return json_response(200, {{"rows", rows}, {"next", next}});
  });
}

Answer get_metrics(Office& office, Call&) {
  const live::HubFigures live = office.hub != nullptr ? office.hub->figures() : live::HubFigures{};
  Response out;
  out.headers = {{"content-type", "text/plain; version=0.0.4; charset=utf-8"}};
  out.body = office.metrics.text(live, office.connections());
  return out;
}

}  // namespace

void add_site_routes(Handlers& handlers) {
  handlers["getSite"] = get_site;
  handlers["changeSite"] = change_site;
  handlers["getMetrics"] = get_metrics;
  handlers["listAudit"] = list_audit;
}

}  // namespace pyro::serve

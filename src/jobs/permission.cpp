#include "pyro/jobs/permission.hpp"

#include "pyro/archive/accounts.hpp"
#include "pyro/archive/site.hpp"
#include "pyro/archive/subjects.hpp"

namespace pyro::jobs {

Result<Permission> permission(store::Connection& in, const std::string& account,
                              const std::optional<std::string>& person, UtcTime now) {
  const auto site = archive::site_of(in);
  if (!site) return tl::make_unexpected(site.error());
  Permission out;
  out.expressions = security::expressions_allowed(site->rules);
  const auto known = archive::account_of(in, account);
  if (!known) return tl::make_unexpected(known.error());
  if (!*known || (*known)->disabled) {
    out.refused = "The account that asked for this is no longer in use.";
    return out;
  }
  security::Actor actor;
  actor.user = account;
  actor.role = (*known)->role;
  actor.person = (*known)->person;
  if (!person) {
    const auto decision = security::decide(actor, security::Action::jobs_write, nullptr, site->rules, now);
    if (!decision.allowed()) out.refused = decision.sentence();
    return out;
  }
  const auto subject = archive::subject_of(in, actor, *person);
  if (!subject) return tl::make_unexpected(subject.error());
  const security::Subject about = subject->subject();
  const auto decision = security::decide(actor, security::Action::jobs_write, &about, site->rules, now);
  if (!decision.allowed()) {
    out.refused = decision.sentence();
    return out;
  }
  // Whoever asks: pictures of a person are looked at, and the figures kept, only as long as that person
  // agrees to both.
  security::Decision missing{security::Reason::consent, security::View::nothing, {}};
  for (const auto scope : {security::Scope::live_analysis, security::Scope::store_observations}) {
    if (!security::covers(subject->consents, scope, now)) missing.missing = missing.missing.with(scope);
  }
  if (!missing.missing.empty()) out.refused = missing.sentence();
  return out;
}

}  // namespace pyro::jobs

#include "pyro/jobs/permission.hpp"

#include <map>
#include <vector>

#include "pyro/archive/accounts.hpp"
#include "pyro/archive/site.hpp"
#include "pyro/archive/subjects.hpp"

namespace pyro::jobs {
namespace {

using security::Action;

// Besides jobs.write.
std::vector<Action> needed_too(const Lease& lease) {
  if (lease.kind == "report")
    return lease.request.contains("session") ? std::vector{Action::sessions_export, Action::observations_read}
                                             : std::vector{Action::trends_read};
  if (lease.kind == "validate") return {Action::validations_write};
  if (lease.kind == "explain" && lease.person) {
    if (lease.request.contains("capture")) return {Action::explanations_read, Action::captures_read};
    if (lease.request.contains("at_s")) return {Action::explanations_read, Action::images_read};
    if (lease.request.contains("session")) return {Action::explanations_read, Action::observations_read};
    return {Action::explanations_read};
  }
  if (lease.kind == "analyze" || lease.kind == "explain") return {};
  if (lease.kind == "import") return {Action::datasets_write};
  return {Action::datasets_read};
}

// Kinds that work on many people's data, or on none's.
bool about_nobody(const std::string& kind) {
  return kind != "analyze" && kind != "explain" && kind != "report";
}

// Nullopt: there is none, or it is disabled.
Result<std::optional<security::Actor>> actor_of(store::Connection& in, const std::string& account) {
  const auto known = archive::account_of(in, account);
  if (!known) return tl::make_unexpected(known.error());
  if (!*known || (*known)->disabled) return std::nullopt;
  security::Actor actor;
  actor.user = account;
  actor.role = (*known)->role;
  actor.person = (*known)->person;
  return actor;
}

}  // namespace

Result<Permission> permission(store::Connection& in, const Lease& lease, UtcTime now) {
  const auto site = archive::site_of(in);
  if (!site) return tl::make_unexpected(site.error());
  Permission out;
  out.expressions = security::expressions_allowed(site->rules);
  const auto actor = actor_of(in, lease.account);
  if (!actor) return tl::make_unexpected(actor.error());
  if (!*actor) {
    out.refused = "The account that asked for this is no longer in use.";
    return out;
  }
  const auto deny = [&](const security::Decision& decision) {
    out.refused = decision.sentence();
    out.denied = decision;
    return out;
  };
  std::optional<archive::KnownSubject> known;
  if (lease.person && !about_nobody(lease.kind)) {
    auto subject = archive::subject_of(in, **actor, *lease.person);
    if (!subject) return tl::make_unexpected(subject.error());
    known = std::move(*subject);
  }
  const security::Subject about = known ? known->subject() : security::Subject{};
  std::vector<Action> actions{Action::jobs_write};
  for (const Action action : needed_too(lease)) actions.push_back(action);
  for (const Action action : actions) {
    const auto decision = security::decide(**actor, action, known ? &about : nullptr, site->rules, now);
    if (!decision.allowed()) return deny(decision);
  }
  // A report tells what is there: no picture is looked at for it.
  if (!known || lease.kind == "report") return out;
  // Whoever asks: pictures of a person are looked at, and the figures kept, only as long as that person
  // agrees to both.
  security::Decision missing{security::Reason::consent, security::View::nothing, {}};
  for (const auto scope : {security::Scope::live_analysis, security::Scope::store_observations}) {
    if (!security::covers(known->consents, scope, now)) missing.missing = missing.missing.with(scope);
  }
  return missing.missing.empty() ? out : deny(missing);
}

Result<const Use*> refused_use(store::Connection& in, const std::string& account, std::span<const Use> uses,
                               UtcTime now) {
  if (uses.empty()) return nullptr;
  const auto site = archive::site_of(in);
  if (!site) return tl::make_unexpected(site.error());
  const auto actor = actor_of(in, account);
  if (!actor) return tl::make_unexpected(actor.error());
  if (!*actor) return &uses.front();
  std::map<std::string, archive::KnownSubject> people;
  for (const Use& use : uses) {
    auto known = people.find(use.person);
    if (known == people.end()) {
      auto subject = archive::subject_of(in, **actor, use.person);
      if (!subject) return tl::make_unexpected(subject.error());
      known = people.emplace(use.person, std::move(*subject)).first;
    }
    const security::Subject about = known->second.subject();
    if (!security::decide(**actor, use.action, &about, site->rules, now).allowed()) return &use;
  }
  return nullptr;
}

}  // namespace pyro::jobs

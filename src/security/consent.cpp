#include "pyro/security/consent.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace pyro::security {

namespace {

constexpr std::array<std::string_view, kScopes> kScopeNames = {
    "live_analysis", "store_observations", "store_images", "research_use", "group_aggregates"};

}  // namespace

std::string_view scope_name(Scope scope) {
  return kScopeNames.at(static_cast<std::size_t>(scope));
}

std::optional<Scope> scope_named(std::string_view name) {
  const auto* const found = std::ranges::find(kScopeNames, name);
  if (found == kScopeNames.end()) return std::nullopt;
  return static_cast<Scope>(found - kScopeNames.begin());
}

Status check_consent(const Consent& consent) {
  if (consent.person.empty()) return bad_input("a consent needs the person who gives it");
  if (consent.scopes.empty() || (consent.scopes.bits() >> kScopes) != 0)
    return bad_input("a consent needs one or more of the scopes that there are");
  if (consent.purpose.empty()) return bad_input("a consent needs its purpose in words");
  if (consent.template_version.empty())
    return bad_input("a consent needs the version of the text that was agreed to");
  if (consent.until && *consent.until <= consent.from)
    return bad_input("a consent must end after it begins; correct one of the two times");
  return {};
}

bool in_force(const Consent& consent, UtcTime now) {
  return consent.from <= now && (!consent.until || now < *consent.until) &&
         (!consent.withdrawn || now < *consent.withdrawn);
}

bool covers(std::span<const Consent> consents, Scope scope, UtcTime now) {
  return std::ranges::any_of(consents,
                             [&](const Consent& c) { return c.scopes.has(scope) && in_force(c, now); });
}

std::optional<UtcTime> next_change(std::span<const Consent> consents, Scope scope, UtcTime now) {
  std::vector<UtcTime> times;
  for (const Consent& consent : consents) {
    if (!consent.scopes.has(scope)) continue;
    times.push_back(consent.from);
    if (consent.until) times.push_back(*consent.until);
    if (consent.withdrawn) times.push_back(*consent.withdrawn);
  }
  std::ranges::sort(times);
  const bool covered = covers(consents, scope, now);
  for (const UtcTime time : times) {
    if (time > now && covers(consents, scope, time) != covered) return time;
  }
  return std::nullopt;
}

}  // namespace pyro::security

// What a person has agreed to, for what, and from when until when (GDPR, Art. 4(11) and 7). No consent, no
// processing; a withdrawal counts from its own microsecond on.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/security/enum_set.hpp"

namespace pyro::security {

enum class Scope : std::uint8_t {
  live_analysis,       // pictures are looked at, and forgotten
  store_observations,  // the figures are kept
  store_images,        // stills and recordings are kept
  research_use,        // an approved study may use what is kept, under a pseudonym
  group_aggregates,    // the person is counted in figures of groups
};
inline constexpr std::size_t kScopes = 5;
using Scopes = EnumSet<Scope>;

[[nodiscard]] std::string_view scope_name(Scope scope);  // "live_analysis"
[[nodiscard]] std::optional<Scope> scope_named(std::string_view name);

struct Consent {
  std::string id;
  std::string person;
  Scopes scopes;
  std::string purpose;  // named, in the words that the person agreed to
  UtcTime from;
  std::optional<UtcTime> until;      // no longer in force from here on; none: open
  std::optional<UtcTime> withdrawn;  // likewise
  std::string template_version;      // of the text that was agreed to
  bool on_paper = false;             // signed on paper and recorded by a clinician
  std::string recorded_by;           // the user who entered it: the person, or that clinician
};

// Errors (bad_input): no scope, no purpose, no person, no version of the text, an end before the beginning.
[[nodiscard]] Status check_consent(const Consent& consent);

[[nodiscard]] bool in_force(const Consent& consent, UtcTime now);

// Whether one of them that is in force has the scope. All must be one person's.
[[nodiscard]] bool covers(std::span<const Consent> consents, Scope scope, UtcTime now);

// The first time after `now` at which covers() would answer otherwise, as things stand: what a running stream
// sets its timer to. None: never.
[[nodiscard]] std::optional<UtcTime> next_change(std::span<const Consent> consents, Scope scope, UtcTime now);

}  // namespace pyro::security

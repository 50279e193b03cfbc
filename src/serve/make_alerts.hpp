// Alerts, of a person's weeks.
#pragma once

#include "library.hpp"
#include "pyro/serve/series.hpp"

namespace pyro::serve {

// What the rules see in the person's weeks as they are now, each rule once until its alert has been followed
// up, and then not again within a week. Returns how many were made. Weeks are UTC's: nobody has said where
// the person lives.
[[nodiscard]] Result<std::size_t> make_alerts(store::Connection& in, const Library& library,
                                              const std::string& person, UtcTime now);

// "title", "text" and "suggestion" of an alert by this rule, to the person or about them to somebody else.
[[nodiscard]] nlohmann::json words_for(const trend::AlertRules& rules, const trend::AlertRule& rule,
                                       std::string_view language, bool to_the_person);

}  // namespace pyro::serve

// A person's values over weeks, from what is kept of their sessions and answers; and the alerts that follow
// from them.
#pragma once

#include <string>

#include "library.hpp"
#include "pyro/serve/problem.hpp"
#include "pyro/store/database.hpp"
#include "pyro/trend/report.hpp"

namespace pyro::serve {

struct Measure {
  std::string instrument, scale;  // empty: the index of sessions
  std::string words;              // "index", "PSS-10, Total"
  bool higher_is_worse = true;
};

// Of ended sessions the index of the face that was seen most, where at least half of its frames could be
// read; of a questionnaire the scale's scores. Days are those of `zone`.
[[nodiscard]] Result<trend::PersonSeries> series_of(store::Connection& in, const std::string& person,
                                                    const Measure& measure, const Zone& zone);

// What the rules see in the person's weeks as they are now, each rule once until its alert has been followed
// up, and then not again within a week. Returns how many were made. Weeks are UTC's: nobody has said where
// the person lives.
[[nodiscard]] Result<std::size_t> make_alerts(store::Connection& in, const Library& library,
                                              const std::string& person, UtcTime now);

}  // namespace pyro::serve

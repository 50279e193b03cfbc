// A person's values over weeks, from what is kept of their sessions and answers.
#pragma once

#include <string>

#include "pyro/serve/questionnaires.hpp"
#include "pyro/store/database.hpp"
#include "pyro/trend/report.hpp"

namespace pyro::serve {

struct Measure {
  std::string instrument, scale;  // empty: the index of sessions
  std::string words;              // "index", "PSS-10, Total"
  bool higher_is_worse = true;
};

// A scale of a questionnaire, its first where none is named. nullopt: there is none of that name.
[[nodiscard]] Result<std::optional<Measure>> survey_measure(store::Connection& in, Shipped shipped,
                                                            const std::string& survey,
                                                            const std::string& scale);

// Of ended sessions the index of the face that was seen most, where at least half of its frames could be
// read; of a questionnaire the scale's scores. Days are those of `zone`.
[[nodiscard]] Result<trend::PersonSeries> series_of(store::Connection& in, const std::string& person,
                                                    const Measure& measure, const Zone& zone);

}  // namespace pyro::serve

// What the routes of jobs share.
#pragma once

#include "../office.hpp"

namespace pyro::serve {

[[nodiscard]] Answer make_job(Office& office, Call& call);
// A job's row without what is the workers' alone.
[[nodiscard]] Json shown_job(Json row);

}  // namespace pyro::serve

// The line that stands beside every number that a person may read, under the name that this room's users
// know.
#pragma once

#include "pyro/base/notice.hpp"

namespace pyro::records {

using pyro::kNotice;

}  // namespace pyro::records

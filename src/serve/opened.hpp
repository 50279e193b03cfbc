// A data folder's database for who owns the folder; its server may run meanwhile.
#pragma once

#include "pyro/serve/data_folder.hpp"

namespace pyro::serve {

struct Opened {
  store::Key key;
  std::unique_ptr<store::Database> database;
};
// As it is. Errors: no such database, no key, a change of key that was cut off.
[[nodiscard]] Result<Opened> open_there(const ServiceSettings& settings);
// And brought up to this program's tables.
[[nodiscard]] Result<Opened> open_current(const ServiceSettings& settings);

}  // namespace pyro::serve

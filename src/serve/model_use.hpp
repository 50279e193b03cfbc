// Which models this server uses, and how it comes to use others.
#pragma once

#include <functional>
#include <string>

#include "pyro/registry/registry.hpp"

namespace pyro::serve {

struct ModelUse {
  registry::Place place;
  // What is promoted now is what streams and pictures get that begin from here on; those that run keep
  // theirs.
  std::function<Status()> reload;
  std::function<std::string()> meant;  // "name@version" that new streams get; empty: no live analysis here
};

}  // namespace pyro::serve

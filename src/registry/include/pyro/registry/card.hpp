// The model card: everything that a model's record says, for people. Nothing stands in it that is not in the
// record, so there is no second copy of a figure to keep.
#pragma once

#include <string>

#include "pyro/html/page.hpp"
#include "pyro/registry/record.hpp"

namespace pyro::registry {

// `record` as record_of() gives it.
[[nodiscard]] std::string card_markdown(const Json& record);
[[nodiscard]] html::Page card_page(const Json& record);

}  // namespace pyro::registry

// How long the texts in a JSON value are: asked before they are given to who cannot take long ones.
#pragma once

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro {

// Bytes of the longest text in a value, names of members as well.
[[nodiscard]] inline std::size_t longest_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().size();
  std::size_t most = 0;
  if (value.is_structured()) {
    for (const auto& [name, one] : value.items())
      most = std::max({most, value.is_object() ? name.size() : 0, longest_text(one)});
  }
  return most;
}

}  // namespace pyro

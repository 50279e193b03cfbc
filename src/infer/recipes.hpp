// What is done to a network's graph before it is compiled: shapes that never change are fixed, inputs are
// taken in the order in which the crops write them, and what nobody reads is not computed. Private to the
// room.
#pragma once

#include <cstdint>
#include <memory>
#include <openvino/openvino.hpp>
#include <string>
#include <string_view>

#include "pyro/base/result.hpp"

namespace pyro::infer {

// Raised whenever a recipe changes, so that compiled forms of the old one are not used.
inline constexpr std::string_view kRecipeVersion = "3";

// Changes the graph in place. May throw what the engine throws.
void prepare(const std::string& name, const std::shared_ptr<ov::Model>& graph);

}  // namespace pyro::infer

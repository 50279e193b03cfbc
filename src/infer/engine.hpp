// What Model and Network are made of. Private to the room: no other room sees the engine's headers.
#pragma once

#include <openvino/openvino.hpp>
#include <variant>

#include "conv_net.hpp"
#include "plane_net.hpp"
#include "pyro/infer/network.hpp"
#include "regression_net.hpp"
#include "tree_net.hpp"

namespace pyro::infer {

struct Model::Impl {
  std::string name;
  std::string version;
  std::variant<ov::CompiledModel, PlaneNet, ConvNet, TreeNet, RegressionNet> compiled;
};

}  // namespace pyro::infer

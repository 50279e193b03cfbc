// What Model and Network are made of. Private to the room: no other room sees the engine's headers.
#pragma once

#include <openvino/openvino.hpp>

#include "pyro/infer/network.hpp"

namespace pyro::infer {

struct Model::Impl {
  std::string name;
  std::string version;
  ov::CompiledModel compiled;
};

}  // namespace pyro::infer

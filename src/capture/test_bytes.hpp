// For the room's tests: streams put together from pieces.
#pragma once

#include <cstdint>
#include <vector>

namespace pyro::capture {

using Bytes = std::vector<std::uint8_t>;

inline Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace pyro::capture

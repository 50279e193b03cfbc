// What OpenSSL gives out, freed when it goes.
#pragma once

#include <memory>

namespace pyro::security {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* value) const {
    Free(value);
  }
};
template <typename T, auto Free>
using OpenSslHandle = std::unique_ptr<T, Freed<Free>>;

}  // namespace pyro::security

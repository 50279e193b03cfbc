// What libraries in C say, and sometimes do not say.
#pragma once

#include <string>

namespace pyro {

// Empty where there is none: a reason that is not known must not be what ends a program.
[[nodiscard]] inline std::string text_of(const char* text) {
  return text == nullptr ? std::string{} : std::string{text};
}

}  // namespace pyro

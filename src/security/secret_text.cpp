#include "pyro/security/secret_text.hpp"

#include <sodium.h>

namespace pyro::security {

// A short text lies within the string itself, so moving leaves a copy behind.
SecretText::SecretText(std::string text) {
  text_.swap(text);
  ::sodium_memzero(text.data(), text.capacity());
}

SecretText::SecretText(SecretText&& other) noexcept {
  text_.swap(other.text_);
  other.wipe();
}

SecretText& SecretText::operator=(SecretText&& other) noexcept {
  if (this != &other) {
    wipe();
    text_.swap(other.text_);
    other.wipe();
  }
  return *this;
}

void SecretText::wipe() noexcept {
  ::sodium_memzero(text_.data(), text_.capacity());
  text_.clear();
}

}  // namespace pyro::security

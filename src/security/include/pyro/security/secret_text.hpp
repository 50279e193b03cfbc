// A text that is overwritten when it goes. It can be moved, not copied, and has no way into a stream by
// accident.
#pragma once

#include <string>

namespace pyro::security {

class SecretText {
 public:
  explicit SecretText(std::string text);
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;
  SecretText(SecretText&& other) noexcept;
  SecretText& operator=(SecretText&& other) noexcept;
  ~SecretText() { wipe(); }

  [[nodiscard]] const std::string& text() const { return text_; }
  // To be filled in place.
  [[nodiscard]] std::string& text() { return text_; }

 private:
  void wipe() noexcept;

  std::string text_;
};

}  // namespace pyro::security

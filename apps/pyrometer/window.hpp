// A desktop window that shows pictures and hears the keys q, Escape, and the close button.
#pragma once

#include <memory>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/overlay/overlay.hpp"

namespace pyro::cli {

class Window {
 public:
  // Error: no display.
  [[nodiscard]] static Result<Window> open(const std::string& title, int width, int height);
  ~Window();
  Window(Window&&) noexcept;
  Window& operator=(Window&&) noexcept;

  // Shows the picture, scaled to the window with its proportions kept. Same thread as open().
  void show(const overlay::Picture& picture);
  // True once somebody pressed q or Escape, or closed the window.
  [[nodiscard]] bool quit_wanted();

 private:
  struct Impl;
  explicit Window(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::cli

#include "window.hpp"

#include <SDL.h>

namespace pyro::cli {

struct Window::Impl {
  SDL_Window* window = nullptr;
  SDL_Renderer* renderer = nullptr;
  SDL_Texture* texture = nullptr;
  int width = 0, height = 0;
  bool quit = false;

  ~Impl() {
    if (texture != nullptr) SDL_DestroyTexture(texture);
    if (renderer != nullptr) SDL_DestroyRenderer(renderer);
    if (window != nullptr) SDL_DestroyWindow(window);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
  }
};

Window::Window(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Window::~Window() = default;
Window::Window(Window&&) noexcept = default;
Window& Window::operator=(Window&&) noexcept = default;

Result<Window> Window::open(const std::string& title, int width, int height) {
  // SDL must not take Ctrl-C away from us, nor keep the screen's compositor off.
  SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
  SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
  SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "linear");
  if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
    return failed("no window can be opened: start it in a desktop session, or use --headless",
                  SDL_GetError());
  }
  auto impl = std::make_unique<Impl>();
  impl->window = SDL_CreateWindow(title.c_str(), SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width,
                                  height, SDL_WINDOW_RESIZABLE);
  if (impl->window != nullptr) impl->renderer = SDL_CreateRenderer(impl->window, -1, 0);
  if (impl->renderer == nullptr) return failed("no window can be opened; use --headless", SDL_GetError());
  return Window{std::move(impl)};
}

void Window::show(const overlay::Picture& picture) {
  Impl& w = *impl_;
  if (w.texture == nullptr || w.width != picture.width || w.height != picture.height) {
    if (w.texture != nullptr) SDL_DestroyTexture(w.texture);
    w.texture = SDL_CreateTexture(w.renderer, SDL_PIXELFORMAT_RGB888, SDL_TEXTUREACCESS_STREAMING,
                                  picture.width, picture.height);
    w.width = picture.width;
    w.height = picture.height;
    SDL_RenderSetLogicalSize(w.renderer, picture.width, picture.height);
  }
  SDL_UpdateTexture(w.texture, nullptr, picture.data, picture.stride_bytes);
  SDL_RenderClear(w.renderer);
  SDL_RenderCopy(w.renderer, w.texture, nullptr, nullptr);
  SDL_RenderPresent(w.renderer);
}

bool Window::quit_wanted() {
  SDL_Event event;
  while (SDL_PollEvent(&event) != 0) {
    const bool key =
        event.type == SDL_KEYDOWN && (event.key.keysym.sym == SDLK_q || event.key.keysym.sym == SDLK_ESCAPE);
    if (event.type == SDL_QUIT || key) impl_->quit = true;
  }
  return impl_->quit;
}

}  // namespace pyro::cli

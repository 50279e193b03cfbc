// How far something on a server is: one line that changes on a terminal, a line now and then elsewhere, JSON
// events where asked for.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

namespace pyro::cli {

class Meter {
 public:
  explicit Meter(bool json) : json_(json), terminal_(::isatty(STDERR_FILENO) != 0) {}
  ~Meter() { clear(); }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;

  // Always told.
  void event(const nlohmann::json& line, const std::string& words) {
    clear();
    if (json_) {
      print(line);
    } else if (!terminal_ && !words.empty()) {
      std::fprintf(stderr, "%s\n", words.c_str());
    }
  }
  // Told as often as anybody would look. `share`: 0..1.
  void progress(const std::string& input, const char* what, double share) {
    const auto now = std::chrono::steady_clock::now();
    const auto pause = std::chrono::milliseconds{json_ ? 1000 : terminal_ ? 200 : 10'000};
    if (now - told_ < pause) return;
    told_ = now;
    if (json_) {
      print({{"event", "progress"}, {"input", input}, {"state", what}, {"progress", share}});
    } else if (terminal_) {
      std::fprintf(stderr, "\r\033[K%s: %s %3.0f %%", input.c_str(), what, 100 * share);
      std::fflush(stderr);
      open_ = true;
    } else {
      std::fprintf(stderr, "%s: %s %.0f %%\n", input.c_str(), what, 100 * share);
    }
  }
  void clear() {
    if (open_) std::fprintf(stderr, "\r\033[K");
    open_ = false;
  }

 private:
  static void print(const nlohmann::json& line) {
    std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    std::fflush(stdout);
  }

  bool json_, terminal_, open_ = false;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

}  // namespace pyro::cli

#include "demo_work.hpp"

#include <spdlog/spdlog.h>

namespace pyro::serve {

void DemoWork::begin(Work work) {
  const std::lock_guard lock{mutex_};
  thread_ = {};
  done_ = 0;
  thread_ = std::jthread([this, work = std::move(work)](const std::stop_token& stop) {
    const Status done = work(stop, [this](double part) { done_ = part; });
    if (!done && !stop.stop_requested()) spdlog::error("demo: {}", done.error().text());
    done_ = -1;
  });
}

void DemoWork::stop() {
  const std::lock_guard lock{mutex_};
  thread_ = {};
}

std::optional<double> DemoWork::progress() const {
  const double done = done_;
  return done < 0 ? std::nullopt : std::optional{done};
}

}  // namespace pyro::serve

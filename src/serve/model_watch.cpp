#include "model_watch.hpp"

#include <spdlog/spdlog.h>

namespace pyro::serve {

ModelWatch::ModelWatch(const ModelUse& use, std::chrono::milliseconds every)
    : thread_([this, &use, every,
               seen = registry::history_stamp(use.place)](const std::stop_token& stop) mutable {
        while (!stop.stop_requested()) {
          {
            std::unique_lock lock{mutex_};
            wake_.wait_for(lock, stop, every, [] { return false; });
          }
          const std::string now = registry::history_stamp(use.place);
          if (stop.stop_requested() || now == seen) continue;
          seen = now;
          if (const Status loaded = use.reload(); loaded) {
            spdlog::info("models: the registry has changed; new sessions use {}", use.meant());
          } else {
            spdlog::error(
                "models: the registry has changed and cannot be used, so what was used before stays: {}",
                loaded.error().text());
          }
        }
      }) {}

}  // namespace pyro::serve

// The demo is filled in the background, by one thread, while requests are answered.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "pyro/base/result.hpp"
#include "pyro/serve/demo.hpp"

namespace pyro::serve {

class DemoWork {
 public:
  using Work = std::function<Status(const std::stop_token&, const DemoProgress&)>;
  // Whatever ran before is waited for.
  void begin(Work work);
  // Ends what runs, and waits for it.
  void stop();
  // 0..1; nullopt: nothing runs.
  [[nodiscard]] std::optional<double> progress() const;

 private:
  std::mutex mutex_;  // of thread_
  std::atomic<double> done_ = -1;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace pyro::serve

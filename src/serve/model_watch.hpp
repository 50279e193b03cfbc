// Promotions by other processes, such as the command line's, are noticed while the server runs.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "model_use.hpp"

namespace pyro::serve {

class ModelWatch {
 public:
  // Looks at the registry's history every `every`, and loads anew when it is another. `use` must outlive it.
  explicit ModelWatch(const ModelUse& use, std::chrono::milliseconds every = std::chrono::seconds{2});

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace pyro::serve

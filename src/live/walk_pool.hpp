// Walks that nobody uses, with their networks loaded: one kind with expressions, one without.
#pragma once

#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "pyro/infer/model_store.hpp"
#include "pyro/pipeline/walk.hpp"

namespace pyro::live {

class WalkPool {
 public:
  WalkPool(const infer::ModelStore& models, const pipeline::WalkSettings& settings)
      : models_(models), settings_(settings) {}

  Result<pipeline::Walk> take(bool expressions) {
    {
      const std::lock_guard lock{mutex_};
      auto& idle = idle_[expressions ? 1 : 0];
      if (!idle.empty()) {
        pipeline::Walk walk = std::move(idle.back());
        idle.pop_back();
        return walk;
      }
    }
    pipeline::WalkSettings settings = settings_;
    settings.threads = 1;
    settings.queue_frames = 1;
    settings.expressions = expressions;
    return pipeline::Walk::create(models_, settings);
  }
  void give_back(pipeline::Walk walk, bool expressions) {
    const std::lock_guard lock{mutex_};
    auto& idle = idle_[expressions ? 1 : 0];
    if (idle.size() < kMostIdle) idle.push_back(std::move(walk));
  }

 private:
  static constexpr std::size_t kMostIdle = 4;
  const infer::ModelStore& models_;
  pipeline::WalkSettings settings_;
  std::mutex mutex_;
  std::array<std::vector<pipeline::Walk>, 2> idle_;
};

}  // namespace pyro::live

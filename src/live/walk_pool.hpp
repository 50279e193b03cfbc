// Walks that nobody uses, with their networks loaded: one kind with expressions, one without.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "pyro/infer/model_store.hpp"
#include "pyro/pipeline/walk.hpp"

namespace pyro::live {

class WalkPool {
 public:
  WalkPool(infer::ModelStore models, const pipeline::WalkSettings& settings)
      : models_(std::move(models)), settings_(settings) {}

  // A walk, and of which models it is.
  struct Loan {
    pipeline::Walk walk;
    std::uint64_t models = 0;
  };

  Result<Loan> take(bool expressions) {
    std::optional<infer::ModelStore> models;
    std::uint64_t number = 0;
    {
      const std::lock_guard lock{mutex_};
      auto& idle = idle_[expressions ? 1 : 0];
      if (!idle.empty()) {
        Loan loan{std::move(idle.back()), number_};
        idle.pop_back();
        return loan;
      }
      models = models_;
      number = number_;
    }
    pipeline::WalkSettings settings = settings_;
    settings.threads = 1;
    settings.queue_frames = 1;
    settings.expressions = expressions;
    Result<pipeline::Walk> walk = pipeline::Walk::create(*models, settings);
    if (!walk) return tl::make_unexpected(walk.error());
    return Loan{std::move(*walk), number};
  }
  void give_back(Loan loan, bool expressions) {
    const std::lock_guard lock{mutex_};
    auto& idle = idle_[expressions ? 1 : 0];
    if (loan.models == number_ && idle.size() < kMostIdle) idle.push_back(std::move(loan.walk));
  }
  void use(const infer::ModelStore& models) {
    std::array<std::vector<pipeline::Walk>, 2> old;  // their networks go after the lock
    const std::lock_guard lock{mutex_};
    models_ = models;
    ++number_;
    old.swap(idle_);
  }

 private:
  static constexpr std::size_t kMostIdle = 4;
  infer::ModelStore models_;
  std::uint64_t number_ = 0;  // of the models that are in use
  pipeline::WalkSettings settings_;
  std::mutex mutex_;
  std::array<std::vector<pipeline::Walk>, 2> idle_;
};

}  // namespace pyro::live

// Walks that nobody uses, with their networks loaded: one kind with expressions, one without.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "foresight.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/pipeline/walk.hpp"

namespace pyro::live {

class WalkPool {
 public:
  using TrainedOn = std::function<std::string(const infer::ModelEntry&)>;
  WalkPool(infer::ModelStore models, const pipeline::WalkSettings& settings, std::string forecast_model,
           TrainedOn trained_on)
      : models_(std::move(models)),
        settings_(settings),
        forecast_model_(std::move(forecast_model)),
        trained_on_(std::move(trained_on)) {}

  // A walk, and of which models it is; with what foretells a score, where there is such a model.
  struct Loan {
    pipeline::Walk walk;
    std::uint64_t models = 0;
    std::optional<ForecastModel> forecast;
  };

  Result<Loan> take(bool expressions) {
    std::optional<infer::ModelStore> models;
    std::uint64_t number = 0;
    {
      const std::lock_guard lock{mutex_};
      auto& idle = idle_[expressions ? 1 : 0];
      if (!idle.empty()) {
        Loan loan = std::move(idle.back());
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
    settings.tracking.keep_over_pause = kLongestBreak;
    Result<pipeline::Walk> walk = pipeline::Walk::create(*models, settings);
    if (!walk) return tl::make_unexpected(walk.error());
    return Loan{std::move(*walk), number, expressions ? forecast_of(*models) : std::nullopt};
  }
  void give_back(Loan loan, bool expressions) {
    const std::lock_guard lock{mutex_};
    auto& idle = idle_[expressions ? 1 : 0];
    if (loan.models == number_ && idle.size() < kMostIdle) idle.push_back(std::move(loan));
  }
  void use(const infer::ModelStore& models) {
    std::array<std::vector<Loan>, 2> old;  // their networks go after the lock
    const std::lock_guard lock{mutex_};
    models_ = models;
    ++number_;
    old.swap(idle_);
  }

 private:
  // A model that cannot be loaded foretells nothing, and keeps nobody from a session.
  [[nodiscard]] std::optional<ForecastModel> forecast_of(const infer::ModelStore& models) const {
    const score::ScoreSettings known;  // the weights that it was trained under
    const score::ScoreSettings& used = settings_.score;
    if (used.alpha != known.alpha || used.beta != known.beta || used.gamma != known.gamma)
      return std::nullopt;
    const infer::ModelEntry* entry = models.find(forecast_model_);
    if (entry == nullptr) return std::nullopt;
    Result<infer::Model> model = models.compile(entry->reference());
    if (!model || !forecaster::Forecaster::create(*model)) return std::nullopt;
    return ForecastModel{std::move(*model), entry->reference(), trained_on_ ? trained_on_(*entry) : ""};
  }

  static constexpr std::size_t kMostIdle = 4;
  // A page that is loaded again or a network that is away: whoever sits in the same place afterwards, with a
  // face of that shape, is taken for the same person.
  static constexpr Seconds kLongestBreak{300};
  infer::ModelStore models_;
  std::uint64_t number_ = 0;  // of the models that are in use
  pipeline::WalkSettings settings_;
  std::string forecast_model_;
  TrainedOn trained_on_;
  std::mutex mutex_;
  std::array<std::vector<Loan>, 2> idle_;
};

}  // namespace pyro::live

#include "pyro/live/hub.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "session.hpp"

namespace pyro::live {
namespace {

class RunningHub : public Hub {
 public:
  RunningHub(const infer::ModelStore& models, HubSettings settings, Asks asks, Keeper& keeper)
      : settings_(std::move(settings)),
        asks_(std::move(asks)),
        keeper_(keeper),
        pool_(models, settings_.walk, settings_.forecast_model, settings_.trained_on),
        guard_([this](const std::stop_token& stop) { watch(stop); }) {}
  ~RunningHub() override {
    guard_.request_stop();
    wake_.notify_all();
    guard_.join();
    end_all("the server stops");
  }

  Result<std::shared_ptr<Session>> start(const SessionSettings& settings) override {
    const Permission may = asks_(settings.id, settings.person);
    if (!may.run) return wrong_use("this session may not run", may.reason);
    std::shared_ptr<RunningSession> before;  // of the same session, which has ended: let go outside the lock
    {
      const std::lock_guard lock{mutex_};
      if (const auto found = sessions_.find(settings.id); found != sessions_.end()) {
        if (!found->second || found->second->running())
          return wrong_use("this session runs already", "runs-already");
        before = std::move(found->second);
        sessions_.erase(found);
      }
      if (sessions_.size() >= settings_.most_sessions)
        return failed("as many sessions run as this server takes", "too-many-sessions");
      sessions_.emplace(settings.id, nullptr);  // the place is taken while networks load
    }
    Result<WalkPool::Loan> walk = pool_.take(settings.expressions);
    if (!walk) {
      forget(settings.id, nullptr);
      return tl::make_unexpected(walk.error());
    }
    auto session = std::make_shared<RunningSession>(settings, keeper_, may.keep, counters_);
    session->run(std::move(*walk), pool_, settings_.walk.score);
    const std::lock_guard lock{mutex_};
    sessions_[settings.id] = session;
    return session;
  }

  std::shared_ptr<Session> find(const std::string& id) const override {
    const std::lock_guard lock{mutex_};
    const auto found = sessions_.find(id);
    if (found == sessions_.end() || !found->second || !found->second->running()) return nullptr;
    return found->second;
  }

  void recheck(const std::string& person) override {
    check([&](const RunningSession& one) { return one.settings().person == person; });
  }

  void use(const infer::ModelStore& models) override { pool_.use(models); }

  void end_all(std::string_view reason) override {
    for (const auto& session : all()) finish(session, reason);
  }

  HubFigures figures() const override {
    const std::lock_guard lock{mutex_};
    return {sessions_.size(), counters_.frames, counters_.dropped,
            counters_.broken, counters_.kept,   counters_.unkept};
  }

 private:
  std::vector<std::shared_ptr<RunningSession>> all() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::shared_ptr<RunningSession>> out;
    for (const auto& [id, session] : sessions_) {
      if (session) out.push_back(session);
    }
    return out;
  }
  // Unless another run of the same session has taken its place.
  void forget(const std::string& id, const RunningSession* which) {
    const std::lock_guard lock{mutex_};
    if (const auto found = sessions_.find(id); found != sessions_.end() && found->second.get() == which)
      sessions_.erase(found);
  }
  void finish(const std::shared_ptr<RunningSession>& session, std::string_view reason) {
    session->end(reason);
    forget(session->settings().id, session.get());
  }

  template <typename Which>
  void check(Which which) {
    for (const auto& session : all()) {
      if (!session->running()) {
        forget(session->settings().id, session.get());
        continue;
      }
      if (session->camera_given_up()) {
        finish(session, "camera-lost");
        continue;
      }
      if (!which(*session)) continue;
      const Permission may = asks_(session->settings().id, session->settings().person);
      session->set_keeps(may.keep);
      if (!may.run) finish(session, may.reason);
    }
  }

  void watch(const std::stop_token& stop) {
    std::unique_lock lock{guard_mutex_};
    while (!stop.stop_requested()) {
      wake_.wait_for(lock, settings_.ask_every);
      if (!stop.stop_requested()) check([](const RunningSession&) { return true; });
    }
  }

  HubSettings settings_;
  Asks asks_;
  Keeper& keeper_;
  WalkPool pool_;
  Counters counters_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<RunningSession>> sessions_;
  std::mutex guard_mutex_;
  std::condition_variable wake_;
  std::jthread guard_;  // last: it uses all the others
};

}  // namespace

std::unique_ptr<Hub> Hub::create(const infer::ModelStore& models, HubSettings settings, Asks asks,
                                 Keeper& keeper) {
  return std::make_unique<RunningHub>(models, std::move(settings), std::move(asks), keeper);
}

}  // namespace pyro::live

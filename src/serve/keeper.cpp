#include "keeper.hpp"

#include <spdlog/spdlog.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "pyro/archive/segments.hpp"

namespace pyro::serve {
namespace {

// Enough for a minute without a database at 30 sessions; what comes after is told to be not kept.
constexpr std::size_t kMostWaiting = 2000;
constexpr std::size_t kMostAtOnce = 200;
// How long a database that is away is waited for before what waits is given up.
constexpr std::chrono::seconds kPatience{45};

struct Job {
  live::Second second;
  std::function<void(Status)> done;
};

class SegmentKeeper : public live::Keeper {
 public:
  explicit SegmentKeeper(store::Database& database)
      : database_(database), writer_([this](const std::stop_token& stop) { work(stop); }) {}
  ~SegmentKeeper() override {
    writer_.request_stop();
    wake_.notify_all();
  }

  void keep(live::Second second, std::function<void(Status)> done) override {
    {
      const std::lock_guard lock{mutex_};
      if (waiting_.size() < kMostWaiting) {
        waiting_.push_back({std::move(second), std::move(done)});
        wake_.notify_one();
        return;
      }
    }
    done(failed("too much waits for the database"));
  }

 private:
  void work(const std::stop_token& stop) {
    while (true) {
      std::vector<Job> batch;
      {
        std::unique_lock lock{mutex_};
        wake_.wait(lock, [&] { return stop.stop_requested() || !waiting_.empty(); });
        if (waiting_.empty()) return;  // asked to stop, and all is kept
        while (!waiting_.empty() && batch.size() < kMostAtOnce) {
          batch.push_back(std::move(waiting_.front()));
          waiting_.pop_front();
        }
      }
      keep_all(batch, stop);
    }
  }

  void keep_all(std::vector<Job>& batch, const std::stop_token& stop) {
    std::vector<Status> outcomes(batch.size());
    const auto until = std::chrono::steady_clock::now() + kPatience;
    Status kept;
    do {
      kept = database_.write([&](store::Connection& to) -> Status {
        for (std::size_t i = 0; i < batch.size(); ++i) {
          outcomes[i] = archive::keep_segment(to, batch[i].second.session, batch[i].second.observations);
          // One session's fault (it was erased meanwhile) is not the others'; the database's is everybody's.
          if (!outcomes[i] && store::fault_of(outcomes[i].error()) != store::Fault::none) return outcomes[i];
        }
        return {};
      });
      if (kept || store::fault_of(kept.error()) != store::Fault::unavailable) break;
      std::this_thread::sleep_for(std::chrono::milliseconds{250});
    } while (!stop.stop_requested() && std::chrono::steady_clock::now() < until);
    if (!kept && batch.size() > 1 && store::fault_of(kept.error()) != store::Fault::unavailable) {
      // Somebody's row was refused and took all with it: each for itself.
      for (Job& job : batch) {
        std::vector<Job> one;
        one.push_back(std::move(job));
        keep_all(one, stop);
      }
      return;
    }
    if (!kept) spdlog::error("segments: {}", kept.error().text());
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i].done(kept ? outcomes[i] : kept);
  }

  store::Database& database_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Job> waiting_;
  std::jthread writer_;  // last: it uses all the others
};

}  // namespace

std::unique_ptr<live::Keeper> make_keeper(store::Database& database) {
  return std::make_unique<SegmentKeeper>(database);
}

}  // namespace pyro::serve

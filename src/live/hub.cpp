#include "pyro/live/hub.hpp"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "pyro/capture/picture_stream.hpp"

namespace pyro::live {
namespace {

using Clock = std::chrono::steady_clock;

// What watchers may go on from without asking the store: some ten seconds at 30 fps.
constexpr std::size_t kRecentMessages = 300;
constexpr Seconds kLongestPause{10};  // between two pictures; beyond it the sender's clock is not believed
constexpr double kMostFps = 30, kFewestFps = 1;

// Walks that nobody uses, with their networks loaded: one kind with expressions, one without.
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

struct Counters {
  std::atomic<std::int64_t> frames{0}, dropped{0}, broken{0}, kept{0}, unkept{0};
};

// What the sender is told it may send: as much as was read lately while pictures are pushed out, a little
// more while none are.
class Rate {
 public:
  void count_read() { ++read_; }
  void count_dropped(std::size_t count) { dropped_ += count; }
  // Once a second at most; the new rate where it has changed.
  std::optional<double> settle(Clock::time_point now) {
    const double passed_s = std::chrono::duration<double>(now - since_).count();
    if (passed_s < 1) return std::nullopt;
    const double before = fps_;
    if (dropped_ > 0) {
      fps_ = std::clamp(0.95 * static_cast<double>(read_) / passed_s, kFewestFps, kMostFps);
      calm_ = 0;
    } else if (++calm_ >= 3) {
      fps_ = std::min(kMostFps, 1.15 * fps_);
      calm_ = 0;
    }
    read_ = dropped_ = 0;
    since_ = now;
    if (std::abs(fps_ - before) < 0.05 * before) return std::nullopt;
    return fps_;
  }
  [[nodiscard]] double fps() const { return fps_; }

 private:
  Clock::time_point since_ = Clock::now();
  std::size_t read_ = 0, dropped_ = 0;
  int calm_ = 0;
  double fps_ = kMostFps;
};

Message message_of(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

class RunningSession : public Session,
                       public pipeline::Sink,
                       public std::enable_shared_from_this<RunningSession> {
 public:
  RunningSession(const SessionSettings& settings, Keeper& keeper, bool keeps, Counters& counters)
      : settings_(settings),
        keeper_(keeper),
        keeps_(keeps),
        counters_(counters),
        last_offered_(settings.next_frame - 1),
        feed_({}, [this](std::int64_t frame, const Error& error) { broken(frame, error); }) {}
  ~RunningSession() override { end("ended"); }

  void run(WalkPool::Loan loan, WalkPool& pool) {
    thread_ = std::thread([this, loan = std::move(loan), &pool]() mutable {
      pipeline::WalkSummary summary;
      const Status ended = loan.walk.run(feed_.source("session"), *this, stop_.get_token(), summary);
      pool.give_back(std::move(loan), settings_.expressions);
      flush();
      if (!ended) say_to_all(message_of(R"({"type":"problem","slug":"analysis-failed"})"));
    });
  }

  [[nodiscard]] const SessionSettings& settings() const override { return settings_; }
  [[nodiscard]] bool running() const override { return !ended_; }

  bool offer(const SentPictureView& picture) override {
    capture::SentPicture sent;
    {
      const std::lock_guard lock{mutex_};
      if (ended_ || picture.frame <= last_offered_) return false;
      last_offered_ = picture.frame;
      sent.time = time_of(picture.captured);
    }
    sent.bytes.assign(picture.bytes.begin(), picture.bytes.end());
    sent.index = picture.frame;
    sent.utc = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    const std::size_t dropped = feed_.offer(std::move(sent));
    counters_.dropped += static_cast<std::int64_t>(dropped);
    const std::lock_guard lock{mutex_};
    rate_.count_dropped(dropped);
    if (const auto fps = rate_.settle(Clock::now())) tell_rate(*fps);
    return true;
  }

  std::int64_t listen(std::shared_ptr<Listener> listener, std::int64_t after) override {
    const std::lock_guard lock{mutex_};
    if (ended_) {
      listener->ended(reason_);
      return -1;
    }
    std::int64_t first = -1;
    if (after >= 0) {
      for (const auto& [frame, message] : recent_) {
        if (frame <= after) continue;
        if (first < 0) first = frame;
        if (!listener->hear(message)) return first;
      }
    }
    listeners_.push_back(std::move(listener));
    return first;
  }
  void leave(const Listener* listener) override {
    const std::lock_guard lock{mutex_};
    std::erase_if(listeners_, [&](const auto& one) { return one.get() == listener; });
  }

  void end(std::string_view reason) override {
    {
      const std::lock_guard lock{mutex_};
      if (!ended_) {
        ended_ = true;
        reason_ = reason;
      }
    }
    stop_.request_stop();
    feed_.end();
    const std::lock_guard once{joining_};
    if (thread_.joinable()) thread_.join();
    std::vector<std::shared_ptr<Listener>> listeners;
    {
      std::unique_lock lock{mutex_};
      kept_.wait_for(lock, std::chrono::seconds{10}, [this] { return in_flight_ == 0; });
      listeners.swap(listeners_);
    }
    for (const auto& one : listeners) one->ended(reason_);
  }

  void set_keeps(bool keeps) { keeps_ = keeps; }

  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override {
    ++counters_.frames;
    std::string text = R"({"type":"observations","frame":)" + std::to_string(frame.index) + R"(,"time_s":)" +
                       std::to_string(frame.time.count()) + R"(,"utc":")" + utc_text(frame.utc) +
                       R"(","width":)" + std::to_string(frame.width) + R"(,"height":)" +
                       std::to_string(frame.height) + R"(,"faces":[)";
    for (const records::Observation& face : faces) {
      if (text.back() == '}') text += ',';
      append_compact_json(text, face);
    }
    text += "]}";
    const Message message = message_of(std::move(text));
    std::optional<Second> full;
    {
      const std::lock_guard lock{mutex_};
      rate_.count_read();
      recent_.emplace_back(frame.index, message);
      if (recent_.size() > kRecentMessages) recent_.pop_front();
      std::erase_if(listeners_, [&](const auto& one) { return !one->hear(message); });
      full = gather(frame, faces);
    }
    if (full) keep(std::move(*full));
    return {};
  }

 private:
  // The sender's clock tells how far apart pictures are; where it jumps, ours does.
  Seconds time_of(UtcTime captured) {
    const Clock::time_point now = Clock::now();
    if (!began_) {
      began_ = true;
      time_ = settings_.offset;
    } else {
      const Seconds sent = captured - last_captured_, arrived = now - last_arrival_;
      const bool believable = sent > Seconds{0} && sent < kLongestPause + arrived;
      time_ += believable ? sent : std::max(arrived, Seconds{0.001});
    }
    last_captured_ = captured;
    last_arrival_ = now;
    return time_;
  }

  // With the lock held. The second before, when this frame begins a new one.
  std::optional<Second> gather(const records::Frame& frame, std::span<const records::Observation> faces) {
    const auto number = static_cast<std::int64_t>(std::floor(frame.time.count()));
    std::optional<Second> full;
    if (!second_.observations.empty() && number != second_.number) full = std::exchange(second_, {});
    second_.session = settings_.id;
    second_.number = number;
    second_.observations.insert(second_.observations.end(), faces.begin(), faces.end());
    return full;
  }

  void flush() {
    std::optional<Second> rest;
    {
      const std::lock_guard lock{mutex_};
      if (!second_.observations.empty()) rest = std::exchange(second_, {});
    }
    if (rest) keep(std::move(*rest));
  }

  void keep(Second second) {
    if (!keeps_) return;
    const std::int64_t last = second.observations.back().frame;
    {
      const std::lock_guard lock{mutex_};
      ++in_flight_;
    }
    keeper_.keep(std::move(second), [self = weak_from_this(), this, last](const Status& done) {
      const auto alive = self.lock();
      if (!alive) return;
      ++(done ? counters_.kept : counters_.unkept);
      const std::lock_guard lock{mutex_};
      say_locked(
          message_of(done ? R"({"type":"kept","frame":)" + std::to_string(last) + "}"
                          : R"({"type":"problem","slug":"not-kept","frame":)" + std::to_string(last) + "}"));
      --in_flight_;
      kept_.notify_all();
    });
  }

  void broken(std::int64_t frame, const Error& error) {
    ++counters_.broken;
    (void)error;  // the decoder's words say nothing that a sender could mend
    say_to_all(message_of(R"({"type":"problem","slug":"picture-unreadable","frame":)" +
                          std::to_string(frame) + "}"));
  }
  void tell_rate(double fps) {
    say_locked(message_of(R"({"type":"rate","fps":)" + std::to_string(fps) + "}"));
  }
  void say_to_all(const Message& message) {
    const std::lock_guard lock{mutex_};
    say_locked(message);
  }
  void say_locked(const Message& message) {
    std::erase_if(listeners_, [&](const auto& one) { return !one->hear(message); });
  }

  SessionSettings settings_;
  Keeper& keeper_;
  std::atomic<bool> keeps_, ended_{false};
  Counters& counters_;
  std::mutex mutex_, joining_;
  std::condition_variable kept_;
  std::int64_t last_offered_;
  int in_flight_ = 0;
  std::string reason_;
  bool began_ = false;
  UtcTime last_captured_{};
  Clock::time_point last_arrival_;
  Seconds time_{0};
  Second second_;
  Rate rate_;
  std::deque<std::pair<std::int64_t, Message>> recent_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  std::stop_source stop_;
  capture::PictureFeed feed_;
  std::thread thread_;
};

class RunningHub : public Hub {
 public:
  RunningHub(const infer::ModelStore& models, HubSettings settings, Asks asks, Keeper& keeper)
      : settings_(std::move(settings)),
        asks_(std::move(asks)),
        keeper_(keeper),
        pool_(models, settings_.walk),
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
    {
      const std::lock_guard lock{mutex_};
      if (sessions_.contains(settings.id)) return wrong_use("this session runs already", "runs-already");
      if (sessions_.size() >= settings_.most_sessions)
        return failed("as many sessions run as this server takes", "too-many-sessions");
      sessions_.emplace(settings.id, nullptr);  // the place is taken while networks load
    }
    Result<WalkPool::Loan> walk = pool_.take(settings.expressions);
    if (!walk) {
      forget(settings.id);
      return tl::make_unexpected(walk.error());
    }
    auto session = std::make_shared<RunningSession>(settings, keeper_, may.keep, counters_);
    session->run(std::move(*walk), pool_);
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
  void forget(const std::string& id) {
    const std::lock_guard lock{mutex_};
    sessions_.erase(id);
  }
  void finish(const std::shared_ptr<RunningSession>& session, std::string_view reason) {
    session->end(reason);
    forget(session->settings().id);
  }

  template <typename Which>
  void check(Which which) {
    for (const auto& session : all()) {
      if (!session->running()) {
        forget(session->settings().id);
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

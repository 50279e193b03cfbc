// One running session: what comes in goes through a walk, and what comes out to its listeners and its keeper.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

#include "foresight.hpp"
#include "lately.hpp"
#include "pyro/capture/picture_stream.hpp"
#include "pyro/live/hub.hpp"
#include "rate.hpp"
#include "sender_clock.hpp"
#include "walk_pool.hpp"

namespace pyro::live {

// Of all sessions of a hub.
struct Counters {
  std::atomic<std::int64_t> frames{0}, dropped{0}, broken{0}, kept{0}, unkept{0};
};

class RunningSession : public Session,
                       public pipeline::Sink,
                       public std::enable_shared_from_this<RunningSession> {
 public:
  RunningSession(const SessionSettings& settings, Keeper& keeper, bool keeps, Counters& counters);
  ~RunningSession() override { RunningSession::end("ended"); }

  void run(WalkPool::Loan loan, WalkPool& pool, const score::ScoreSettings& score_settings);

  [[nodiscard]] const SessionSettings& settings() const override { return settings_; }
  [[nodiscard]] bool running() const override { return !ended_; }
  [[nodiscard]] std::int64_t next_number() const override;
  [[nodiscard]] CameraState camera() const override { return camera_; }
  [[nodiscard]] std::optional<Seconds> time_at(UtcTime captured) const override;
  // A camera that is not sought any more. Somebody who sends may come again; it does not.
  [[nodiscard]] bool camera_given_up() const { return given_up_; }
  void set_keeps(bool keeps) { keeps_ = keeps; }

  bool offer(const SentPictureView& picture) override;
  std::int64_t listen(std::shared_ptr<Listener> listener, std::int64_t after) override;
  void wish(const Listener* listener, MeshWish mesh) override;
  void leave(const Listener* listener) override;
  void end(std::string_view reason, const std::function<void()>& finish = {}) override;
  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override;

 private:
  using Clock = std::chrono::steady_clock;
  using Seen = std::span<const records::Observation>;

  [[nodiscard]] std::unique_ptr<capture::Source> source();
  void remember(Seconds time, Seen faces);
  [[nodiscard]] std::string observations_text(const records::Frame& frame, Seen faces, MeshWish mesh) const;
  std::optional<Second> gather(const records::Frame& frame, Seen faces);
  void flush();
  void keep(Second second);
  void broken(std::int64_t frame, capture::Coding coding, const Error& error);
  void camera_told(bool there);
  [[nodiscard]] Message camera_message() const;
  void say_to_all(const Message& message);
  void say_locked(const Message& message);

  SessionSettings settings_;
  Keeper& keeper_;
  std::atomic<bool> keeps_, ended_{false}, given_up_{false};
  std::atomic<CameraState> camera_;
  Counters& counters_;
  mutable std::mutex mutex_;
  std::mutex joining_;
  std::condition_variable kept_;
  std::int64_t last_offered_, last_piece_ = -1;
  int in_flight_ = 0;
  std::string reason_;
  bool told_ = false;  // that it has ended
  SenderClock clock_;
  Second second_;
  Rate rate_;
  std::deque<std::pair<std::int64_t, Message>> recent_;
  struct Hearer {
    std::shared_ptr<Listener> listener;
    MeshWish mesh = MeshWish::none;
  };
  std::vector<Hearer> listeners_;
  // The walk's thread alone touches these two.
  std::map<std::int32_t, Lately> lately_;
  std::optional<Foresight> foresight_;
  std::stop_source stop_;
  capture::PictureFeed feed_;
  std::thread thread_;
};

}  // namespace pyro::live

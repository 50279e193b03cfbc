#include "session.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "pyro/base/clock.hpp"

namespace pyro::live {
namespace {

// What watchers may go on from without asking the store: some ten seconds at 30 fps.
constexpr std::size_t kRecentMessages = 300;

Message message_of(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// A camera's frames, numbered and timed on from where the session was broken off.
class Continued final : public capture::Source {
 public:
  Continued(std::unique_ptr<capture::Source> source, std::int64_t next_frame, Seconds offset)
      : source_(std::move(source)), next_frame_(next_frame), offset_(offset) {}
  [[nodiscard]] const capture::SourceInfo& info() const override { return source_->info(); }
  Result<std::optional<records::Frame>> next() override {
    auto frame = source_->next();
    if (!frame || !*frame) return frame;
    (*frame)->index += next_frame_;
    (*frame)->time += offset_;
    return frame;
  }
  void interrupt() override { source_->interrupt(); }

 private:
  std::unique_ptr<capture::Source> source_;
  std::int64_t next_frame_;
  Seconds offset_;
};

}  // namespace

std::string_view camera_state_name(CameraState state) {
  constexpr std::array<std::string_view, 4> kNames{"none", "opening", "there", "lost"};
  return kNames.at(static_cast<std::size_t>(state));
}

RunningSession::RunningSession(const SessionSettings& settings, Keeper& keeper, bool keeps,
                               Counters& counters)
    : settings_(settings),
      keeper_(keeper),
      keeps_(keeps),
      camera_(settings.camera.empty() ? CameraState::none : CameraState::opening),
      counters_(counters),
      last_offered_(settings.next_frame - 1),
      clock_(settings.offset),
      feed_({}, [this](std::int64_t frame, capture::Coding coding, const Error& error) {
        broken(frame, coding, error);
      }) {}

std::unique_ptr<capture::Source> RunningSession::source() {
  if (settings_.camera.empty()) return feed_.source("session");
  return std::make_unique<Continued>(
      capture::awaited("camera", settings_.open_camera, settings_.seek_camera_for,
                       [this](bool there) { camera_told(there); }),
      settings_.next_frame, settings_.offset);
}

void RunningSession::run(WalkPool::Loan loan, WalkPool& pool, const score::ScoreSettings& score_settings) {
  if (loan.forecast) foresight_.emplace(*loan.forecast, score_settings);
  thread_ = std::thread([this, loan = std::move(loan), &pool]() mutable {
    pipeline::WalkSummary summary;
    const Status ended = loan.walk.run(source(), *this, stop_.get_token(), summary);
    pool.give_back(std::move(loan), settings_.expressions);
    counters_.dropped += summary.dropped;
    flush();
    if (!settings_.camera.empty()) {
      given_up_ = true;
    } else if (!ended) {
      say_to_all(message_of(R"({"type":"problem","slug":"analysis-failed"})"));
    }
  });
}

bool RunningSession::offer(const SentPictureView& picture) {
  capture::SentPicture sent;
  {
    const std::lock_guard lock{mutex_};
    std::int64_t& last = capture::is_container(picture.coding) ? last_piece_ : last_offered_;
    if (ended_ || !settings_.camera.empty() || picture.frame <= last) return false;
    if (!capture::is_container(picture.coding) && picture.frame <= feed_.last_index()) return false;
    last = picture.frame;
    sent.time = clock_.take(picture.captured, Clock::now());
  }
  sent.bytes.assign(picture.bytes.begin(), picture.bytes.end());
  sent.index =
      capture::is_container(picture.coding) ? std::max(picture.frame, settings_.next_frame) : picture.frame;
  sent.utc = utc_now();
  sent.coding = picture.coding;
  const std::size_t dropped = feed_.offer(std::move(sent));
  counters_.dropped += static_cast<std::int64_t>(dropped);
  const std::lock_guard lock{mutex_};
  rate_.count_dropped(dropped);
  if (const auto fps = rate_.settle(Clock::now()))
    say_locked(message_of(R"({"type":"rate","fps":)" + std::to_string(*fps) + "}"));
  return true;
}

std::int64_t RunningSession::next_number() const {
  const std::lock_guard lock{mutex_};
  return 1 + std::max({last_offered_, last_piece_, feed_.last_index()});
}

std::optional<Seconds> RunningSession::time_at(UtcTime captured) const {
  const std::lock_guard lock{mutex_};
  if (!clock_.began()) return std::nullopt;
  return clock_.time_at(captured);
}

std::int64_t RunningSession::listen(std::shared_ptr<Listener> listener, std::int64_t after) {
  const std::lock_guard lock{mutex_};
  if (told_) {
    listener->ended(reason_);
    return -1;
  }
  if (camera_ != CameraState::none && !listener->hear(camera_message())) return -1;
  std::int64_t first = -1;
  if (after >= 0) {
    for (const auto& [frame, message] : recent_) {
      if (frame <= after) continue;
      if (first < 0) first = frame;
      if (!listener->hear(message)) return first;
    }
  }
  listeners_.push_back({std::move(listener), MeshWish::none});
  return first;
}

void RunningSession::wish(const Listener* listener, MeshWish mesh) {
  const std::lock_guard lock{mutex_};
  for (Hearer& one : listeners_) {
    if (one.listener.get() == listener) one.mesh = mesh;
  }
}

void RunningSession::leave(const Listener* listener) {
  const std::lock_guard lock{mutex_};
  std::erase_if(listeners_, [&](const Hearer& one) { return one.listener.get() == listener; });
}

void RunningSession::end(std::string_view reason, const std::function<void()>& finish) {
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
  {
    std::unique_lock lock{mutex_};
    kept_.wait_for(lock, std::chrono::seconds{10}, [this] { return in_flight_ == 0; });
  }
  if (finish) finish();
  std::vector<Hearer> listeners;
  {
    const std::lock_guard lock{mutex_};
    told_ = true;
    listeners.swap(listeners_);
  }
  for (const Hearer& one : listeners) one.listener->ended(reason_);
}

// How each face did lately. A face that has not been seen for as long is forgotten.
void RunningSession::remember(Seconds time, Seen faces) {
  for (const records::Observation& face : faces) {
    if (face.face.face_id >= 0) lately_[face.face.face_id].add(time, &face);
  }
  for (auto& [id, lately] : lately_) {
    const auto seen = std::ranges::find(faces, id, [](const auto& one) { return one.face.face_id; });
    if (seen == faces.end()) lately.add(time, nullptr);
  }
  std::erase_if(lately_, [](const auto& one) { return one.second.gone(); });
}

std::string RunningSession::observations_text(const records::Frame& frame, Seen faces, MeshWish mesh) const {
  std::string text = R"({"type":"observations","frame":)" + std::to_string(frame.index) + R"(,"time_s":)" +
                     std::to_string(frame.time.count()) + R"(,"utc":")" + utc_text(frame.utc) +
                     R"(","width":)" + std::to_string(frame.width) + R"(,"height":)" +
                     std::to_string(frame.height) + R"(,"faces":[)";
  for (const records::Observation& face : faces) {
    if (text.back() == '}') text += ',';
    const auto lately = lately_.find(face.face.face_id);
    append_compact_json(text, face,
                        lately == lately_.end()
                            ? FaceLately{}
                            : FaceLately{lately->second.index_per_min(), lately->second.confidence()},
                        mesh, frame.width, frame.height);
  }
  return text + "]}";
}

Status RunningSession::take(const records::Frame& frame, Seen faces) {
  ++counters_.frames;
  remember(frame.time, faces);
  std::array<Message, kMeshWishes> messages;
  std::array<bool, kMeshWishes> wished{true};
  {
    const std::lock_guard lock{mutex_};
    for (const Hearer& one : listeners_) wished[static_cast<std::size_t>(one.mesh)] = true;
  }
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (wished[i]) messages[i] = message_of(observations_text(frame, faces, static_cast<MeshWish>(i)));
  }
  const Message& plain = messages[static_cast<std::size_t>(MeshWish::none)];
  std::optional<std::string> forecast;
  if (foresight_) forecast = foresight_->take(frame, faces);
  std::optional<Second> full;
  {
    const std::lock_guard lock{mutex_};
    rate_.count_read();
    recent_.emplace_back(frame.index, plain);
    if (recent_.size() > kRecentMessages) recent_.pop_front();
    std::erase_if(listeners_, [&](const Hearer& one) {
      const Message& with_mesh = messages[static_cast<std::size_t>(one.mesh)];
      return !one.listener->hear(with_mesh ? with_mesh : plain);
    });
    if (forecast) say_locked(message_of(std::move(*forecast)));
    full = gather(frame, faces);
  }
  if (full) keep(std::move(*full));
  return {};
}

// With the lock held. The second before, when this frame begins a new one.
std::optional<Second> RunningSession::gather(const records::Frame& frame, Seen faces) {
  const auto number = static_cast<std::int64_t>(std::floor(frame.time.count()));
  std::optional<Second> full;
  if (!second_.observations.empty() && number != second_.number) full = std::exchange(second_, {});
  second_.session = settings_.id;
  second_.number = number;
  second_.observations.insert(second_.observations.end(), faces.begin(), faces.end());
  return full;
}

void RunningSession::flush() {
  std::optional<Second> rest;
  {
    const std::lock_guard lock{mutex_};
    if (!second_.observations.empty()) rest = std::exchange(second_, {});
  }
  if (rest) keep(std::move(*rest));
}

void RunningSession::keep(Second second) {
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

void RunningSession::broken(std::int64_t frame, capture::Coding coding, const Error& error) {
  ++counters_.broken;
  // The decoder's words say nothing that a sender could mend.
  const char* slug = error.code == ErrorCode::failed      ? "chunks-lost"
                     : coding == capture::Coding::picture ? "picture-unreadable"
                                                          : "chunk-unreadable";
  say_to_all(message_of(std::string{R"({"type":"problem","slug":")"} + slug + R"(","frame":)" +
                        std::to_string(frame) + "}"));
}

Message RunningSession::camera_message() const {
  return message_of(R"({"type":"camera","state":")" + std::string{camera_state_name(camera_)} + R"("})");
}

void RunningSession::camera_told(bool there) {
  const std::lock_guard lock{mutex_};
  camera_ = there ? CameraState::there : CameraState::lost;
  say_locked(camera_message());
}

void RunningSession::say_to_all(const Message& message) {
  const std::lock_guard lock{mutex_};
  say_locked(message);
}

void RunningSession::say_locked(const Message& message) {
  std::erase_if(listeners_, [&](const Hearer& one) { return !one.listener->hear(message); });
}

}  // namespace pyro::live

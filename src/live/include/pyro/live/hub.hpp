// Running sessions: pictures (sent one by one, as an encoded stream, or by a camera) in, observations out to
// any number of watchers, and second by second to whoever keeps them. Knows no network and no database: both
// are ports.
//
// Frames are numbered by who sends them, upwards; the number is what a watcher goes on from after a break.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/capture/camera.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/live/face_text.hpp"
#include "pyro/live/upward.hpp"
#include "pyro/pipeline/walk.hpp"
#include "pyro/records/observation.hpp"

namespace pyro::live {

using Message = std::shared_ptr<const std::string>;

// Takes messages from any thread, without blocking. False: it cannot take them as fast as they come and is
// let go.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual bool hear(const Message& message) = 0;
  virtual void ended(std::string_view reason) = 0;  // the session is over; the last call
};

// One second (or less, at the end) of one session.
struct Second {
  std::string session;
  std::int64_t number = 0;  // floor of the first frame's time in seconds
  std::vector<records::Observation> observations;
};
class Keeper {
 public:
  virtual ~Keeper() = default;
  // Returns at once; `done` is called, from any thread, when it is on the disk or cannot be kept.
  virtual void keep(Second second, std::function<void(Status)> done) = 0;
};

// What a session may do right now. Asked at its start, twice a second, and whenever a consent has changed.
struct Permission {
  bool run = false;
  bool keep = false;
  std::string reason;  // where it may not run: "consent-withdrawn", …
};
using Asks = std::function<Permission(const std::string& session, const std::string& person)>;

struct SessionSettings {
  std::string id, person;
  bool expressions = true;
  std::int64_t next_frame = 0;  // the first number that is taken; below it frames were kept already
  Seconds offset{0};            // time of that frame in the session
  // A camera that this machine reads; empty: somebody sends.
  std::string camera;  // its id
  capture::CameraOpener open_camera;
  Seconds seek_camera_for{600};  // without a frame; then the session's run ends ("camera-lost")
};

enum class CameraState : std::uint8_t { none, opening, there, lost };  // none: somebody sends
[[nodiscard]] std::string_view camera_state_name(CameraState state);

class Session {
 public:
  virtual ~Session() = default;
  [[nodiscard]] virtual const SessionSettings& settings() const = 0;
  // False: the number is not above all before it (a container's piece: all pieces before it).
  virtual bool offer(const SentPictureView& picture) = 0;
  [[nodiscard]] virtual std::int64_t next_number() const = 0;  // that is above all before it
  [[nodiscard]] virtual CameraState camera() const = 0;
  // A time by the sender's clock, in the session's time. nullopt: nothing was sent yet, or a camera feeds it.
  [[nodiscard]] virtual std::optional<Seconds> time_at(UtcTime captured) const = 0;
  // From now on; and of the recent past what comes after frame `after` (−1: nothing). Returns the first frame
  // that it will hear, or −1 when that is the next one that comes: what lies between `after` and it is to be
  // fetched from what was kept.
  virtual std::int64_t listen(std::shared_ptr<Listener> listener, std::int64_t after) = 0;
  // With each face, from the next frame on.
  virtual void wish(const Listener* listener, MeshWish mesh) = 0;
  virtual void leave(const Listener* listener) = 0;
  // Ends it: what is in flight is finished and kept, then `finish` is done, then its listeners are told.
  // Returns when all is done.
  virtual void end(std::string_view reason, const std::function<void()>& finish = {}) = 0;
  [[nodiscard]] virtual bool running() const = 0;
};

struct HubSettings {
  pipeline::WalkSettings walk;  // threads and expressions are set by the hub
  std::size_t most_sessions = 32;
  std::chrono::milliseconds ask_every{400};
  // What a person's score is foretold by, once a second, where there is such a model; and on whom it was
  // trained, in words.
  std::string forecast_model = "forecast";
  std::function<std::string(const infer::ModelEntry&)> trained_on = {};
};

struct HubFigures {
  std::size_t sessions = 0;
  std::int64_t frames = 0, dropped = 0, broken = 0, kept_seconds = 0, unkept_seconds = 0;
};

class Hub {
 public:
  [[nodiscard]] static std::unique_ptr<Hub> create(const infer::ModelStore& models, HubSettings settings,
                                                   Asks asks, Keeper& keeper);
  virtual ~Hub() = default;  // ends all sessions
  // Loads networks, unless an earlier session has left its own. Errors: no permission (wrong_use, with its
  // reason as context), it runs already, too many sessions.
  [[nodiscard]] virtual Result<std::shared_ptr<Session>> start(const SessionSettings& settings) = 0;
  [[nodiscard]] virtual std::shared_ptr<Session> find(const std::string& id) const = 0;  // null: does not run
  // A consent of this person has changed: asks at once.
  virtual void recheck(const std::string& person) = 0;
  // Of sessions that start from now on; those that run keep theirs.
  virtual void use(const infer::ModelStore& models) = 0;
  virtual void end_all(std::string_view reason) = 0;
  [[nodiscard]] virtual HubFigures figures() const = 0;
};

}  // namespace pyro::live

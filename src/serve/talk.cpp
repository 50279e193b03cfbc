// The two conversations by WebSocket, as contracts/live.schema.json has them.
//
// stream: up, text: which codec comes, and whether the mesh is wanted; binary: pictures or pieces of an
// encoded stream (live/upward.hpp). Down: text, JSON. watch: the same but for what is sent.
#include "office.hpp"

namespace pyro::serve {
namespace {

constexpr int kMostFaults = 100;  // messages that are none, before the conversation is ended

std::shared_ptr<const std::string> text_of(const Json& json) {
  return std::make_shared<const std::string>(json.dump());
}

// What a running session says, onto the wire.
class WireListener : public live::Listener {
 public:
  explicit WireListener(std::shared_ptr<Wire> wire) : wire_(std::move(wire)) {}
  bool hear(const live::Message& message) override {
    if (wire_->send(message)) return true;
    wire_->close(1013, "too slow; go on after the last frame you have");
    return false;
  }
  void ended(std::string_view reason) override {
    (void)wire_->send(text_of({{"type", "ended"}, {"reason", reason}}));
    wire_->close(1000, std::string{reason});
  }

 private:
  std::shared_ptr<Wire> wire_;
};

class LiveTalk : public Talk {
 public:
  LiveTalk(std::shared_ptr<live::Session> session, std::int64_t after, bool sends)
      : session_(std::move(session)), after_(after), sends_(sends) {}

  void opened(std::shared_ptr<Wire> wire) override {
    wire_ = std::move(wire);
    listener_ = std::make_shared<WireListener>(wire_);
    (void)wire_->send(text_of({{"type", "hello"},
                               {"session", session_->settings().id},
                               {"next_frame", session_->next_number()},
                               {"notice", "not a diagnosis"}}));
    const std::int64_t first = session_->listen(listener_, after_);
    // What lies between was kept and is fetched by GET …/observations.
    if (after_ >= 0 && first > after_ + 1)
      (void)wire_->send(text_of({{"type", "gap"}, {"after", after_}, {"before", first}}));
  }

  void message(std::string_view bytes, bool binary) override {
    if (!binary) {
      const auto hello = live::read_hello(bytes);
      if (!hello || (hello->coding && !sends_)) return fault();
      if (hello->coding) coding_ = *hello->coding;
      if (hello->mesh) {
        (void)wire_->send(std::make_shared<const std::string>(live::mesh_text(*hello->mesh)));
        session_->wish(listener_.get(), *hello->mesh);
      }
      return;
    }
    if (!sends_) return fault();
    const auto picture = live::read_picture(bytes, coding_);
    if (!picture) return fault();
    if (!session_->offer(*picture))
      (void)wire_->send(text_of({{"type", "problem"}, {"slug", "frame-number"}, {"frame", picture->frame}}));
  }

  void closed() override {
    if (listener_) session_->leave(listener_.get());
  }

 private:
  void fault() {
    if (++faults_ > kMostFaults)
      return wire_->close(1008, "too many messages that are not as the contract says");
    (void)wire_->send(text_of({{"type", "problem"}, {"slug", "not-as-contract"}}));
  }

  std::shared_ptr<live::Session> session_;
  std::int64_t after_;
  bool sends_;
  capture::Coding coding_ = capture::Coding::picture;
  int faults_ = 0;
  std::shared_ptr<Wire> wire_;
  std::shared_ptr<WireListener> listener_;
};

}  // namespace

Granted<std::shared_ptr<live::Session>> start_running(Office& office, const Call& call, const Json& session,
                                                      const archive::LastKept& last,
                                                      const std::string& camera, capture::CameraOpener open) {
  live::SessionSettings settings;
  settings.id = session.at("id").get<std::string>();
  settings.person = call.person();
  settings.expressions = security::expressions_allowed(call.site.rules);
  settings.next_frame = last.frame + 1;
  settings.camera = camera;
  settings.open_camera = std::move(open);
  if (last.frame >= 0) {
    // It goes on where it was broken off: by the clock, so that a window over 60 s sees the gap.
    const auto started = archive::time_of(session.at("started").get<std::string>());
    if (started) settings.offset = std::max(Seconds{0}, Seconds{call.now - *started});
  }
  auto begun = office.hub->start(settings);
  if (begun) return std::move(*begun);
  const std::string& why = begun.error().context;
  if (why == "runs-already" || why == "too-many-sessions")
    return problem(503, why, "As much runs as this server takes; try again later.");
  if (begun.error().code == ErrorCode::wrong_use) return problem(403, why, "This session may not run now.");
  return trouble(begun);
}

Granted<std::shared_ptr<Talk>> open_talk(Office& office, Call& call) {
  if (office.hub == nullptr) return problem(503, "no-live-analysis", "This server analyses no live streams.");
  const std::string id = call.text("session");
  const std::int64_t after = call.whole("after", -1);
  const bool sends = call.operation.id == "streamSession";
  std::shared_ptr<live::Session> session = office.hub->find(id);
  if (!sends) {
    if (!session)
      return problem(409, "not-running",
                     "This session does not run now; what was kept is at its observations.");
    if (const Status noted = office.audit.record(audit_entry(call, "allowed")); !noted) return trouble(noted);
    return std::make_shared<LiveTalk>(std::move(session), after, false);
  }
  archive::LastKept last;
  Json row;
  const Answer noted = write(office, call, [&](store::Connection& in) -> Answer {
    const auto found = archive::find(in, archive::kSession, id);
    if (!found) return trouble(found);
    if (!*found) return no_such();
    row = **found;
    if (row.at("state") != "open") return problem(409, "ended", "This session has ended; begin another one.");
    const auto kept = archive::last_kept(in, id);
    if (!kept) return trouble(kept);
    last = *kept;
    if (!session && !row.at("camera").is_null()) {
      // A camera fed it before; now somebody sends.
      const auto freed =
          archive::update(in, archive::kSession, id, std::nullopt, {{"camera", nullptr}}, call.now);
      if (!freed) return trouble(freed);
    }
    return nothing();
  });
  if (!noted) return tl::make_unexpected(noted.error());
  if (session && session->camera() != live::CameraState::none)
    return problem(409, "fed-by-camera", "A camera feeds this session: watch it, or end the camera first.");
  if (!session) {
    auto begun = start_running(office, call, row, last);
    if (!begun) return tl::make_unexpected(begun.error());
    session = std::move(*begun);
  }
  return std::make_shared<LiveTalk>(std::move(session), after, true);
}

}  // namespace pyro::serve

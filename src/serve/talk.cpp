// The two conversations by WebSocket, as contracts/live.schema.json has them.
//
// stream: up, binary: 8 bytes frame number, 8 bytes capture time (microseconds since 1970 UTC, by the
// sender's clock), both little-endian, then one JPEG. Down: text, JSON.
#include <bit>
#include <cstring>

#include "office.hpp"
#include "pyro/archive/segments.hpp"

namespace pyro::serve {
namespace {

constexpr std::size_t kHeadBytes = 16;
constexpr int kMostFaults = 100;  // messages that are none, before the conversation is ended

std::int64_t little_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < 8; ++i) out |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return static_cast<std::int64_t>(out);
}

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
                               {"next_frame", session_->settings().next_frame},
                               {"notice", "not a diagnosis"}}));
    const std::int64_t first = session_->listen(listener_, after_);
    // What lies between was kept and is fetched by GET …/observations.
    if (after_ >= 0 && first > after_ + 1)
      (void)wire_->send(text_of({{"type", "gap"}, {"after", after_}, {"before", first}}));
  }

  void message(std::string_view bytes, bool binary) override {
    if (!sends_ || !binary || bytes.size() <= kHeadBytes) return fault();
    const std::int64_t frame = little_endian(bytes);
    const std::int64_t captured_us = little_endian(bytes.substr(8));
    constexpr std::int64_t kMost = std::int64_t{1} << 52;
    if (frame < 0 || frame > kMost || captured_us < 0 || captured_us > kMost) return fault();
    const std::string_view picture = bytes.substr(kHeadBytes);
    const bool taken =
        session_->offer({{reinterpret_cast<const std::uint8_t*>(picture.data()), picture.size()},
                         frame,
                         archive::time_of_us(captured_us)});
    if (!taken) (void)wire_->send(text_of({{"type", "problem"}, {"slug", "frame-number"}, {"frame", frame}}));
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
  int faults_ = 0;
  std::shared_ptr<Wire> wire_;
  std::shared_ptr<WireListener> listener_;
};

}  // namespace

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
    return nothing();
  });
  if (!noted) return tl::make_unexpected(noted.error());
  if (!session) {
    live::SessionSettings settings{id, call.person(), security::expressions_allowed(call.site.rules),
                                   last.frame + 1, Seconds{0}};
    if (last.frame >= 0) {
      // It goes on where it was broken off: by the clock, so that a window over 60 s sees the gap.
      const auto started = archive::time_of(row.at("started").get<std::string>());
      if (started) settings.offset = std::max(Seconds{0}, Seconds{call.now - *started});
    }
    auto begun = office.hub->start(settings);
    if (!begun) {
      const std::string& why = begun.error().context;
      if (why == "runs-already" || why == "too-many-sessions")
        return problem(503, why, "As much runs as this server takes; try again later.");
      if (begun.error().code == ErrorCode::wrong_use)
        return problem(403, why, "This session may not run now.");
      return trouble(begun);
    }
    session = std::move(*begun);
  }
  return std::make_shared<LiveTalk>(std::move(session), after, true);
}

}  // namespace pyro::serve

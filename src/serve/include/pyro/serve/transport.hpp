// HTTP/1.1 and WebSockets over TLS, as the rest of the room sees them: whole requests, responses and
// messages, without a socket in sight.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::serve {

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case

struct Request {
  std::string method;  // "GET"
  std::string path;    // decoded only where it is split: "/api/v1/people/…"
  std::string query;   // without the "?", not decoded
  Headers headers;
  std::string body;
  // Where the body was streamed to, if its rule says so; removed when the request has been answered.
  std::filesystem::path body_file;
  std::string address;  // of the other end, without its port
  std::string id;       // told back as X-Request-Id, stands in log and audit

  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;  // empty: there is none
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  std::filesystem::path file;  // sent instead of body, and removed afterwards
};

// The other end of a WebSocket, to whom messages go. Any thread; nothing blocks.
class Wire {
 public:
  virtual ~Wire() = default;
  // False: the other end does not read fast enough and more than the limit waits for it; nothing was queued.
  // The message is shared, so that a thousand watchers need it once.
  virtual bool send(std::shared_ptr<const std::string> message) = 0;
  virtual void close(std::uint16_t code, std::string reason) = 0;  // RFC 6455, 7.4: 1000, 1008, 1011, 1013, …
};

// One WebSocket conversation. Calls come one at a time, on an I/O thread: they must not block.
class Talk {
 public:
  virtual ~Talk() = default;
  virtual void opened(std::shared_ptr<Wire> wire) = 0;
  virtual void message(std::string_view bytes, bool binary) = 0;
  virtual void closed() = 0;  // always the last call
};

class App {
 public:
  struct BodyRule {
    std::uint64_t most_bytes = 0;
    bool to_file = false;
  };
  virtual ~App() = default;
  // By method and path alone, before the body is read.
  virtual BodyRule body_rule(const Request& head) = 0;
  // Before a body goes to a file: whether it is refused whatever it is, so that nobody fills the disk who may
  // not. On a worker thread; may block.
  virtual std::optional<Response> refuse_upload(const Request& head) = 0;
  // On a worker thread; may block.
  virtual Response answer(const Request& request) = 0;
  // A request to talk by WebSocket: a conversation, or the response that refuses it. On a worker thread.
  virtual std::variant<Response, std::shared_ptr<Talk>> upgrade(const Request& request) = 0;
  // What the transport refuses by itself: too large, too slow, too many, not HTTP.
  virtual Response refusal(int status, std::string_view detail, const std::string& request_id) = 0;
};

struct TransportSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;               // 0: any free one
  std::filesystem::path certificate, key;  // PEM
  std::filesystem::path uploads;           // a folder for bodies that go to a file
  int io_threads = 1;
  int workers = 64;  // requests answered at once; they wait for the disk more than they compute
  std::size_t max_connections = 4096;
  std::size_t max_waiting = 512;              // requests for a worker; beyond it 503
  std::size_t max_message_bytes = 4U << 20U;  // of a WebSocket message that comes in
  std::size_t max_unsent_bytes = 1U << 20U;   // of WebSocket messages that go out
};

class Transport {
 public:
  // Listens from here on. Errors: address in use or not this machine's, unreadable certificate.
  [[nodiscard]] static Result<std::unique_ptr<Transport>> listen(const TransportSettings& settings, App& app);
  virtual ~Transport() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  // Until stop() is called (from any thread): then no more connections, WebSockets are closed with 1001, and
  // what is being answered is finished, within 10 s.
  virtual void run() = 0;
  virtual void stop() = 0;
  [[nodiscard]] virtual std::size_t connections() const = 0;
};

}  // namespace pyro::serve

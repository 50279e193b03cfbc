// A door for libav. It resolves names, follows what servers answer and connects by itself; so it is given the
// door's address on this machine, and behind the door is one camera and nothing else.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "av.hpp"
#include "camera_link.hpp"
#include "pyro/base/result.hpp"
#include "reply_filter.hpp"

namespace pyro::capture {

class Relay {
 public:
  // `address` is numeric. Nothing is connected to yet. Error (failed): no port is free here.
  [[nodiscard]] static Result<std::unique_ptr<Relay>> open(const std::string& address, std::uint16_t port,
                                                           ReplyFilter::Protocol protocol,
                                                           const std::optional<CameraTls>& tls);
  ~Relay();  // ends all connections
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  [[nodiscard]] std::uint16_t port() const { return port_; }  // on 127.0.0.1
  // Whether an answer was not passed on, for it led elsewhere or was none.
  [[nodiscard]] bool refused() const { return refused_; }
  // Why the camera was last not reached; empty: it was.
  [[nodiscard]] std::string trouble() const {
    const std::lock_guard lock{mutex_};
    return trouble_;
  }

 private:
  struct Pair;
  Relay() = default;
  void run();
  void admit(std::vector<Pair>& pairs);
  bool carry(Pair& pair, bool from_camera);

  std::string address_, camera_port_;
  std::optional<CameraTls> tls_;
  ReplyFilter::Protocol protocol_ = ReplyFilter::Protocol::rtsp;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false}, refused_{false};
  mutable std::mutex mutex_;
  std::string trouble_;
  std::thread thread_;
};

}  // namespace pyro::capture

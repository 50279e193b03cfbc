#include "relay.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace pyro::capture {
namespace {

constexpr int kSliceMs = 50;  // how long the thread does not look whether it is to end
constexpr std::size_t kMostPairs = 4;

}  // namespace

// A connection of libav's and the one to the camera that belongs to it.
struct Relay::Pair {
  int reader;
  std::unique_ptr<CameraLink> camera;
  ReplyFilter filter;
};

Result<std::unique_ptr<Relay>> Relay::open(const std::string& address, std::uint16_t port,
                                           ReplyFilter::Protocol protocol,
                                           const std::optional<CameraTls>& tls) {
  std::unique_ptr<Relay> relay{new Relay()};
  relay->address_ = address;
  relay->camera_port_ = std::to_string(port);
  relay->protocol_ = protocol;
  relay->tls_ = tls;
  relay->listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* any = reinterpret_cast<sockaddr*>(&here);
  socklen_t size = sizeof here;
  if (relay->listener_ < 0 || ::bind(relay->listener_, any, size) != 0 ||
      ::listen(relay->listener_, static_cast<int>(kMostPairs)) != 0 ||
      ::getsockname(relay->listener_, any, &size) != 0)
    return failed("No port is free on this machine for a camera", std::strerror(errno));
  relay->port_ = ntohs(here.sin_port);
  relay->thread_ = std::thread([self = relay.get()] { self->run(); });
  return relay;
}

Relay::~Relay() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
  if (listener_ >= 0) ::close(listener_);
}

void Relay::admit(std::vector<Pair>& pairs) {
  const int reader = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (reader < 0) return;
  if (pairs.size() < kMostPairs) {
    auto camera = CameraLink::dial(address_, camera_port_, tls_, stop_);
    if (camera) {
      pairs.push_back({reader, std::move(*camera), ReplyFilter{protocol_}});
      return;
    }
    const std::lock_guard lock{mutex_};
    trouble_ = camera.error().message;
  }
  ::close(reader);
}

bool Relay::carry(Pair& pair, bool from_camera) {
  std::array<char, 65536> bytes{};
  if (!from_camera) {
    const ssize_t got = ::recv(pair.reader, bytes.data(), bytes.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR;
    return got > 0 && pair.camera->write_all({bytes.data(), static_cast<std::size_t>(got)}, stop_);
  }
  const ssize_t got = pair.camera->read(bytes);
  if (got <= 0) return got < 0;
  const std::string_view came{bytes.data(), static_cast<std::size_t>(got)};
  std::string good;
  const bool on = pair.filter.pass(came, good);
  if (!on) refused_ = true;
  return send_all(pair.reader, good, stop_) && on;
}

void Relay::run() {
  // What TLS writes to a camera that has gone must end nobody.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  std::vector<Pair> pairs;
  std::vector<pollfd> waiting;
  while (!stop_) {
    waiting.assign(1, {listener_, POLLIN, 0});
    for (const Pair& pair : pairs) {
      waiting.push_back({pair.reader, POLLIN, 0});
      waiting.push_back({pair.camera->file(), POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), kSliceMs) <= 0) continue;
    for (std::size_t i = pairs.size(); i-- > 0;) {
      const bool on = (waiting[1 + 2 * i].revents == 0 || carry(pairs[i], false)) &&
                      (waiting[2 + 2 * i].revents == 0 || carry(pairs[i], true));
      if (on) continue;
      ::close(pairs[i].reader);
      pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (waiting[0].revents != 0) admit(pairs);
  }
  for (const Pair& pair : pairs) ::close(pair.reader);
}

}  // namespace pyro::capture

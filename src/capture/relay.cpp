#include "relay.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pyro::capture {
namespace {

constexpr int kSliceMs = 50;  // how long the thread does not look whether it is to end
constexpr int kDialMs = 5000;
constexpr std::size_t kMostPairs = 4;

}  // namespace

// A connection of libav's and the one to the camera that belongs to it.
struct Relay::Pair {
  int reader, camera;
  ReplyFilter filter;
};

Result<std::unique_ptr<Relay>> Relay::open(const std::string& address, std::uint16_t port,
                                           ReplyFilter::Protocol protocol) {
  std::unique_ptr<Relay> relay{new Relay()};
  relay->address_ = address;
  relay->camera_port_ = std::to_string(port);
  relay->protocol_ = protocol;
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

int Relay::dial() const {
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;  // nothing is resolved here
  if (::getaddrinfo(address_.c_str(), camera_port_.c_str(), &hints, &found) != 0) return -1;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  const int to = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (to < 0) return -1;
  bool there = ::connect(to, found->ai_addr, found->ai_addrlen) == 0;
  if (!there && errno == EINPROGRESS) {
    pollfd waiting{to, POLLOUT, 0};
    for (int waited = 0; waited < kDialMs && !stop_ && waiting.revents == 0; waited += kSliceMs)
      ::poll(&waiting, 1, kSliceMs);
    int error = 0;
    socklen_t size = sizeof error;
    there = waiting.revents != 0 && ::getsockopt(to, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
  }
  if (there) return to;
  ::close(to);
  return -1;
}

void Relay::admit(std::vector<Pair>& pairs) {
  const int reader = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (reader < 0) return;
  const int camera = pairs.size() < kMostPairs ? dial() : -1;
  if (camera < 0) {
    ::close(reader);
    return;
  }
  pairs.push_back({reader, camera, ReplyFilter{protocol_}});
}

bool Relay::send_all(int to, std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) return false;
    if (stop_) return false;
    pollfd waiting{to, POLLOUT, 0};
    ::poll(&waiting, 1, kSliceMs);
  }
  return true;
}

bool Relay::carry(Pair& pair, bool from_camera) {
  std::array<char, 65536> bytes{};
  const ssize_t got = ::recv(from_camera ? pair.camera : pair.reader, bytes.data(), bytes.size(), 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  const std::string_view came{bytes.data(), static_cast<std::size_t>(got)};
  if (!from_camera) return send_all(pair.camera, came);
  std::string good;
  const bool on = pair.filter.pass(came, good);
  if (!on) refused_ = true;
  return send_all(pair.reader, good) && on;
}

void Relay::run() {
  std::vector<Pair> pairs;
  std::vector<pollfd> waiting;
  while (!stop_) {
    waiting.assign(1, {listener_, POLLIN, 0});
    for (const Pair& pair : pairs) {
      waiting.push_back({pair.reader, POLLIN, 0});
      waiting.push_back({pair.camera, POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), kSliceMs) <= 0) continue;
    for (std::size_t i = pairs.size(); i-- > 0;) {
      const bool on = (waiting[1 + 2 * i].revents == 0 || carry(pairs[i], false)) &&
                      (waiting[2 + 2 * i].revents == 0 || carry(pairs[i], true));
      if (on) continue;
      ::close(pairs[i].reader);
      ::close(pairs[i].camera);
      pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (waiting[0].revents != 0) admit(pairs);
  }
  for (const Pair& pair : pairs) {
    ::close(pair.reader);
    ::close(pair.camera);
  }
}

}  // namespace pyro::capture

#include "camera_link.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

namespace pyro::capture {
namespace {

constexpr int kSliceMs = 50;  // how long nobody looks whether it is to end
constexpr int kDialMs = 5000;

class Socket {
 public:
  explicit Socket(int file) : file_(file) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] int file() const { return file_; }

 private:
  int file_;
};

// False: the time is over, or it is to end.
bool wait_for(int file, short events, int& left_ms, const std::atomic<bool>& stop) {
  pollfd waiting{file, events, 0};
  while (left_ms > 0 && !stop) {
    if (::poll(&waiting, 1, kSliceMs) > 0) return true;
    left_ms -= kSliceMs;
  }
  return false;
}

// −1: nobody there.
int connected(const std::string& address, const std::string& port, int& left_ms,
              const std::atomic<bool>& stop) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;  // nothing is resolved here
  if (::getaddrinfo(address.c_str(), port.c_str(), &hints, &found) != 0) return -1;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  const int to = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (to < 0) return -1;
  bool there = ::connect(to, found->ai_addr, found->ai_addrlen) == 0;
  if (!there && errno == EINPROGRESS && wait_for(to, POLLOUT, left_ms, stop)) {
    int error = 0;
    socklen_t size = sizeof error;
    there = ::getsockopt(to, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
  }
  if (there) return to;
  ::close(to);
  return -1;
}

class PlainLink final : public CameraLink {
 public:
  explicit PlainLink(int file) : socket_(file) {}
  [[nodiscard]] int file() const override { return socket_.file(); }
  ssize_t read(std::span<char> into) override {
    const ssize_t got = ::recv(socket_.file(), into.data(), into.size(), 0);
    if (got < 0) return errno == EAGAIN || errno == EINTR ? -1 : 0;
    return got;
  }
  bool write_all(std::string_view bytes, const std::atomic<bool>& stop) override {
    return send_all(socket_.file(), bytes, stop);
  }

 private:
  Socket socket_;
};

struct FreeTls {
  void operator()(SSL* one) const { SSL_free(one); }
  void operator()(SSL_CTX* one) const { SSL_CTX_free(one); }
  void operator()(X509* one) const { X509_free(one); }
  void operator()(BIO* one) const { BIO_free(one); }
};
using Certificate = std::unique_ptr<X509, FreeTls>;

std::vector<Certificate> certificates_in(const std::filesystem::path& file) {
  std::vector<Certificate> out;
  const std::unique_ptr<BIO, FreeTls> bytes(BIO_new_file(file.c_str(), "r"));
  while (bytes) {
    Certificate one(PEM_read_bio_X509(bytes.get(), nullptr, nullptr, nullptr));
    if (!one) break;
    out.push_back(std::move(one));
  }
  ERR_clear_error();
  return out;
}

class TlsLink final : public CameraLink {
 public:
  explicit TlsLink(int file) : socket_(file) {}

  Status shake_hands(const CameraTls& tls, int left_ms, const std::atomic<bool>& stop) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    if (!context_) return failed("TLS cannot be used here");
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_default_verify_paths(context_.get());
    if (!tls.certificates.empty()) {
      trusted_ = certificates_in(tls.certificates);
      if (trusted_.empty()) return bad_input(tls.certificates.string() + ": holds no certificate (PEM)");
      X509_STORE* store = SSL_CTX_get_cert_store(context_.get());
      // A camera's own certificate is enough, whoever has signed it.
      X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
      for (const Certificate& one : trusted_) X509_STORE_add_cert(store, one.get());
    }
    ssl_.reset(SSL_new(context_.get()));
    if (!ssl_ || SSL_set_fd(ssl_.get(), socket_.file()) != 1) return failed("TLS cannot be used here");
    std::array<unsigned char, 16> number{};
    const bool numeric = ::inet_pton(AF_INET, tls.host.c_str(), number.data()) == 1 ||
                         ::inet_pton(AF_INET6, tls.host.c_str(), number.data()) == 1;
    // What the macro for it does, without its cast.
    if (std::string name = tls.host; !numeric)
      SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
    // Held by us below, as a camera whose very certificate is trusted need not have its name in it.
    SSL_set_verify(ssl_.get(), SSL_VERIFY_PEER, nullptr);
    while (true) {
      const int done = SSL_connect(ssl_.get());
      if (done == 1) break;
      const int why = SSL_get_error(ssl_.get(), done);
      const bool waits = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
      if (waits && wait_for(socket_.file(), why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, left_ms, stop))
        continue;
      const long verdict = SSL_get_verify_result(ssl_.get());
      ERR_clear_error();
      if (verdict != X509_V_OK)
        return bad_input(std::string{"its certificate does not hold ("} +
                         X509_verify_cert_error_string(verdict) +
                         "); give the server a file with it or with who signed it: camera-ca-file");
      return bad_input("it does not speak TLS here, or too slowly");
    }
    const Certificate shown(SSL_get1_peer_certificate(ssl_.get()));
    if (!shown) return bad_input("it shows no certificate");
    for (const Certificate& one : trusted_) {
      if (X509_cmp(one.get(), shown.get()) == 0) return {};
    }
    const bool named = numeric ? X509_check_ip_asc(shown.get(), tls.host.c_str(), 0) == 1
                               : X509_check_host(shown.get(), tls.host.c_str(), 0, 0, nullptr) == 1;
    if (!named)
      return bad_input("its certificate is another's: " + tls.host +
                       " does not stand in it; name the camera as its certificate does");
    return {};
  }

  [[nodiscard]] int file() const override { return socket_.file(); }
  ssize_t read(std::span<char> into) override {
    const int got = SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
    if (got > 0) return got;
    const int why = SSL_get_error(ssl_.get(), got);
    ERR_clear_error();
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? -1 : 0;
  }
  bool write_all(std::string_view bytes, const std::atomic<bool>& stop) override {
    while (!bytes.empty()) {
      const int sent = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        continue;
      }
      const int why = SSL_get_error(ssl_.get(), sent);
      ERR_clear_error();
      if ((why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) || stop) return false;
      pollfd waiting{socket_.file(), static_cast<short>(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT), 0};
      ::poll(&waiting, 1, kSliceMs);
    }
    return true;
  }

 private:
  Socket socket_;
  std::vector<Certificate> trusted_;
  std::unique_ptr<SSL_CTX, FreeTls> context_;
  std::unique_ptr<SSL, FreeTls> ssl_;
};

}  // namespace

bool send_all(int to, std::string_view bytes, const std::atomic<bool>& stop) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if ((errno != EAGAIN && errno != EINTR) || stop) return false;
    pollfd waiting{to, POLLOUT, 0};
    ::poll(&waiting, 1, kSliceMs);
  }
  return true;
}

Result<std::unique_ptr<CameraLink>> CameraLink::dial(const std::string& address, const std::string& port,
                                                     const std::optional<CameraTls>& tls,
                                                     const std::atomic<bool>& stop) {
  int left_ms = kDialMs;
  const int file = connected(address, port, left_ms, stop);
  if (file < 0) return bad_input("it does not answer");
  if (!tls) return std::make_unique<PlainLink>(file);
  auto link = std::make_unique<TlsLink>(file);
  if (Status good = link->shake_hands(*tls, left_ms, stop); !good) return tl::make_unexpected(good.error());
  return link;
}

}  // namespace pyro::capture

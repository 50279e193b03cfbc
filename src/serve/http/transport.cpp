#include "pyro/serve/transport.hpp"

#include <sodium.h>
#include <sys/socket.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "pyro/base/hex.hpp"

namespace pyro::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Stream = beast::ssl_stream<beast::tcp_stream>;
using std::chrono::seconds;

constexpr std::size_t kMostHeaderBytes = 16U << 10U;
constexpr seconds kHandshakeWithin{10}, kHeaderWithin{15}, kIdleFor{60}, kPartWithin{15}, kSentWithin{60},
    kStoppedWithin{10}, kLingerFor{2};
constexpr std::size_t kLingerBytes = 4U << 20U;
// A body that has gone on for kPartWithin must have come at this rate at least.
constexpr double kSlowestBytesPerSecond = 1024;

std::string request_id() {
  std::array<unsigned char, 12> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return hex_text(bytes);
}

template <typename Fields>
Request request_of(const Fields& message, const std::string& address) {
  Request out;
  out.method = std::string(message.method_string());
  const std::string_view target{message.target().data(), message.target().size()};
  const std::size_t question = target.find('?');
  out.path = target.substr(0, question);
  if (question != std::string_view::npos) out.query = target.substr(question + 1);
  for (const auto& field : message) {
    std::string name{field.name_string()};
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    out.headers.emplace_back(std::move(name), std::string{field.value()});
  }
  out.address = address;
  out.id = request_id();
  return out;
}

// Removes the file when it goes out of scope.
struct FileAway {
  std::filesystem::path path;
  FileAway() = default;
  explicit FileAway(std::filesystem::path which) : path(std::move(which)) {}
  FileAway(const FileAway&) = delete;
  FileAway& operator=(const FileAway&) = delete;
  ~FileAway() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove(path, ignored);
  }
};

class BeastTransport;

// A WebSocket's sending side. The queue is touched only on the connection's strand; what waits is counted
// where all see it.
class BeastWire : public Wire, public std::enable_shared_from_this<BeastWire> {
 public:
  using Socket = websocket::stream<Stream>;
  BeastWire(Socket socket, std::size_t most)
      : socket_(std::move(socket)), wake_(socket_.get_executor()), most_(most) {
    wake_.expires_at(std::chrono::steady_clock::time_point::max());
  }

  bool send(std::shared_ptr<const std::string> message) override {
    if (unsent_.fetch_add(message->size()) + message->size() > most_) {
      unsent_.fetch_sub(message->size());
      return false;
    }
    asio::post(socket_.get_executor(), [self = shared_from_this(), message = std::move(message)]() mutable {
      self->queue_.push_back(std::move(message));
      self->wake_.cancel();
    });
    return true;
  }

  void close(std::uint16_t code, std::string reason) override {
    asio::post(socket_.get_executor(),
               [self = shared_from_this(), code, reason = std::move(reason)]() mutable {
                 if (self->close_) return;
                 self->close_ = websocket::close_reason(
                     static_cast<websocket::close_code>(code),
                     beast::string_view(reason.data(), std::min<std::size_t>(reason.size(), 120)));
                 self->wake_.cancel();
               });
  }

  // Both on the strand.
  asio::awaitable<void> write() {
    error_code error;
    while (!ended_) {
      if (queue_.empty() && close_) {
        // A close that the other end does not answer is given up.
        beast::get_lowest_layer(socket_).expires_after(kStoppedWithin);
        co_await socket_.async_close(*close_, asio::redirect_error(asio::use_awaitable, error));
        co_return;
      }
      if (queue_.empty()) {
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, error));
        wake_.expires_at(std::chrono::steady_clock::time_point::max());
        continue;
      }
      const std::shared_ptr<const std::string> message = std::move(queue_.front());
      queue_.pop_front();
      socket_.text(true);
      co_await socket_.async_write(asio::buffer(*message), asio::redirect_error(asio::use_awaitable, error));
      unsent_.fetch_sub(message->size());
      if (error) co_return;
    }
  }
  void end() {
    ended_ = true;
    wake_.cancel();
  }
  Socket& socket() { return socket_; }

 private:
  Socket socket_;
  asio::steady_timer wake_;
  std::size_t most_;
  std::atomic<std::size_t> unsent_{0};
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::optional<websocket::close_reason> close_;
  bool ended_ = false;
};

class BeastTransport : public Transport {
 public:
  BeastTransport(const TransportSettings& settings, App& app)
      : settings_(settings), app_(app), acceptor_(io_), pool_(static_cast<std::size_t>(settings.workers)) {}

  ~BeastTransport() override {
    stop();
    pool_.join();
  }

  Status open() {
    error_code error;
    tls_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                     asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
    tls_.use_certificate_chain_file(settings_.certificate.string(), error);
    if (error)
      return bad_input(settings_.certificate.string() + ": cannot be read as a certificate (PEM)",
                       error.message());
    tls_.use_private_key_file(settings_.key.string(), asio::ssl::context::pem, error);
    if (error)
      return bad_input(settings_.key.string() + ": cannot be read as the certificate's private key (PEM)",
                       error.message());
    // Buffers of idle connections go back: a thousand watchers send nothing.
    SSL_CTX_set_mode(tls_.native_handle(), SSL_MODE_RELEASE_BUFFERS);
    const auto address = asio::ip::make_address(settings_.address, error);
    if (error)
      return wrong_use(
          "\"" + settings_.address +
          "\" is no IP address to listen on; 127.0.0.1 is this machine alone, 0.0.0.0 all its networks");
    const tcp::endpoint endpoint{address, settings_.port};
    const auto shown = settings_.address + ":" + std::to_string(settings_.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(1024, error);
    if (error == asio::error::address_in_use)
      return failed(shown + " is in use by another program; choose another port by --port", error.message());
    if (error) return failed("cannot listen on " + shown, error.message());
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::size_t connections() const override { return connections_; }

  void run() override {
    asio::co_spawn(io_, accept(), asio::detached);
    std::vector<std::jthread> others;
    for (int i = 1; i < settings_.io_threads; ++i) others.emplace_back([this] { io_.run(); });
    io_.run();
  }

  void stop() override {
    if (stopping_.exchange(true)) return;
    asio::post(io_, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      {
        const std::lock_guard lock{mutex_};
        for (const auto& wire : wires_) {
          if (auto alive = wire.second.lock()) alive->close(1001, "the server stops");
        }
        // Their own threads close them: a descriptor is not theirs to lose while it stands in the list.
        for (const auto& idle : idle_) ::shutdown(idle.second, SHUT_RD);
      }
      auto timer = std::make_shared<asio::steady_timer>(io_, std::chrono::milliseconds{50});
      await_end(timer, std::chrono::steady_clock::now() + kStoppedWithin);
    });
  }

 private:
  void await_end(const std::shared_ptr<asio::steady_timer>& timer,
                 std::chrono::steady_clock::time_point until) {
    timer->async_wait([this, timer, until](error_code) {
      if (connections_ == 0 || std::chrono::steady_clock::now() > until) {
        io_.stop();
        return;
      }
      timer->expires_after(std::chrono::milliseconds{50});
      await_end(timer, until);
    });
  }

  asio::awaitable<void> accept() {
    while (!stopping_) {
      error_code error;
      tcp::socket socket = co_await acceptor_.async_accept(asio::make_strand(io_),
                                                           asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // out of descriptors, most likely: others will close theirs
        asio::steady_timer pause{io_, std::chrono::milliseconds{20}};
        co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
        continue;
      }
      if (connections_ >= settings_.max_connections) continue;  // closed at once
      socket.set_option(tcp::no_delay(true), error);
      const std::string address = socket.remote_endpoint(error).address().to_string();
      const auto executor = socket.get_executor();
      ++connections_;
      asio::co_spawn(executor, serve(Stream(std::move(socket), tls_), address),
                     [this](const std::exception_ptr&) { --connections_; });
    }
  }

  asio::awaitable<void> serve(Stream stream, std::string address) {
    error_code error;
    beast::get_lowest_layer(stream).expires_after(kHandshakeWithin);
    co_await stream.async_handshake(asio::ssl::stream_base::server,
                                    asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return;
    beast::flat_buffer buffer{kMostHeaderBytes + (64U << 10U)};
    for (bool first = true; !stopping_; first = false) {
      http::request_parser<http::empty_body> head;
      head.header_limit(kMostHeaderBytes);
      head.body_limit(boost::none);
      head.skip(false);
      {
        const Idle idle{*this, beast::get_lowest_layer(stream).socket().native_handle()};
        beast::get_lowest_layer(stream).expires_after(first ? kHeaderWithin : kIdleFor);
        co_await http::async_read_header(stream, buffer, head,
                                         asio::redirect_error(asio::use_awaitable, error));
      }
      if (error == http::error::end_of_stream || error == beast::error::timeout ||
          error == asio::error::operation_aborted)
        break;
      if (error == http::error::header_limit) {
        co_await write(stream, app_.refusal(431, "the headers are longer than 16 KiB", request_id()), false,
                       "GET");
        break;
      }
      if (error) {
        if (error.category() == http::make_error_code(http::error::bad_method).category())
          co_await write(stream,
                         app_.refusal(400, "this is no valid HTTP request: " + error.message(), request_id()),
                         false, "GET");
        break;
      }
      Request request = request_of(head.get(), address);
      if (websocket::is_upgrade(head.get())) {
        const auto message = head.release();
        auto talk = co_await work([this, &request] { return app_.upgrade(request); });
        if (auto* refused = std::get_if<Response>(&talk)) {
          co_await write(stream, std::move(*refused), false, request.method);
          break;
        }
        co_await converse(std::move(stream), message, std::get<std::shared_ptr<Talk>>(talk));
        co_return;
      }
      if (!co_await answer(stream, buffer, head, request)) break;
    }
    beast::get_lowest_layer(stream).expires_after(seconds{2});
    co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
  }

  // The body, the answer, and whether the connection goes on.
  asio::awaitable<bool> answer(Stream& stream, beast::flat_buffer& buffer,
                               http::request_parser<http::empty_body>& head, Request& request) {
    bool keep = head.get().keep_alive();
    const App::BodyRule rule = app_.body_rule(request);
    const auto length = head.content_length();
    if (length && *length > rule.most_bytes) {
      co_await write(stream,
                     app_.refusal(413, "at most " + std::to_string(rule.most_bytes) + " bytes are taken here",
                                  request.id),
                     false, request.method);
      co_await linger(stream);
      co_return false;
    }
    if (rule.to_file) {
      auto refused = co_await work([this, &request] { return app_.refuse_upload(request); });
      if (refused) {
        co_await write(stream, std::move(*refused), false, request.method);
        co_await linger(stream);
        co_return false;
      }
    }
    if (beast::iequals(head.get()[http::field::expect], "100-continue")) {
      http::response<http::empty_body> go_on{http::status::continue_, 11};
      error_code error;
      co_await http::async_write(stream, go_on, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return false;
    }
    FileAway away;
    int status = 0;
    if (rule.to_file) {
      away.path = settings_.uploads / (request.id + ".upload");
      http::request_parser<http::file_body> parser{std::move(head)};
      parser.body_limit(rule.most_bytes);
      error_code error;
      parser.get().body().open(away.path.c_str(), beast::file_mode::write, error);
      status = error ? 507 : co_await read_body(stream, buffer, parser);
      parser.get().body().close();
      request.body_file = away.path;
    } else {
      http::request_parser<http::string_body> parser{std::move(head)};
      parser.body_limit(rule.most_bytes);
      status = co_await read_body(stream, buffer, parser);
      request.body = std::move(parser.get().body());
    }
    if (status == -1) co_return false;
    if (status != 0) {
      const std::string_view why = status == 413   ? "the body is longer than is taken here"
                                   : status == 408 ? "the body came too slowly"
                                   : status == 507 ? "the upload could not be kept: the disk may be full"
                                                   : "the body is not as its headers say";
      co_await write(stream, app_.refusal(status, why, request.id), false, request.method);
      if (status == 413 || status == 507) co_await linger(stream);
      co_return false;
    }
    if (waiting_ >= settings_.max_waiting) {
      co_await write(stream, app_.refusal(503, "too many requests wait; try again in a moment", request.id),
                     keep, request.method);
      co_return keep;
    }
    Response response = co_await work([this, &request] { return app_.answer(request); });
    keep = keep && !stopping_;
    co_return co_await write(stream, std::move(response), keep, request.method) && keep;
  }

  // Whoever still sends would lose the refusal with the connection: a little of it is read and thrown away.
  asio::awaitable<void> linger(Stream& stream) {
    error_code error;
    std::vector<char> away(16U << 10U);
    beast::get_lowest_layer(stream).expires_after(kLingerFor);
    for (std::size_t read = 0; !error && read < kLingerBytes;)
      read += co_await stream.async_read_some(asio::buffer(away),
                                              asio::redirect_error(asio::use_awaitable, error));
  }

  // 0, a status that refuses, or -1: the other end is gone.
  template <typename Parser>
  asio::awaitable<int> read_body(Stream& stream, beast::flat_buffer& buffer, Parser& parser) {
    error_code error;
    const auto started = std::chrono::steady_clock::now();
    double received = 0;
    while (!parser.is_done()) {
      beast::get_lowest_layer(stream).expires_after(kPartWithin);
      received += static_cast<double>(co_await http::async_read_some(
          stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error)));
      if (error == beast::error::timeout) co_return 408;
      if (error == http::error::body_limit) co_return 413;
      if (error && error.category() == boost::system::system_category() && error.value() == ENOSPC)
        co_return 507;
      if (error && error.category() == http::make_error_code(http::error::bad_chunk).category())
        co_return error == http::error::end_of_stream || error == http::error::partial_message ? -1 : 400;
      if (error) co_return -1;
      const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - started;
      if (passed > kPartWithin && received < kSlowestBytesPerSecond * passed.count()) co_return 408;
    }
    co_return 0;
  }

  asio::awaitable<bool> write(Stream& stream, Response response, bool keep, std::string_view method) {
    error_code error;
    beast::get_lowest_layer(stream).expires_after(kSentWithin);
    const auto fill = [&](auto& message) {
      message.result(static_cast<unsigned>(response.status));
      message.version(11);
      for (const auto& [name, value] : response.headers) message.insert(name, value);
      message.keep_alive(keep);
    };
    if (!response.file.empty()) {
      const FileAway away{response.file};
      http::response<http::file_body> message;
      message.body().open(response.file.c_str(), beast::file_mode::scan, error);
      if (error) co_return false;
      fill(message);
      message.prepare_payload();
      http::response_serializer<http::file_body> parts{message};
      while (!parts.is_done() && !error) {  // as long as the other end reads on
        beast::get_lowest_layer(stream).expires_after(kSentWithin);
        co_await http::async_write_some(stream, parts, asio::redirect_error(asio::use_awaitable, error));
      }
      co_return !error;
    }
    http::response<http::string_body> message;
    message.body() = std::move(response.body);
    fill(message);
    if (response.status != 204 && response.status != 304) message.prepare_payload();
    if (method == "HEAD") message.body().clear();  // the length stays
    co_await http::async_write(stream, message, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }

  template <typename Message>
  asio::awaitable<void> converse(Stream stream, const Message& message, std::shared_ptr<Talk> talk) {
    beast::get_lowest_layer(stream).expires_never();
    auto wire = std::make_shared<BeastWire>(BeastWire::Socket(std::move(stream)), settings_.max_unsent_bytes);
    BeastWire::Socket& socket = wire->socket();
    auto timeouts = websocket::stream_base::timeout::suggested(beast::role_type::server);
    timeouts.idle_timeout = seconds{30};
    timeouts.keep_alive_pings = true;
    socket.set_option(timeouts);
    socket.read_message_max(settings_.max_message_bytes);
    error_code error;
    co_await socket.async_accept(message, asio::redirect_error(asio::use_awaitable, error));
    if (error) {
      talk->closed();
      co_return;
    }
    const std::uint64_t number = remember(wire);
    if (stopping_) wire->close(1001, "the server stops");
    talk->opened(wire);
    asio::co_spawn(
        socket.get_executor(), [wire] { return wire->write(); }, asio::detached);
    beast::flat_buffer buffer;
    while (true) {
      co_await socket.async_read(buffer, asio::redirect_error(asio::use_awaitable, error));
      if (error) break;
      const auto data = buffer.cdata();
      talk->message({static_cast<const char*>(data.data()), data.size()}, socket.got_binary());
      buffer.consume(buffer.size());
      if (buffer.capacity() > (256U << 10U)) buffer = {};
    }
    wire->end();
    forget(number);
    talk->closed();
  }

  std::uint64_t remember(const std::shared_ptr<BeastWire>& wire) {
    const std::lock_guard lock{mutex_};
    wires_.emplace(++last_, wire);
    return last_;
  }
  void forget(std::uint64_t number) {
    const std::lock_guard lock{mutex_};
    wires_.erase(number);
  }

  // Connections that wait for a request are let go when the server stops.
  struct Idle {
    Idle(BeastTransport& owner, int descriptor) : owner_(owner) {
      const std::lock_guard lock{owner.mutex_};
      number_ = ++owner.last_;
      owner.idle_.emplace(number_, descriptor);
    }
    Idle(const Idle&) = delete;
    Idle& operator=(const Idle&) = delete;
    ~Idle() {
      const std::lock_guard lock{owner_.mutex_};
      owner_.idle_.erase(number_);
    }
    BeastTransport& owner_;
    std::uint64_t number_ = 0;
  };

  template <typename Function>
  asio::awaitable<std::invoke_result_t<Function>> work(Function function) {
    ++waiting_;
    co_return co_await asio::co_spawn(
        pool_,
        [this, function]() -> asio::awaitable<std::invoke_result_t<Function>> {
          --waiting_;
          co_return function();
        },
        asio::use_awaitable);
  }

  TransportSettings settings_;
  App& app_;
  asio::io_context io_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_;
  asio::thread_pool pool_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> connections_{0}, waiting_{0};
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, std::weak_ptr<BeastWire>> wires_;
  std::map<std::uint64_t, int> idle_;
};

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

Result<std::unique_ptr<Transport>> Transport::listen(const TransportSettings& settings, App& app) {
  auto transport = std::make_unique<BeastTransport>(settings, app);
  if (Status open = transport->open(); !open) return tl::make_unexpected(open.error());
  return transport;
}

}  // namespace pyro::serve

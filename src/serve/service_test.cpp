// The whole service in this process, asked through real sockets: what the sanitizers see of it.
#include "pyro/serve/service.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "pyro/serve/upkeep.hpp"

namespace pyro::serve {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// One HTTP/1.1 connection by TLS, asking one thing at a time.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port) {
    context_ = SSL_CTX_new(TLS_client_method());
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
    tls_ = SSL_new(context_);
    SSL_set_fd(tls_, socket_);
    EXPECT_EQ(SSL_connect(tls_), 1);
  }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  ~TestClient() {
    SSL_shutdown(tls_);
    SSL_free(tls_);
    SSL_CTX_free(context_);
    ::close(socket_);
  }

  struct Reply {
    int status = 0;
    std::string head;
    json body;
  };
  Reply ask(const std::string& method, const std::string& path, const json& body = nullptr) {
    const std::string text = body.is_null() ? "" : body.dump();
    std::string request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!cookie.empty()) request += "Cookie: " + cookie + "\r\n";
    if (!csrf.empty()) request += "X-CSRF-Token: " + csrf + "\r\n";
    if (!text.empty()) request += "Content-Type: application/json\r\n";
    request += "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" + text;
    EXPECT_EQ(SSL_write(tls_, request.data(), static_cast<int>(request.size())),
              static_cast<int>(request.size()));
    return read();
  }
  Reply login(const std::string& name, const std::string& password) {
    cookie.clear(), csrf.clear();
    Reply reply = ask("POST", "/api/v1/login", {{"name", name}, {"password", password}});
    if (reply.status == 200) {
      const std::size_t at = reply.head.find("set-cookie: ") + 12;
      cookie = reply.head.substr(at, reply.head.find(';', at) - at);
      csrf = reply.body["csrf_token"];
    }
    return reply;
  }
  std::string cookie, csrf;

 private:
  Reply read() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos && more()) {
    }
    Reply out;
    if (end == std::string::npos) return out;
    out.head = buffer_.substr(0, end);
    for (char& c : out.head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    out.status = std::stoi(buffer_.substr(9, 3));
    std::size_t length = 0;
    if (const std::size_t at = out.head.find("content-length: "); at != std::string::npos)
      length = std::stoul(out.head.substr(at + 16));
    while (buffer_.size() < end + 4 + length && more()) {
    }
    if (length > 0) out.body = json::parse(buffer_.substr(end + 4, length), nullptr, false);
    // Names of headers are compared in small letters, the cookie's value must stay as it is.
    if (const std::size_t at = out.head.find("set-cookie: "); at != std::string::npos)
      out.head.replace(at, out.head.find("\r\n", at) - at,
                       "set-cookie: " + buffer_.substr(at + 12, out.head.find("\r\n", at) - at - 12));
    buffer_.erase(0, end + 4 + length);
    return out;
  }
  bool more() {
    std::array<char, 16384> part{};
    const int got = SSL_read(tls_, part.data(), static_cast<int>(part.size()));
    if (got > 0) buffer_.append(part.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  SSL_CTX* context_;
  int socket_;
  SSL* tls_;
  std::string buffer_;
};

class ServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "pyro_serve_XXXXXX";
    folder_ = ::mkdtemp(name.data());
    settings_.data = folder_ / "data";
    settings_.port = 0;
    settings_.requests_per_s = 1e6;
    start();
  }
  void TearDown() override {
    stop();
    std::filesystem::remove_all(folder_);
  }
  void start() {
    auto service = Service::open(settings_, nullptr);
    ASSERT_TRUE(service) << service.error().text();
    service_ = std::move(*service);
    runs_ = std::jthread([this] { service_->run(); });
  }
  void stop() {
    if (!service_) return;
    service_->stop();
    runs_.join();
    service_.reset();
  }
  // Signed in, with a password of their own.
  void settle(TestClient& client) {
    const auto first = service_->first_administrator();
    ASSERT_TRUE(first);
    ASSERT_EQ(client.login(first->name, first->one_time_password).status, 200);
    ASSERT_EQ(
        client.ask("POST", "/api/v1/me/password", {{"old", first->one_time_password}, {"new", kPassword}})
            .status,
        204);
    ASSERT_EQ(client.login(first->name, kPassword).status, 200);
  }

  static constexpr const char* kPassword = "a long enough sentence 42";
  std::filesystem::path folder_;
  ServiceSettings settings_;
  std::unique_ptr<Service> service_;
  std::jthread runs_;
};

TEST_F(ServiceTest, AnswersSignsInAndRefuses) {
  TestClient client(service_->port());
  EXPECT_EQ(client.ask("GET", "/healthz").status, 200);
  EXPECT_EQ(client.ask("GET", "/api/v1/me").status, 401);
  settle(client);
  EXPECT_EQ(client.ask("GET", "/api/v1/me").body["account"]["role"], "administrator");
  const auto made = client.ask("POST", "/api/v1/users", {{"name", "clara"}, {"role", "clinician"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_THAT(made.head, HasSubstr("etag: \"1\""));
  EXPECT_EQ(client.ask("POST", "/api/v1/users", {{"name", "clara"}, {"role", "clinician"}}).status, 409);
  EXPECT_EQ(client.ask("POST", "/api/v1/users", {{"name", "x"}, {"role", "king"}}).status, 422);
  EXPECT_EQ(client.ask("GET", "/api/v1/people").status, 403);
  client.csrf.clear();
  EXPECT_EQ(client.ask("POST", "/api/v1/users", {{"name", "dora"}, {"role", "clinician"}}).status, 403);
}

TEST_F(ServiceTest, ManyAtOnceAndAWholeAuditLogAfterwards) {
  TestClient first(service_->port());
  settle(first);
  std::vector<std::jthread> crowd;
  std::atomic<int> right{0};
  for (int i = 0; i < 6; ++i) {
    crowd.emplace_back([&] {
      TestClient client(service_->port());
      client.cookie = first.cookie, client.csrf = first.csrf;
      for (int j = 0; j < 15; ++j) {
        right += client.ask("POST", "/api/v1/organisations-that-are-not").status == 404;
        right += client.ask("GET", "/api/v1/audit?limit=5").status == 200;
        right += client.ask("GET", "/api/v1/users?limit=5").status == 200;
      }
    });
  }
  crowd.clear();
  EXPECT_EQ(right, 6 * 15 * 3);
  const auto verdict = verify_audit(settings_);
  ASSERT_TRUE(verdict) << verdict.error().text();
  stop();
  start();
  EXPECT_FALSE(service_->first_administrator()) << "told once";
  EXPECT_TRUE(verify_audit(settings_, verdict->anchor));
  TestClient again(service_->port());
  EXPECT_EQ(again.login("admin", kPassword).status, 200);
}

TEST_F(ServiceTest, KeepsItsDataThroughBackupNewKeyAndRestore) {
  {
    TestClient client(service_->port());
    settle(client);
    ASSERT_TRUE(back_up(settings_, folder_ / "early.db"));
    ASSERT_EQ(client.ask("POST", "/api/v1/users", {{"name", "late"}, {"role", "clinician"}}).status, 201);
  }
  EXPECT_FALSE(restore(settings_, folder_ / "early.db")) << "while the server runs";
  EXPECT_FALSE(rotate_key(settings_)) << "while the server runs";
  stop();
  ASSERT_TRUE(restore(settings_, folder_ / "early.db"));
  const auto faults = check_store(settings_);
  ASSERT_TRUE(faults) << faults.error().text();
  EXPECT_TRUE(faults->empty());
  const Status turned = rotate_key(settings_);
  ASSERT_TRUE(turned) << turned.error().text();
  start();
  TestClient client(service_->port());
  ASSERT_EQ(client.login("admin", kPassword).status, 200);
  const json users = client.ask("GET", "/api/v1/users").body["rows"];
  ASSERT_FALSE(users.empty());
  for (const json& user : users) EXPECT_NE(user["name"], "late");
  stop();
  EXPECT_FALSE(restore(settings_, folder_ / "early.db")) << "made under the key before";
  std::ofstream(settings_.data / "key") << std::string(64, 'a');
  const auto wrong = Service::open(settings_, nullptr);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::bad_input) << wrong.error().text();
}

TEST(CheckSettings, NamesWhatIsWrong) {
  ServiceSettings settings;
  settings.data = ::testing::TempDir();
  EXPECT_TRUE(check_settings(settings).empty());
  settings.certificate = "/nowhere/certificate.pem";
  EXPECT_THAT(check_settings(settings), ::testing::Contains(HasSubstr("belong together")));
  EXPECT_THAT(check_settings(settings), ::testing::Contains(HasSubstr("/nowhere/certificate.pem")));
}

}  // namespace
}  // namespace pyro::serve

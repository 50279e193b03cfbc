// A server of ours, as a program sees it that works with it: HTTPS, the certificate checked always, and what
// the contract (contracts/openapi.yaml) says and nothing else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::client {

using Json = nlohmann::json;
using Query = std::vector<std::pair<std::string, std::string>>;
// Bytes that went so far, and how many there are (0: nobody said).
using Moved = std::function<void(std::uint64_t bytes, std::uint64_t of)>;

struct Settings {
  std::string server;             // https://name[:port]
  std::filesystem::path ca_file;  // PEM, trusted alone; empty: whom this machine trusts
  std::string token;              // empty: none is sent
};

// "https://name:port", lower case, without what stands for nothing. Error (wrong_use): no such address, not
// https, a name, password, path or query in it.
[[nodiscard]] Result<std::string> origin_of(const std::string& server);

// What a server said, for a terminal: without control characters, at most `most` bytes.
[[nodiscard]] std::string printable(std::string_view text, std::size_t most = 600);

// Errors say which server, what it said and the way out: wrong_use where it is about who may (401, 403),
// bad_input where it is about what was asked or sent (other 4xx), failed where the server or the way to it is
// at fault (no answer, its certificate, 429, 5xx, an answer that is none of ours, Ctrl-C).
// What may be asked twice is, when a connection breaks or the server says that it is away: GET and DELETE,
// and POST with an Idempotency-Key. Redirects are never followed, so that the token goes to nobody else. For
// one thread at a time.
class Server {
 public:
  // Asks nothing yet. When `stop` is requested, what runs ends with an error.
  [[nodiscard]] static Result<Server> open(const Settings& settings, const std::stop_token& stop);
  Server(Server&&) noexcept;
  ~Server();

  [[nodiscard]] const std::string& origin() const;
  // Paths begin behind /api/v1/.
  [[nodiscard]] Result<Json> get(const std::string& path, const Query& query = {});
  [[nodiscard]] Result<std::string> get_text(const std::string& path, const Query& query = {});
  // Every row of all pages.
  [[nodiscard]] Result<Json> all(const std::string& path, Query query = {});
  // POST, counted once however often it is sent. `key`: the same for the same thing also when the program is
  // started again; empty: made up.
  [[nodiscard]] Result<Json> make(const std::string& path, const Json& body, std::string key = {});
  // POST, sent once: where the contract has no Idempotency-Key. null where the answer is empty.
  [[nodiscard]] Result<Json> post(const std::string& path, const Json& body);
  [[nodiscard]] Status remove(const std::string& path);

  // Uploads a file piece by piece, for a job. `person`: whose it is; may be empty. Where the network is cut
  // or the server goes away, it goes on where it ended once that is back, within two minutes. What failed for
  // good leaves nothing behind.
  [[nodiscard]] Result<Json> upload(const std::filesystem::path& file, const std::string& person,
                                    const Moved& moved);
  // The answer into a file, which appears when all of it is there. `bytes`: how many it must be; 0: any.
  [[nodiscard]] Status fetch(const std::string& path, const Query& query, const std::filesystem::path& file,
                             std::uint64_t bytes, const Moved& moved);

  // Until this job has ended, its row as it is then; a server that is away meanwhile is waited for, two
  // minutes. `shown` is called when the row has changed. When stopped, the job is cancelled.
  [[nodiscard]] Result<Json> wait(const std::string& job, const std::function<void(const Json&)>& shown);
  // POST (or DELETE) once, also after a stop, and whatever the answer: to leave nothing behind.
  void let_go(const char* method, const std::string& path);

  // Signs in; what is asked from now on, this login asks. `code`: may be empty. Errors: as above.
  [[nodiscard]] Result<Json> sign_in(const std::string& name, const std::string& password,
                                     const std::string& code);
  // Ends that login, or the token; one that is not in force any more needs no end.
  [[nodiscard]] Status sign_out();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pyro::client

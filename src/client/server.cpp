#include "pyro/client/server.hpp"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <thread>

#include "answer.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/hex.hpp"
#include "pyro/base/percent.hpp"
#include "pyro/base/sha256.hpp"

namespace pyro::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

constexpr int kTries = 4;
constexpr milliseconds kFirstPause{500}, kFirstLook{200}, kLongestLook{2000};
constexpr seconds kLongestPause{30}, kAwayFor{120}, kPieceWithin{600};
constexpr std::uint64_t kPieceBytes = std::uint64_t{8} << 20U;
constexpr std::size_t kMostRows = 1'000'000;

std::string target_of(const std::string& path, const Query& query) {
  std::string out = "/api/v1/" + path;
  char before = '?';
  for (const auto& [name, value] : query) {
    out += before + name + "=" + percent_encoded(value);
    before = '&';
  }
  return out;
}

std::string random_key() {
  std::array<std::uint8_t, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return hex_text(bytes);
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

}  // namespace

struct Server::Impl {
  Impl(std::string at, const Settings& settings, const std::stop_token& ends)
      : origin(std::move(at)), stop(ends), transfer(origin, settings.ca_file, settings.token, ends) {}

  std::string origin, csrf;
  std::stop_token stop;
  Transfer transfer;
  bool away = false;  // what failed last was only that nobody answered

  [[nodiscard]] static std::string asked(const Exchange& what) {
    return what.method + " " + what.target.substr(0, what.target.find('?'));
  }

  void pause(milliseconds time) const {
    const auto until = Clock::now() + time;
    while (!stop.stop_requested() && Clock::now() < until)
      std::this_thread::sleep_for(std::min<Clock::duration>(milliseconds{50}, until - Clock::now()));
  }

  // Once, or where it may be asked twice, up to kTries times.
  Result<Reply> ask(Exchange what, bool repeatable) {
    if (!csrf.empty()) what.headers.push_back("X-CSRF-Token: " + csrf);
    milliseconds wait = kFirstPause;
    for (int attempt = 1;; ++attempt, wait *= 2) {
      if (attempt > 1 && what.download != nullptr &&
          (std::fflush(what.download) != 0 || ::ftruncate(::fileno(what.download), 0) != 0 ||
           std::fseek(what.download, 0, SEEK_SET) != 0))
        return failed("the disk took no more: make room");
      tl::expected<Reply, NoReply> reply = transfer.run(what);
      const bool last = !repeatable || attempt == kTries || (what.stops && stop.stop_requested());
      away =
          reply ? reply->status == 502 || reply->status == 503 || reply->status == 504 : reply.error().away;
      const bool busy = reply && reply->status == 429;
      if (last || (!away && !busy)) {
        if (reply) return std::move(*reply);
        Error error = reply.error().error;
        error.context = asked(what) + (error.context.empty() ? "" : ", " + error.context);
        return tl::make_unexpected(std::move(error));
      }
      int told_s = 0;
      if (reply)
        std::from_chars(reply->retry_after.data(), reply->retry_after.data() + reply->retry_after.size(),
                        told_s);
      pause(std::clamp<milliseconds>(seconds{told_s}, wait, kLongestPause));
    }
  }

  // The first byte that is not there yet.
  static Result<std::uint64_t> received(const Result<Json>& partial, std::uint64_t bytes) {
    if (!partial) return tl::make_unexpected(partial.error());
    const auto count = partial->is_object() ? partial->find("received") : partial->end();
    if (count == partial->end() || !count->is_number_unsigned() || count->get<std::uint64_t>() > bytes)
      return failed("the server answered an upload that is not as in our contract; check --server");
    return count->get<std::uint64_t>();
  }

  // From the file's beginning until all of it is there.
  Result<Json> send_pieces(const std::string& path, std::FILE* file, std::uint64_t bytes,
                           const Moved& moved) {
    std::uint64_t at = 0;
    milliseconds wait = kFirstPause;
    auto heard = Clock::now();
    while (at < bytes) {
      Exchange piece;
      piece.method = "POST";
      piece.target = target_of(path + "/pieces", {{"offset", std::to_string(at)}});
      piece.headers = {"Content-Type: application/octet-stream"};
      piece.within_s = kPieceWithin.count();
      piece.body.resize(std::min<std::uint64_t>(kPieceBytes, bytes - at));
      if (std::fseek(file, static_cast<long>(at), SEEK_SET) != 0 ||
          std::fread(piece.body.data(), 1, piece.body.size(), file) != piece.body.size())
        return bad_input("the file could not be read to its end; it may have changed meanwhile");
      if (moved)
        piece.moved = [&](std::uint64_t sent, std::uint64_t) { moved(std::min(at + sent, bytes), bytes); };
      const Result<Reply> reply = ask(piece, true);
      if (stop.stop_requested()) return failed("stopped");
      const bool out_of_step = reply && reply->status == 409;
      Result<Json> known = reply && !out_of_step ? json_of(*reply, origin, asked(piece)) : failed("");
      if (!away && !out_of_step) {
        const Result<std::uint64_t> now = reply ? received(known, bytes) : tl::make_unexpected(reply.error());
        if (!now) return tl::make_unexpected(now.error());
        at = *now;
        heard = Clock::now();
        wait = kFirstPause;
        continue;
      }
      // Whether this piece counts, its answer did not tell.
      if (Clock::now() - heard > kAwayFor)
        return reply ? known : Result<Json>{tl::make_unexpected(reply.error())};
      pause(wait);
      wait = std::min(wait * 2, kLongestLook);
      Exchange look;
      look.target = target_of(path, {});
      known = json(look, false);
      if (away) continue;
      const Result<std::uint64_t> now = received(known, bytes);
      if (!now) return tl::make_unexpected(now.error());
      at = *now;
    }
    return Json();
  }

  Result<Json> json(const Exchange& what, bool repeatable) {
    const Result<Reply> reply = ask(what, repeatable);
    if (!reply) return tl::make_unexpected(reply.error());
    return json_of(*reply, origin, asked(what));
  }
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::Server(Server&&) noexcept = default;
Server::~Server() = default;

Result<Server> Server::open(const Settings& settings, const std::stop_token& stop) {
  if (sodium_init() < 0) return failed("this system gives no randomness");
  Result<std::string> origin = origin_of(settings.server);
  if (!origin) return tl::make_unexpected(origin.error());
  const bool clean = std::ranges::all_of(settings.token, [](char c) { return c > ' ' && c <= '~'; });
  if (!clean) return wrong_use("the token is none: it has characters that no token has; copy it anew");
  return Server{std::make_unique<Impl>(std::move(*origin), settings, stop)};
}

const std::string& Server::origin() const {
  return impl_->origin;
}

Result<Json> Server::get(const std::string& path, const Query& query) {
  Exchange what;
  what.target = target_of(path, query);
  return impl_->json(what, true);
}

Result<std::string> Server::get_text(const std::string& path, const Query& query) {
  Exchange what;
  what.target = target_of(path, query);
  Result<Reply> reply = impl_->ask(what, true);
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->status != 200) return tl::make_unexpected(refusal_of(*reply, impl_->origin, Impl::asked(what)));
  return std::move(reply->body);
}

Result<Json> Server::all(const std::string& path, Query query) {
  Json rows = Json::array();
  query.emplace_back("limit", "200");
  std::string after;
  while (true) {
    Query with = query;
    if (!after.empty()) with.emplace_back("after", after);
    Result<Json> page = get(path, with);
    if (!page) return page;
    const bool sound = page->is_object() && page->contains("rows") && (*page)["rows"].is_array() &&
                       page->contains("next") && ((*page)["next"].is_null() || (*page)["next"].is_string());
    if (!sound || rows.size() > kMostRows || (!(*page)["next"].is_null() && (*page)["rows"].empty()))
      return failed(impl_->origin + " answered a list that is not as in our contract; check --server",
                    "GET /api/v1/" + path);
    for (Json& row : (*page)["rows"]) rows.push_back(std::move(row));
    if ((*page)["next"].is_null()) return rows;
    after = (*page)["next"].get<std::string>();
  }
}

Result<Json> Server::make(const std::string& path, const Json& body, std::string key) {
  Exchange what;
  what.method = "POST";
  what.target = target_of(path, {});
  what.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  what.headers = {"Content-Type: application/json",
                  "Idempotency-Key: " + (key.empty() ? random_key() : std::move(key))};
  return impl_->json(what, true);
}

Result<Json> Server::post(const std::string& path, const Json& body) {
  Exchange what;
  what.method = "POST";
  what.target = target_of(path, {});
  if (!body.is_null()) {
    what.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    what.headers = {"Content-Type: application/json"};
  } else {
    what.headers = {"Content-Type:"};
  }
  return impl_->json(what, false);
}

Status Server::remove(const std::string& path) {
  Exchange what;
  what.method = "DELETE";
  what.target = target_of(path, {});
  const Result<Json> done = impl_->json(what, true);
  if (!done) return tl::make_unexpected(done.error());
  return {};
}

Result<Json> Server::upload(const std::filesystem::path& file, const std::string& person,
                            const Moved& moved) {
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(file, error);
  const File opened{error ? nullptr : std::fopen(file.c_str(), "rb")};
  if (!opened) return bad_input("cannot open " + file.string() + ": check that it is a file and may be read");
  if (bytes == 0) return bad_input(file.string() + " is empty");
  Result<Json> begun =
      make(person.empty() ? "partial-uploads" : "partial-uploads?person=" + person, {{"bytes", bytes}});
  if (!begun) return begun;
  const auto id = begun->is_object() ? begun->find("id") : begun->end();
  if (id == begun->end() || !id->is_string())
    return failed(impl_->origin + " answered an upload that is not as in our contract; check --server");
  const std::string path = "partial-uploads/" + id->get<std::string>();
  Result<Json> ended = impl_->send_pieces(path, opened.get(), bytes, moved);
  if (ended) {
    const Result<std::string> sum = sha256_of_file(file);
    if (!sum) return tl::make_unexpected(sum.error());
    Exchange end;
    end.method = "POST";
    end.target = target_of(path + "/end", {});
    end.body = Json{{"sha256", *sum}}.dump();
    end.headers = {"Content-Type: application/json"};
    end.within_s = 0;
    ended = impl_->json(end, true);
  }
  if (!ended) let_go("DELETE", "uploads/" + id->get<std::string>());
  return ended;
}

Status Server::fetch(const std::string& path, const Query& query, const std::filesystem::path& file,
                     std::uint64_t bytes, const Moved& moved) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40U;
  std::string name = file.string() + ".XXXXXX";
  const int descriptor = ::mkstemp(name.data());
  if (descriptor < 0) return cannot("write", file, errno);
  const auto clear = [&name] {
    std::error_code ignored;
    std::filesystem::remove(name, ignored);
  };
  File opened{::fdopen(descriptor, "wb")};
  Exchange what;
  what.target = target_of(path, query);
  what.download = opened.get();
  what.most_download = bytes > 0 ? bytes : kMost;
  what.moved = moved;
  what.within_s = 0;
  const Result<Reply> reply = impl_->ask(what, true);
  const long size = std::ftell(opened.get());
  const bool closed = std::fclose(opened.release()) == 0;
  if (!reply || reply->status != 200 || !closed) {
    clear();
    if (!reply) return tl::make_unexpected(reply.error());
    if (!closed) return cannot("write", file, errno);
    return tl::make_unexpected(refusal_of(*reply, impl_->origin, Impl::asked(what)));
  }
  if (bytes > 0 && static_cast<std::uint64_t>(size) != bytes) {
    clear();
    return failed(impl_->origin + " sent " + std::to_string(size) + " of " + std::to_string(bytes) +
                      " bytes; try again",
                  Impl::asked(what));
  }
  std::error_code error;
  std::filesystem::rename(name, file, error);
  if (!error) return {};
  clear();
  return cannot("write", file, error.value());
}

Result<Json> Server::wait(const std::string& job, const std::function<void(const Json&)>& shown) {
  std::string etag;
  milliseconds look = kFirstLook;
  auto heard = Clock::now();
  while (!impl_->stop.stop_requested()) {
    Exchange what;
    what.target = target_of("jobs/" + job, {});
    if (!etag.empty()) what.headers = {"If-None-Match: " + etag};
    const Result<Reply> reply = impl_->ask(what, false);
    const bool answered = reply && !impl_->away;
    if (answered && reply->status != 304) {
      Result<Json> row = json_of(*reply, impl_->origin, Impl::asked(what));
      if (!row) return row;
      const auto state = row->is_object() ? row->find("state") : row->end();
      if (state == row->end() || !state->is_string())
        return failed(impl_->origin + " answered a job that is not as in our contract; check --server");
      etag = reply->etag;
      if (shown) shown(*row);
      if (*state != "queued" && *state != "running" && *state != "paused") return row;
      look = kFirstLook;
    }
    if (answered) {
      heard = Clock::now();
    } else if (!impl_->away || Clock::now() - heard > kAwayFor) {
      if (impl_->stop.stop_requested()) break;
      if (!reply) return tl::make_unexpected(reply.error());
      return tl::make_unexpected(refusal_of(*reply, impl_->origin, Impl::asked(what)));
    }
    impl_->pause(look);
    look = std::min(look * 5 / 4, kLongestLook);
  }
  let_go("POST", "jobs/" + job + "/cancel");
  return failed("stopped; the job " + job + " was cancelled");
}

void Server::let_go(const char* method, const std::string& path) {
  Exchange what;
  what.method = method;
  what.target = target_of(path, {});
  if (what.method == "POST") what.headers = {"Content-Type:"};
  what.stops = false;
  what.within_s = 10;
  (void)impl_->ask(what, false);
}

Result<Json> Server::sign_in(const std::string& name, const std::string& password, const std::string& code) {
  Exchange what;
  what.method = "POST";
  what.target = target_of("login", {});
  Json body{{"name", name}, {"password", password}};
  if (!code.empty()) body["code"] = code;
  what.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  what.headers = {"Content-Type: application/json"};
  impl_->transfer.forget_token();
  const Result<Reply> reply = impl_->ask(what, false);
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->status == 401)
    return wrong_use(impl_->origin + " knows no such account with this password and code; look at each",
                     "POST login");
  Result<Json> signed_in = json_of(*reply, impl_->origin, Impl::asked(what));
  if (!signed_in) return signed_in;
  const auto csrf = signed_in->is_object() ? signed_in->find("csrf_token") : signed_in->end();
  if (csrf == signed_in->end() || !csrf->is_string())
    return failed(impl_->origin + " answered a login that is not as in our contract; check --server");
  impl_->csrf = printable(csrf->get<std::string>());
  return signed_in;
}

Status Server::sign_out() {
  Exchange what;
  what.method = "POST";
  what.target = target_of("logout", {});
  what.headers = {"Content-Type:"};
  const Result<Reply> reply = impl_->ask(what, true);
  if (!reply) return tl::make_unexpected(reply.error());
  if (reply->status == 204 || reply->status == 401) return {};
  return tl::make_unexpected(refusal_of(*reply, impl_->origin, Impl::asked(what)));
}

}  // namespace pyro::client

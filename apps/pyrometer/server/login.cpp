// login and logout: a token for this machine, made by signing in once, and its end.
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "kept_login.hpp"
#include "pyro/base/clock.hpp"
#include "server.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::json;

struct LoginFlags {
  std::string server, ca_file, name;
  std::vector<std::string> scopes{"read", "write", "batch"};
  int days = 90;
  bool json = false;
};

// The terminal itself, whatever standard input is: a password does not come out of a pipe by mistake.
class Terminal {
 public:
  Terminal() : file_(std::fopen("/dev/tty", "r+e")) {}
  ~Terminal() {
    if (file_ != nullptr) std::fclose(file_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  [[nodiscard]] bool there() const { return file_ != nullptr; }

  // None: stopped, or the terminal is gone.
  std::optional<std::string> ask(const std::string& what, bool echo) {
    const int terminal = ::fileno(file_);
    termios before{};
    if (::tcgetattr(terminal, &before) != 0) return std::nullopt;
    termios now = before;
    if (!echo) now.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    // Before the question: what is typed after it must neither be shown nor be lost.
    ::tcsetattr(terminal, TCSAFLUSH, &now);
    std::fprintf(file_, "%s: ", what.c_str());
    std::fflush(file_);
    std::optional<std::string> line = read_line(terminal);
    ::tcsetattr(terminal, TCSADRAIN, &before);
    if (!echo || !line) std::fprintf(file_, "\n");
    return line;
  }

 private:
  // Looks now and then whether Ctrl-C was pressed: echo must be given back before the program ends.
  static std::optional<std::string> read_line(int terminal) {
    std::string line;
    const std::stop_token stop = interrupted();
    while (!stop.stop_requested()) {
      pollfd wait{terminal, POLLIN, 0};
      if (::poll(&wait, 1, 100) <= 0) continue;
      char byte = 0;
      if (::read(terminal, &byte, 1) != 1) return std::nullopt;
      if (byte == '\n') return line;
      line += byte;
    }
    return std::nullopt;
  }

  std::FILE* file_;
};

std::string machine_name() {
  char name[65] = "";
  if (::gethostname(name, sizeof name - 1) != 0 || name[0] == '\0') return "pyrometer";
  return std::string("pyrometer on ") + name;
}

// The token and whose it is.
Result<KeptLogin> token_by(client::Server& server, const LoginFlags& flags) {
  Terminal terminal;
  if (!terminal.there())
    return wrong_use(
        "login asks for the password on a terminal, and there is none; give a token by PYROMETER_TOKEN or "
        "--token-file");
  const auto gone = [] { return failed("stopped; nobody was signed in"); };
  std::string name = flags.name;
  if (name.empty()) {
    const auto typed = terminal.ask("Name at " + server.origin(), true);
    if (!typed) return gone();
    name = *typed;
  }
  const auto password = terminal.ask("Password of " + name, false);
  if (!password) return gone();
  const auto code = terminal.ask("Code of the authenticator (empty: none is set up)", false);
  if (!code) return gone();
  const Result<Json> signed_in = server.sign_in(name, *password, *code);
  if (!signed_in) return tl::make_unexpected(signed_in.error());
  const Json wish{{"name", machine_name()},
                  {"scopes", flags.scopes},
                  {"expires", utc_text(utc_now() + std::chrono::days{flags.days})}};
  const Result<Json> made = server.post("me/tokens", wish);
  server.let_go("POST", "logout");
  if (!made) return tl::make_unexpected(made.error());
  const std::string secret = text_of(*made, "secret");
  if (secret.empty())
    return failed(server.origin() + " answered a token that is not as in our contract; check --server");
  return KeptLogin{server.origin(), name, secret, {}};
}

int login(const LoginFlags& flags) {
  Result<client::Server> server = client::Server::open({flags.server, flags.ca_file, {}}, interrupted());
  if (!server) return report(server.error(), flags.json);
  const Result<std::optional<KeptLogin>> before = read_login(server->origin());
  if (before && *before)
    return report({ErrorCode::wrong_use,
                   client::printable((**before).account) + " is signed in at " + server->origin() +
                       " already; pyrometer logout --server " + server->origin() + " ends that",
                   ""},
                  flags.json);
  Result<KeptLogin> login = token_by(*server, flags);
  if (!login) return report_there(login.error(), flags.json);
  std::error_code error;
  if (!flags.ca_file.empty()) login->ca_file = std::filesystem::absolute(flags.ca_file, error).string();
  if (const Status kept = keep_login(*login); !kept) return report(kept.error(), flags.json);
  const std::filesystem::path path = login_path(login->server).value_or("");
  if (flags.json) {
    print_row({{"server", login->server}, {"account", login->account}, {"kept", path.string()}}, true);
  } else {
    std::printf("Signed in at %s as %s for %d days; the token is in %s.\n", login->server.c_str(),
                login->account.c_str(), flags.days, path.c_str());
  }
  return 0;
}

int logout(const LoginFlags& flags) {
  const Result<std::string> origin = client::origin_of(flags.server);
  if (!origin) return report(origin.error(), flags.json);
  const Result<std::optional<KeptLogin>> kept = read_login(*origin);
  if (!kept) return report(kept.error(), flags.json);
  if (!*kept)
    return report({ErrorCode::wrong_use, "nobody is signed in at " + *origin + " from here", ""}, flags.json);
  Result<client::Server> server = client::Server::open(
      {*origin, flags.ca_file.empty() ? (**kept).ca_file : flags.ca_file, (**kept).token}, interrupted());
  if (!server) return report(server.error(), flags.json);
  if (const Status done = server->sign_out(); !done) return report_there(done.error(), flags.json);
  if (const Status gone = forget_login(*origin); !gone) return report(gone.error(), flags.json);
  if (flags.json) {
    print_row({{"server", *origin}, {"account", (**kept).account}, {"signed_out", true}}, true);
  } else {
    std::printf("Signed out at %s; the token counts no longer.\n", origin->c_str());
  }
  return 0;
}

CLI::App* add_one(CLI::App& app, const std::string& name, const std::string& what, LoginFlags& flags) {
  CLI::App* verb = app.add_subcommand(name, what);
  verb->add_option("--server", flags.server, "https://name:port")->type_name("URL")->required();
  verb->add_option("--ca-file", flags.ca_file,
                   "Trust this certificate (PEM) instead of whom this machine trusts; login remembers it")
      ->type_name("FILE");
  verb->add_flag("--json", flags.json, "One line of JSON");
  verb->footer("Example: pyrometer " + name + " --server https://pyrometer.example.org:8443");
  return verb;
}

}  // namespace

void add_login(CLI::App& app, Chosen& chosen) {
  auto flags = std::make_shared<LoginFlags>();
  CLI::App* in = add_one(app, "login", "Signs in at a server and keeps a token for the other verbs", *flags);
  in->add_option("--name", flags->name, "Of the account; else asked for");
  in->add_option("--scopes", flags->scopes, "What the token may, of what the account may")
      ->delimiter(',')
      ->capture_default_str();
  in->add_option("--days", flags->days, "How long the token is good for")
      ->check(CLI::Range(1, 366))
      ->capture_default_str();
  in->callback([&chosen, flags] { chosen = [flags] { return login(*flags); }; });
  auto out_flags = std::make_shared<LoginFlags>();
  CLI::App* out =
      add_one(app, "logout", "Revokes the token that login kept, and removes it here", *out_flags);
  out->callback([&chosen, out_flags] { chosen = [out_flags] { return logout(*out_flags); }; });
}

}  // namespace pyro::cli

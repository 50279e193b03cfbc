// sessions: what was recorded on a server; export: a session's frames, or all on a person, as files.
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>

#include "frames_there.hpp"
#include "meter.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/notice.hpp"
#include "server.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

struct SessionsFlags {
  ServerFlags server;
  std::string person, state, session, out;
  bool json = false;
};

int list_sessions(const SessionsFlags& flags) {
  client::Query query;
  if (!flags.state.empty()) query.emplace_back("state", flags.state);
  return list_there(flags.server, "sessions", flags.person, std::move(query),
                    {"id", "person", "kind", "state", "started", "ended", "title"}, flags.json);
}

int get_session(const SessionsFlags& flags) {
  Result<client::Server> server = open_server(flags.server);
  if (!server) return report(server.error(), flags.json);
  const Result<Json> session = server->get("sessions/" + flags.session);
  if (!session) return report_there(session.error(), flags.json);
  print_row(*session, flags.json);
  if (!flags.json) std::printf("%s\n", kNotice);
  return 0;
}

int export_session(const SessionsFlags& flags) {
  Result<client::Server> server = open_server(flags.server);
  if (!server) return report(server.error(), flags.json);
  const Result<std::int64_t> rows = fetch_frames(*server, flags.session, flags.out);
  if (!rows) return report_there(rows.error(), flags.json);
  if (flags.json) {
    print_row({{"session", flags.session}, {"out", flags.out}, {"rows", *rows}}, true);
  } else {
    std::printf("%s: %lld rows\n%s\n", flags.out.c_str(), static_cast<long long>(*rows), kNotice);
  }
  return 0;
}

int export_person(const SessionsFlags& flags) {
  Result<client::Server> server = open_server(flags.server);
  if (!server) return report(server.error(), flags.json);
  const Result<std::string> person = person_id(*server, flags.person);
  if (!person) return report_there(person.error(), flags.json);
  Meter meter{flags.json};
  std::uint64_t size = 0;
  const Status got = server->fetch(
      "people/" + *person + "/export", {}, flags.out, 0, [&](std::uint64_t bytes, std::uint64_t of) {
        size = bytes;
        if (of > 0)
          meter.progress(flags.out, "receiving", static_cast<double>(bytes) / static_cast<double>(of));
      });
  if (!got) return report_there(got.error(), flags.json);
  meter.clear();
  if (flags.json) {
    print_row({{"person", *person}, {"out", flags.out}, {"bytes", size}}, true);
  } else {
    std::printf("%s: %.1f MB; keep it as you would keep a medical record\n", flags.out.c_str(),
                static_cast<double>(size) / 1e6);
  }
  return 0;
}

// The frame of the last line of a page of frames.csv.
std::optional<std::int64_t> last_frame(std::string_view page) {
  if (!page.ends_with('\n')) return std::nullopt;
  page.remove_suffix(1);
  const std::size_t begin = page.rfind('\n');
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string_view line = page.substr(begin + 1);
  std::int64_t frame = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), frame);
  if (error != std::errc{} || end == line.data() + line.size() || *end != ',') return std::nullopt;
  return frame;
}

}  // namespace

Result<std::int64_t> fetch_frames(client::Server& server, const std::string& session, const fs::path& file) {
  const fs::path part = file.string() + ".part";
  std::error_code ignored;
  std::int64_t rows = 0, after = -1;
  const auto all = [&]() -> Status {
    const Descriptor to(part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (to.get() < 0) return cannot("write", file, errno);
    std::string header;
    while (true) {
      const Result<std::string> page =
          server.get_text("sessions/" + session + "/observations",
                          {{"format", "csv"}, {"limit", "2000"}, {"after", std::to_string(after)}});
      if (!page) return tl::make_unexpected(page.error());
      if (page->empty()) break;
      const std::optional<std::int64_t> last = last_frame(*page);
      const std::string first = page->substr(0, page->find('\n') + 1);
      if (!last || *last <= after || !first.starts_with("frame,") || (!header.empty() && first != header))
        return failed(server.origin() + " answered frames that are not as in our contract; check --server");
      std::string_view lines = *page;
      if (!header.empty()) lines.remove_prefix(header.size());
      header = first;
      rows += std::ranges::count(*page, '\n') - 1;
      after = *last;
      if (const int wrong = to.write_all(lines); wrong != 0) return cannot("write", file, wrong);
    }
    if (rows == 0) return bad_input("of this session no frames were kept");
    return {};
  };
  if (Status done = all(); !done) {
    fs::remove(part, ignored);
    return tl::make_unexpected(done.error());
  }
  std::error_code error;
  fs::rename(part, file, error);
  if (!error) return rows;
  fs::remove(part, ignored);
  return cannot("write", file, error.value());
}

void add_sessions(CLI::App& app, Chosen& chosen) {
  CLI::App* sessions = app.add_subcommand("sessions", "Sessions that were recorded on a server");
  sessions->require_subcommand(1);
  sessions->footer(
      "Example: pyrometer sessions list --person P017 --server https://pyrometer.example.org:8443");

  CLI::App* list =
      sessions->add_subcommand("list", "Those of people whom this account may see, the newest first");
  auto flags = std::make_shared<SessionsFlags>();
  list->add_option("--person", flags->person, "Only this person's: an id or pseudonym");
  list->add_option("--state", flags->state, "Only these")->check(CLI::IsMember({"open", "ended"}));
  add_server_flags(*list, flags->server, Needs::server);
  list->add_flag("--json", flags->json, "A line of JSON each");
  list->footer("Example: pyrometer sessions list --state ended --server https://pyrometer.example.org:8443");
  list->callback([&chosen, flags] { chosen = [flags] { return list_sessions(*flags); }; });

  CLI::App* get =
      sessions->add_subcommand("get", "One session with its figures; export session gives its frames");
  auto get_flags = std::make_shared<SessionsFlags>();
  get->add_option("ID", get_flags->session, "Of the session (see: pyrometer sessions list)")->required();
  add_server_flags(*get, get_flags->server, Needs::server);
  get->add_flag("--json", get_flags->json, "One line of JSON");
  get->footer("Example: pyrometer sessions get 0192… --server https://pyrometer.example.org:8443");
  get->callback([&chosen, get_flags] { chosen = [get_flags] { return get_session(*get_flags); }; });
}

void add_export_there(CLI::App& export_verb, Chosen& chosen) {
  CLI::App* session =
      export_verb.add_subcommand("session", "A session's frames from a server, as frames.csv");
  auto flags = std::make_shared<SessionsFlags>();
  session->add_option("ID", flags->session, "Of the session (see: pyrometer sessions list)")->required();
  session->add_option("--out", flags->out, "The CSV")->type_name("FILE")->required();
  add_server_flags(*session, flags->server, Needs::server);
  session->add_flag("--json", flags->json, "One line of JSON");
  session->footer(
      "Example: pyrometer export session 0192… --out frames.csv --server https://pyrometer.example.org:8443");
  session->callback([&chosen, flags] { chosen = [flags] { return export_session(*flags); }; });

  CLI::App* person = export_verb.add_subcommand(
      "person", "Everything that a server has on a person, as a zip of JSON and CSV");
  auto person_flags = std::make_shared<SessionsFlags>();
  person->add_option("PERSON", person_flags->person, "An id or pseudonym")->required();
  person->add_option("--out", person_flags->out, "The zip")->type_name("FILE")->required();
  add_server_flags(*person, person_flags->server, Needs::server);
  person->add_flag("--json", person_flags->json, "One line of JSON");
  person->footer(
      "Example: pyrometer export person P017 --out mine.zip --server https://pyrometer.example.org:8443");
  person->callback(
      [&chosen, person_flags] { chosen = [person_flags] { return export_person(*person_flags); }; });
}

}  // namespace pyro::cli

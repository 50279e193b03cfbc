#include "server.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "kept_login.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::json;

bool is_id(const std::string& word) {
  return word.size() == 36 && word[8] == '-' && word[13] == '-' && word[18] == '-' && word[23] == '-' &&
         word.find_first_not_of("0123456789abcdef-") == std::string::npos;
}

std::string cell_of(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return client::printable(value.get<std::string>(), 80);
  return client::printable(value.dump(-1, ' ', false, Json::error_handler_t::replace), 80);
}

std::vector<const CLI::App*> all_verbs(const CLI::App& app) {
  std::vector<const CLI::App*> out;
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    out.push_back(verb);
    for (const CLI::App* below : all_verbs(*verb)) out.push_back(below);
  }
  return out;
}

std::string full_name(const CLI::App& verb) {
  const CLI::App* above = verb.get_parent();
  return above == nullptr || above->get_parent() == nullptr ? verb.get_name()
                                                            : above->get_name() + " " + verb.get_name();
}

}  // namespace

void add_server_flags(CLI::App& verb, ServerFlags& flags, Needs needs) {
  CLI::Option* server = verb.add_option("--server", flags.server, "Work on this server: https://name:port")
                            ->type_name("URL")
                            ->group("Server");
  if (needs == Needs::server) server->required();
  verb.add_option("--ca-file", flags.ca_file,
                  "Trust this certificate (PEM) instead of whom this machine trusts: the server's own "
                  "tls/certificate.pem")
      ->type_name("FILE")
      ->group("Server");
  verb.add_option("--token-file", flags.token_file,
                  "The token stands in this file, readable by you alone; else in PYROMETER_TOKEN, or what "
                  "pyrometer login kept")
      ->type_name("FILE")
      ->group("Server");
}

Status check_server_flag(const CLI::App& app, const std::vector<std::string>& words) {
  const bool typed = std::ranges::any_of(
      words, [](const std::string& word) { return word == "--server" || word.starts_with("--server="); });
  if (!typed) return {};
  const CLI::App* verb = &app;
  for (const std::string& word : words) {
    const auto below = verb->get_subcommands([&](const CLI::App* each) { return each->get_name() == word; });
    if (below.empty()) break;
    verb = below.front();
  }
  if (verb == &app || verb->get_option_no_throw("--server") != nullptr) return {};
  std::string able;
  for (const CLI::App* each : all_verbs(app)) {
    if (each->get_option_no_throw("--server") != nullptr)
      able += (able.empty() ? " " : ", ") + full_name(*each);
  }
  return wrong_use("'" + full_name(*verb) +
                   "' works on files here, not on a server: leave --server out; on a server work" + able);
}

Status check_there(const CLI::App& verb, const std::vector<std::string>& flags) {
  for (const CLI::Option* option : verb.get_options()) {
    if (option->count() == 0 || option->get_lnames().empty() || option->get_group() == "Server") continue;
    const std::string flag = "--" + option->get_lnames().front();
    if (flag == "--config" || std::ranges::find(flags, flag) != flags.end()) continue;
    return wrong_use(
        flag +
        " is about work on this machine, and a server does as it was set up: leave out that or --server");
  }
  return {};
}

Result<client::Server> open_server(const ServerFlags& flags) {
  const Result<std::string> origin = client::origin_of(flags.server);
  if (!origin) return tl::make_unexpected(origin.error());
  client::Settings settings{*origin, flags.ca_file, {}};
  const char* environment = std::getenv("PYROMETER_TOKEN");
  if (!flags.token_file.empty()) {
    Result<std::string> token = read_secret(flags.token_file);
    if (!token) return tl::make_unexpected(token.error());
    settings.token = std::move(*token);
  } else if (environment != nullptr && environment[0] != '\0') {
    settings.token = environment;
  } else {
    const Result<std::optional<KeptLogin>> kept = read_login(*origin);
    if (!kept) return tl::make_unexpected(kept.error());
    if (*kept) {
      settings.token = (**kept).token;
      if (settings.ca_file.empty()) settings.ca_file = (**kept).ca_file;
    }
  }
  if (settings.token.empty())
    return wrong_use("there is no token for " + *origin + "; sign in by pyrometer login --server " + *origin +
                     ", or give one by PYROMETER_TOKEN or --token-file");
  return client::Server::open(settings, interrupted());
}

Result<std::optional<client::Server>> open_wanted(const ServerFlags& flags) {
  if (!flags.wanted()) return std::optional<client::Server>{};
  Result<client::Server> server = open_server(flags);
  if (!server) return tl::make_unexpected(server.error());
  return std::optional{std::move(*server)};
}

int report_there(const Error& error, bool json) {
  const int code = report(error, json);
  return interrupted().stop_requested() ? kExitInterrupted : code;
}

std::string text_of(const Json& json, const char* member) {
  const auto found = json.is_object() ? json.find(member) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::int64_t number_of(const Json& json, const char* member) {
  const auto found = json.is_object() ? json.find(member) : json.end();
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

Result<std::vector<std::string>> person_ids(client::Server& server, const std::vector<std::string>& words) {
  std::map<std::string, std::string> known;
  if (!std::ranges::all_of(words, is_id)) {
    const Result<Json> people = server.all("people");
    if (!people) return tl::make_unexpected(people.error());
    for (const Json& person : *people) {
      if (const std::string pseudonym = text_of(person, "pseudonym"); !pseudonym.empty())
        known.emplace(pseudonym, text_of(person, "id"));
    }
  }
  std::vector<std::string> out;
  std::set<std::string> missing;
  for (const std::string& word : words) {
    const auto found = known.find(word);
    if (is_id(word)) {
      out.push_back(word);
    } else if (found != known.end() && is_id(found->second)) {
      out.push_back(found->second);
    } else {
      missing.insert(word);
    }
  }
  if (missing.empty()) return out;
  std::string names;
  for (const std::string& one : missing) names += (names.empty() ? "" : ", ") + one;
  return bad_input(server.origin() + " has nobody by the pseudonym " + client::printable(names, 200) +
                   " whom this account may see; pyrometer people list shows them");
}

Result<std::string> person_id(client::Server& server, const std::string& word) {
  Result<std::vector<std::string>> ids = person_ids(server, {word});
  if (!ids) return tl::make_unexpected(ids.error());
  return std::move(ids->front());
}

void print_rows(const Json& rows, const std::vector<std::string>& members, bool json) {
  if (json) {
    for (const Json& row : rows) print_row(row, true);
    return;
  }
  std::vector<std::vector<std::string>> lines{members};
  for (const Json& row : rows) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const std::string& member : members) {
      const auto found = row.is_object() ? row.find(member) : row.end();
      line.push_back(found == row.end() ? "" : cell_of(*found));
    }
  }
  std::vector<std::size_t> widths(members.size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line[i];
      if (i + 1 < line.size()) text.append(widths[i] - line[i].size() + 2, ' ');
    }
    std::printf("%s\n", text.c_str());
  }
}

int list_there(const ServerFlags& flags, const char* path, const std::string& person, client::Query query,
               const std::vector<std::string>& members, bool json) {
  Result<client::Server> server = open_server(flags);
  if (!server) return report(server.error(), json);
  if (!person.empty()) {
    const Result<std::string> id = person_id(*server, person);
    if (!id) return report_there(id.error(), json);
    query.emplace_back("person", *id);
  }
  const Result<nlohmann::json> rows = server->all(path, query);
  if (!rows) return report_there(rows.error(), json);
  print_rows(*rows, members, json);
  return 0;
}

void print_row(const Json& row, bool json) {
  if (json || !row.is_object()) {
    std::printf("%s\n", row.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
    return;
  }
  for (const auto& [name, value] : row.items()) {
    if (value.is_null()) continue;
    const std::string text = value.is_string() ? value.get<std::string>()
                                               : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::printf("%-12s %s\n", client::printable(name, 40).c_str(), client::printable(text, 2000).c_str());
  }
}

}  // namespace pyro::cli

// people: the records on a server.
#include <memory>
#include <optional>

#include "server.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::json;

struct PeopleFlags {
  ServerFlags server;
  std::string pseudonym, name, contact, remarks;
  std::optional<int> birth_year;
  bool json = false;
};

int list_people(const PeopleFlags& flags) {
  Result<client::Server> server = open_server(flags.server);
  if (!server) return report(server.error(), flags.json);
  const Result<Json> people = server->all("people");
  if (!people) return report_there(people.error(), flags.json);
  print_rows(*people, {"id", "pseudonym", "name", "birth_year"}, flags.json);
  return 0;
}

int add_person(const PeopleFlags& flags) {
  Json fields = Json::object();
  const std::pair<const char*, const std::string&> texts[] = {{"pseudonym", flags.pseudonym},
                                                              {"name", flags.name},
                                                              {"contact", flags.contact},
                                                              {"remarks", flags.remarks}};
  for (const auto& [field, text] : texts) {
    if (!text.empty()) fields[field] = text;
  }
  if (flags.birth_year) fields["birth_year"] = *flags.birth_year;
  if (fields.empty())
    return report({ErrorCode::wrong_use, "say something of the person: --pseudonym, --name", ""}, flags.json);
  Result<client::Server> server = open_server(flags.server);
  if (!server) return report(server.error(), flags.json);
  const Result<Json> made = server->make("people", fields);
  if (!made) return report_there(made.error(), flags.json);
  print_row(*made, flags.json);
  return 0;
}

}  // namespace

void add_people(CLI::App& app, Chosen& chosen) {
  CLI::App* people = app.add_subcommand("people", "Records of people on a server");
  people->require_subcommand(1);
  people->footer("Example: pyrometer people list --server https://pyrometer.example.org:8443");

  CLI::App* list = people->add_subcommand("list", "Those that this account may see");
  auto list_flags = std::make_shared<PeopleFlags>();
  add_server_flags(*list, list_flags->server, Needs::server);
  list->add_flag("--json", list_flags->json, "A line of JSON each");
  list->footer("Example: pyrometer people list --server https://pyrometer.example.org:8443 --json");
  list->callback([&chosen, list_flags] { chosen = [list_flags] { return list_people(*list_flags); }; });

  CLI::App* add = people->add_subcommand("add", "A new record, in the care of whoever makes it");
  auto flags = std::make_shared<PeopleFlags>();
  add->add_option("--pseudonym", flags->pseudonym, "What the person is called in tables");
  add->add_option("--name", flags->name, "The person's name");
  add->add_option("--birth-year", flags->birth_year, "The year of birth");
  add->add_option("--contact", flags->contact, "How to reach the person");
  add->add_option("--remarks", flags->remarks, "What else there is to know");
  add_server_flags(*add, flags->server, Needs::server);
  add->add_flag("--json", flags->json, "One line of JSON");
  add->footer("Example: pyrometer people add --pseudonym P017 --server https://pyrometer.example.org:8443");
  add->callback([&chosen, flags] { chosen = [flags] { return add_person(*flags); }; });
}

}  // namespace pyro::cli

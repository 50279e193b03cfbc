// The command line as client of a server: what a verb of files needs to offer --server, and the verbs that
// work on a server only.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "../cli.hpp"
#include "pyro/client/server.hpp"

namespace pyro::cli {

struct Input;

void add_login(CLI::App& app, Chosen& chosen);  // login and logout
void add_people(CLI::App& app, Chosen& chosen);
void add_sessions(CLI::App& app, Chosen& chosen);
void add_jobs(CLI::App& app, Chosen& chosen);
void add_export_there(CLI::App& export_verb, Chosen& chosen);  // export person, export session

struct ServerFlags {
  std::string server, ca_file, token_file;
  [[nodiscard]] bool wanted() const { return !server.empty(); }
};
enum class Needs { server, nothing };
// --server, --ca-file, --token-file.
void add_server_flags(CLI::App& verb, ServerFlags& flags, Needs needs = Needs::nothing);
// wrong_use where --server is typed with a verb that works on files only.
[[nodiscard]] Status check_server_flag(const CLI::App& app, const std::vector<std::string>& words);
// wrong_use where a flag was given besides those of the server and these ("--out"): it is about work on this
// machine.
[[nodiscard]] Status check_there(const CLI::App& verb, const std::vector<std::string>& flags);

// With the token of --token-file, PYROMETER_TOKEN or what pyrometer login kept, in this order.
[[nodiscard]] Result<client::Server> open_server(const ServerFlags& flags);
// Of a command that works here as well: none where no server is named.
[[nodiscard]] Result<std::optional<client::Server>> open_wanted(const ServerFlags& flags);
// As report, but 130 without a word more where Ctrl-C ended it.
int report_there(const Error& error, bool json);

// A member of an answer; "" and 0 where it is not there, or of another kind.
[[nodiscard]] std::string text_of(const nlohmann::json& json, const char* member);
[[nodiscard]] std::int64_t number_of(const nlohmann::json& json, const char* member);

// The id of the record that is meant: an id as it is, else by its pseudonym among those that may be seen.
[[nodiscard]] Result<std::string> person_id(client::Server& server, const std::string& word);
// Ids by pseudonyms, of all of them at once. Error (bad_input): those that there are not.
[[nodiscard]] Result<std::vector<std::string>> person_ids(client::Server& server,
                                                          const std::vector<std::string>& words);

// Rows as a table of these members, or each as a line of JSON.
void print_rows(const nlohmann::json& rows, const std::vector<std::string>& members, bool json);
void print_row(const nlohmann::json& row, bool json);
// All rows at `path`, those about `person` (an id or pseudonym) where one is named, printed as above.
int list_there(const ServerFlags& flags, const char* path, const std::string& person, client::Query query,
               const std::vector<std::string>& members, bool json);

// analyze: uploads, has them analysed, and leaves the folders that it would leave here.
struct AnalyzeThere {
  ServerFlags server;
  std::string person;
  nlohmann::json options = nlohmann::json::object();  // as the contract's NewJob has them
  bool json = false;
};
int analyze_there(const AnalyzeThere& what, const std::vector<Input>& inputs);
// The files of a job that is done, into `out`; of an archive's videos into folders of their names.
[[nodiscard]] Status fetch_results(client::Server& server, const nlohmann::json& job,
                                   const std::filesystem::path& out);

// report session: made by a job there, which is removed when its report is here.
struct ReportThere {
  ServerFlags server;
  std::string session, html, pdf;  // files; empty: not wanted
  bool json = false;
};
int report_there(const ReportThere& what);

struct TrendThere {
  ServerFlags server;
  std::string person, survey, scale, timezone, csv;
  int least_days = 0;  // 0: the server's own
  bool json = false;
};
int trend_there(const TrendThere& what);

}  // namespace pyro::cli

// jobs: work that was given to a server.
#include <cstdio>
#include <memory>

#include "server.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::json;

struct JobsFlags {
  ServerFlags server;
  std::string person, job, out;
  bool json = false;
};

int list_jobs(const JobsFlags& flags) {
  return list_there(flags.server, "jobs", flags.person, {},
                    {"id", "kind", "state", "progress", "created", "person", "error"}, flags.json);
}

int get_job(const JobsFlags& flags) {
  Result<client::Server> server = open_server(flags.server);
  if (!server) return report(server.error(), flags.json);
  const Result<Json> job = server->get("jobs/" + flags.job);
  if (!job) return report_there(job.error(), flags.json);
  if (!flags.out.empty()) {
    if (text_of(*job, "state") != "done")
      return report(
          {ErrorCode::bad_input,
           "this job has no results: it is " + client::printable(text_of(*job, "state"), 20) +
               (text_of(*job, "error").empty() ? "" : ": " + client::printable(text_of(*job, "error"))),
           ""},
          flags.json);
    if (const Status got = fetch_results(*server, *job, flags.out); !got)
      return report_there(got.error(), flags.json);
  }
  print_row(*job, flags.json);
  return 0;
}

int change_job(const JobsFlags& flags, const char* deed) {
  Result<client::Server> server = open_server(flags.server);
  if (!server) return report(server.error(), flags.json);
  const Result<Json> job = server->post("jobs/" + flags.job + "/" + deed, nullptr);
  if (!job) return report_there(job.error(), flags.json);
  print_row(*job, flags.json);
  return 0;
}
int cancel_job(const JobsFlags& flags) {
  return change_job(flags, "cancel");
}
int pause_job(const JobsFlags& flags) {
  return change_job(flags, "pause");
}
int resume_job(const JobsFlags& flags) {
  return change_job(flags, "resume");
}

int remove_job(const JobsFlags& flags) {
  Result<client::Server> server = open_server(flags.server);
  if (!server) return report(server.error(), flags.json);
  if (const Status gone = server->remove("jobs/" + flags.job); !gone)
    return report_there(gone.error(), flags.json);
  if (flags.json) print_row({{"job", flags.job}, {"removed", true}}, true);
  return 0;
}

}  // namespace

void add_jobs(CLI::App& app, Chosen& chosen) {
  CLI::App* jobs = app.add_subcommand("jobs", "What a server was given to compute");
  jobs->require_subcommand(1);
  jobs->footer("Example: pyrometer jobs list --server https://pyrometer.example.org:8443");
  const auto one = [&](const char* name, const char* what, int (*act)(const JobsFlags&)) {
    CLI::App* verb = jobs->add_subcommand(name, what);
    auto flags = std::make_shared<JobsFlags>();
    if (std::string(name) == "list") {
      verb->add_option("--person", flags->person,
                       "Those about this person: an id or pseudonym; else your own");
    } else {
      verb->add_option("ID", flags->job, "Of the job (see: pyrometer jobs list)")->required();
    }
    if (std::string(name) == "get")
      verb->add_option("--out", flags->out, "Fetch its results into this folder as well")->type_name("DIR");
    add_server_flags(*verb, flags->server, Needs::server);
    verb->add_flag("--json", flags->json, "JSON, one object a line");
    verb->footer(std::string("Example: pyrometer jobs ") + name +
                 (std::string(name) == "list" ? "" : " 0192…") +
                 " --server https://pyrometer.example.org:8443");
    verb->callback([&chosen, flags, act] { chosen = [flags, act] { return act(*flags); }; });
  };
  one("list", "Your own, or those about a person; the newest first", list_jobs);
  one("get", "How far one is, and what came of it", get_job);
  one("cancel", "Ends one; nothing of it is kept", cancel_job);
  one("pause", "Holds a training, which goes on from its last whole epoch", pause_job);
  one("resume", "Goes on with one that was paused", resume_job);
  one("remove", "Removes one that has ended, with its results", remove_job);
}

}  // namespace pyro::cli

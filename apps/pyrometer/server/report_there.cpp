// report session --server: the same report of a session that a server keeps, made there.
#include <cstdio>

#include "pyro/html/page.hpp"
#include "server.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::json;

// "–" where there is no number.
std::string number_text(const Json& json, const char* member, int digits, double times = 1,
                        const char* unit = "") {
  const auto found = json.is_object() ? json.find(member) : json.end();
  if (found == json.end() || !found->is_number()) return "–";
  return html::fixed(times * found->get<double>(), digits) + unit;
}

void print_summary(const Json& summary) {
  const auto text = [&](const char* member) { return client::printable(text_of(summary, member), 200); };
  std::printf("%s\nscore S %s, volatility V %s, index %s of 100\n", text("title").c_str(),
              number_text(summary, "score", 4).c_str(), number_text(summary, "volatility", 5).c_str(),
              number_text(summary, "index", 1).c_str());
  for (const Json& finding : summary.value("findings", Json::array())) {
    if (finding.is_string()) std::printf("- %s\n", client::printable(finding.get<std::string>()).c_str());
  }
  const Json engagement = summary.value("engagement", Json::object());
  const auto share = [&](const char* member) { return number_text(engagement, member, 0, 100, " %"); };
  std::printf("engagement: seen %s, facing the camera %s, eyes open %s, expressive %s\n",
              share("seen").c_str(), share("facing").c_str(), share("eyes_open").c_str(),
              share("expressive").c_str());
  std::printf("models: %s\n%s\n", text("models").c_str(), text("notice").c_str());
}

// The job's answer, fetched; the job itself is removed, so that nothing of it stays there.
Status fetch_report(client::Server& server, const ReportThere& what, const std::string& job,
                    std::string& summary) {
  const Result<Json> done = server.wait(job, {});
  if (!done) return tl::make_unexpected(done.error());
  if (text_of(*done, "state") != "done")
    return bad_input("no report could be made", client::printable(text_of(*done, "error")));
  const std::string results = "jobs/" + job + "/results/";
  Result<std::string> text = server.get_text(results + "session.json");
  if (!text) return tl::make_unexpected(text.error());
  summary = std::move(*text);
  for (const auto& [name, file] :
       {std::pair{"session.html", what.html}, std::pair{"session.pdf", what.pdf}}) {
    if (file.empty()) continue;
    if (Status got = server.fetch(results + name, {}, file, 0, {}); !got) return got;
  }
  return {};
}

}  // namespace

int report_there(const ReportThere& what) {
  Result<client::Server> server = open_server(what.server);
  if (!server) return report(server.error(), what.json);
  const Result<Json> session = server->get("sessions/" + what.session);
  if (!session) return report_there(session.error(), what.json);
  const Result<Json> job = server->make(
      "jobs", {{"kind", "report"}, {"session", what.session}, {"person", text_of(*session, "person")}});
  if (!job) return report_there(job.error(), what.json);
  const std::string id = text_of(*job, "id");
  std::string text;
  const Status got = fetch_report(*server, what, id, text);
  server->let_go("DELETE", "jobs/" + id);
  if (!got) return report_there(got.error(), what.json);
  const Json summary = Json::parse(text, nullptr, false);
  if (!summary.is_object())
    return report(
        {ErrorCode::failed, server->origin() + " answered a report that is none; check --server", ""},
        what.json);
  if (what.json) {
    print_row(summary, true);
  } else {
    print_summary(summary);
  }
  return 0;
}

}  // namespace pyro::cli

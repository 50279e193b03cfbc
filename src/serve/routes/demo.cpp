// Simulated people to try the site out with: the administrator's to put in and to take out.
#include "../demo.hpp"

#include "../demo_work.hpp"
#include "../office.hpp"

namespace pyro::serve {
namespace {

Json state_json(const Office& office, const DemoState& state) {
  const std::optional<double> progress = office.demo->progress();
  const char* word = progress ? "adding" : !state.there ? "none" : state.whole ? "ready" : "broken";
  Json out{{"state", word},
           {"progress", progress ? Json(*progress) : Json(nullptr)},
           {"seed", nullptr},
           {"made", nullptr},
           {"people", state.people},
           {"sessions", state.sessions},
           {"responses", state.responses},
           {"alerts", state.alerts}};
  if (state.there) out.update({{"seed", state.seed}, {"made", utc_text(state.made)}});
  return out;
}

Answer get_demo(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Result<DemoState> state = demo_state(in);
    if (!state) return trouble(state);
    return json_response(200, state_json(office, *state));
  });
}

Answer put_in(Office& office, Call& call) {
  const auto accounts = new_demo_accounts(office.password_cost);
  if (!accounts) return trouble(accounts);
  const std::uint64_t seed = call.body.is_object() ? call.body.value("seed", std::uint64_t{1}) : 1;
  Answer answer = write(
      office, call,
      [&](store::Connection& in) -> Answer {
        const Result<DemoState> before = demo_state(in);
        if (!before) return trouble(before);
        if (before->there)
          return problem(409, "demo-there", "There is a demo here already; remove it first to make it anew.");
        if (const Status begun = begin_demo(in, *accounts, seed, call.now); !begun)
          return tl::make_unexpected(problem_of(begun.error()));
        Json told = Json::array();
        for (const NewDemoAccount& one : *accounts)
          told.push_back({{"name", one.told.name},
                          {"role", one.told.role},
                          {"one_time_password", one.told.one_time_password}});
        return json_response(202, {{"accounts", std::move(told)}});
      },
      "demo");
  if (answer)
    office.demo->begin([&office, now = call.now](const std::stop_token& stop, const DemoProgress& progress) {
      return fill_demo(office.database, office.library, now, stop, progress);
    });
  return answer;
}

Answer take_out(Office& office, Call& call) {
  office.demo->stop();
  // As with erasing one person: without a consent nothing of theirs runs, and nothing more is written.
  std::vector<std::string> people;
  const Status withdrawn = office.database.write([&](store::Connection& in) -> Status {
    people.clear();
    const auto rows = in.query("SELECT id FROM person WHERE simulated = 1");
    if (!rows) return tl::make_unexpected(rows.error());
    for (const store::Row& row : *rows) people.push_back(std::get<std::string>(row[0]));
    return status_of(
        in.change("DELETE FROM consent WHERE person IN (SELECT id FROM person WHERE simulated = 1)"));
  });
  if (!withdrawn) return tl::make_unexpected(problem_of(withdrawn.error()));
  if (office.hub != nullptr) {
    for (const std::string& person : people) office.hub->recheck(person);
  }
  Answer answer = write(
      office, call,
      [&](store::Connection& in) -> Answer {
        const auto gone = erase_demo(in, office.secrets);
        if (!gone) return trouble(gone);
        return json_response(200, Json(*gone));
      },
      "demo");
  // The files of jobs and videos go with their rows.
  if (answer) {
    if (const Status swept = office.jobs.sweep(office.database, call.now); !swept) return trouble(swept);
    if (const Status swept = office.recordings.sweep(office.database); !swept) return trouble(swept);
  }
  return answer;
}

}  // namespace

void add_demo_routes(Handlers& handlers) {
  handlers["getDemo"] = get_demo;
  handlers["addDemo"] = put_in;
  handlers["removeDemo"] = take_out;
}

}  // namespace pyro::serve

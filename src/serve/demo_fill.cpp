// The weeks of the demo's people, written as if they had passed.
#include <algorithm>
#include <cmath>

#include "demo.hpp"
#include "make_alerts.hpp"
#include "pyro/archive/accounts.hpp"
#include "pyro/archive/segments.hpp"
#include "pyro/archive/site.hpp"
#include "pyro/archive/summary.hpp"
#include "pyro/demo/people.hpp"
#include "responses.hpp"

namespace pyro::serve {
namespace {

using archive::Json;

// What is written at one time, of one person.
struct Event {
  enum class Kind : std::uint8_t { session, answers, week };
  UtcTime at{};
  Kind kind = Kind::session;
  std::size_t person = 0, index = 0;
};
constexpr std::size_t kEventsAtOnce = 25;

struct Prepared {
  std::string id;
  demo::DemoPerson person;
  std::vector<Json> summaries;  // of each session
};

Status add_session(store::Connection& in, const Prepared& of, std::size_t index,
                   const std::string& clinician) {
  const demo::DemoSession& session = of.person.sessions[index];
  const Result<std::string> id = id_of(archive::insert(in, archive::kSession,
                                                       {{"person", of.id},
                                                        {"kind", "simulated"},
                                                        {"state", "ended"},
                                                        {"title", "Simulated session"},
                                                        {"started", utc_text(session.started)},
                                                        {"ended", utc_text(session.ended)},
                                                        {"model", "simulated"},
                                                        {"profile", "thesis"},
                                                        {"summary", of.summaries[index]},
                                                        {"recorded_by", clinician}},
                                                       session.ended));
  if (!id) return tl::make_unexpected(id.error());
  for (const demo::Topic& topic : session.topics) {
    const auto row = archive::insert(in, archive::kKeyword,
                                     {{"person", of.id},
                                      {"session", *id},
                                      {"word", topic.word},
                                      {"from", utc_text(topic.from)},
                                      {"until", utc_text(topic.until)},
                                      {"author", clinician}},
                                     topic.until);
    if (!row) return status_of(row);
  }
  if (!session.note.empty()) {
    const auto row = archive::insert(in, archive::kNote,
                                     {{"person", of.id},
                                      {"session", *id},
                                      {"at", utc_text(session.ended)},
                                      {"text", session.note},
                                      {"author", clinician}},
                                     session.ended);
    if (!row) return status_of(row);
  }
  if (!session.kept) return {};
  Status kept;
  std::vector<records::Observation> second;
  const auto keep = [&] {
    if (kept) kept = archive::keep_segment(in, *id, second);
    second.clear();
  };
  demo::play(session, {}, [&](const records::Observation& one) {
    if (!second.empty() && std::floor(one.time.count()) != std::floor(second.front().time.count())) keep();
    second.push_back(one);
  });
  keep();
  return kept;
}

Status add_answers(store::Connection& in, const Prepared& of, std::size_t index) {
  const demo::DemoAnswers& given = of.person.answers[index];
  return status_of(add_response(in, *given.instrument,
                                {of.id,
                                 given.taken,
                                 given.instrument->id,
                                 given.instrument->version,
                                 "",
                                 {given.answers.begin(), given.answers.end()}},
                                {}, given.taken));
}

std::vector<Event> events_of(const std::vector<Prepared>& people) {
  std::vector<Event> out;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const demo::DemoPerson& person = people[i].person;
    for (std::size_t s = 0; s < person.sessions.size(); ++s) {
      const UtcTime ended = person.sessions[s].ended;
      out.push_back({ended, Event::Kind::session, i, s});
      // Rules look at weeks: they are asked after a week's last session.
      const auto week = [](UtcTime at) {
        return std::chrono::floor<std::chrono::days>(at - std::chrono::days{4}).time_since_epoch().count() /
               7;
      };
      if (s + 1 == person.sessions.size() || week(person.sessions[s + 1].ended) != week(ended))
        out.push_back({ended, Event::Kind::week, i, s});
    }
    for (std::size_t a = 0; a < person.answers.size(); ++a)
      out.push_back({person.answers[a].taken, Event::Kind::answers, i, a});
  }
  std::ranges::stable_sort(out, {}, &Event::at);
  return out;
}

Status add_event(store::Connection& in, const Library& library, const Event& event, const Prepared& of,
                 const std::string& clinician) {
  switch (event.kind) {
    case Event::Kind::session:
      return add_session(in, of, event.index, clinician);
    case Event::Kind::answers:
      return add_answers(in, of, event.index);
    case Event::Kind::week:
      break;
  }
  const auto site = archive::site_of(in);
  if (!site) return status_of(site);
  if (!security::expressions_allowed(site->rules)) return {};
  return status_of(make_alerts(in, library, of.id, event.at));
}

// Frames are many: of all but the newest sessions only the figures stay.
Prepared prepared(const demo::DemoSettings& settings, std::size_t number, std::string id,
                  const Library& library) {
  Prepared out{std::move(id), demo::make_person(settings, number, library.instruments), {}};
  const score::ScoreSettings score;
  for (demo::DemoSession& session : out.person.sessions) {
    report::SessionTable table(score, "simulated", score::stable_hash(score::settings_text(score)));
    archive::MeanExpressions means;
    demo::play(session, score, [&](const records::Observation& one) {
      table.add(one);
      if (!one.valid || !one.expression.known()) return;
      std::array<double, records::kClasses> p{};
      std::ranges::copy(one.expression.p, p.begin());
      means.add(one.face.face_id, p);
    });
    out.summaries.push_back(archive::summary_of(table, means, score));
    if (!session.kept) session.frames = {};
  }
  return out;
}

}  // namespace

Status fill_demo(store::Database& database, const Library& library, UtcTime now, const std::stop_token& stop,
                 const DemoProgress& progress) {
  demo::DemoSettings settings{.now = now};
  std::string clinician;
  std::vector<std::string> ids(settings.people);
  Status known = database.read([&](store::Connection& in) -> Status {
    const Result<DemoState> state = demo_state(in);
    if (!state) return status_of(state);
    settings.seed = state->seed;
    const auto account = archive::account_named(in, kDemoClinician);
    if (!account) return status_of(account);
    if (!state->there || !*account) return failed("the demo was removed meanwhile");
    clinician = (*account)->id;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto rows =
          in.query("SELECT id FROM person WHERE pseudonym = $1", demo::facts_of(settings, i).pseudonym);
      if (!rows) return status_of(rows);
      if (rows->empty()) return failed("a person of the demo was erased meanwhile");
      ids[i] = std::get<std::string>(rows->front()[0]);
    }
    return {};
  });
  if (!known) return known;
  // Making up takes most of the time.
  constexpr double kMakingUp = 0.7;
  std::vector<Prepared> people;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (stop.stop_requested()) return failed("stopped");
    people.push_back(prepared(settings, i, ids[i], library));
    progress(kMakingUp * static_cast<double>(i + 1) / static_cast<double>(ids.size()));
  }
  const std::vector<Event> events = events_of(people);
  for (std::size_t begin = 0; begin < events.size(); begin += kEventsAtOnce) {
    if (stop.stop_requested()) return failed("stopped");
    const std::size_t end = std::min(begin + kEventsAtOnce, events.size());
    const Status kept = database.write([&](store::Connection& in) -> Status {
      for (std::size_t i = begin; i < end; ++i) {
        const Event& event = events[i];
        if (Status added = add_event(in, library, event, people[event.person], clinician); !added)
          return added;
      }
      return {};
    });
    if (!kept) return kept;
    progress(kMakingUp + (1 - kMakingUp) * static_cast<double>(end) / static_cast<double>(events.size()));
  }
  return database.write(
      [](store::Connection& in) { return status_of(in.change("UPDATE demo SET whole = 1 WHERE id = 1")); });
}

}  // namespace pyro::serve

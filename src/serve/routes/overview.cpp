// Everybody of the caller's at once, with what a list of them shows: sessions, newest weeks, open alerts.
#include "pyro/archive/overview.hpp"

#include <cmath>
#include <utility>

#include "../office.hpp"
#include "pyro/base/written_time.hpp"
#include "pyro/serve/series.hpp"

namespace pyro::serve {
namespace {

constexpr std::size_t kWeeksTold = 10;
// People whose weeks are worked out in one transaction: others want to write, too.
constexpr std::size_t kAtOnce = 25;

// Of the index, as alerts see it: weeks are UTC's, with at least two days.
Json weeks_json(const trend::PersonTrend& trend) {
  Json values = Json::array(), level = nullptr, before = nullptr, change = nullptr;
  const std::size_t first = trend.weeks.size() - std::min(trend.weeks.size(), kWeeksTold);
  for (std::size_t i = 0; i < trend.weeks.size(); ++i) {
    const trend::Week& week = trend.weeks[i];
    if (week.level) before = std::exchange(level, trend::name_of(*week.level));
    if (i >= first)
      values.push_back(std::isfinite(week.value) ? Json(std::round(week.value * 10) / 10) : Json());
  }
  if (trend.changes.value) {
    for (const trend::ChangePoint& point : trend.changes.value->points) {
      if (point.change != trend::Change::none)
        change = {{"day", day_text(point.day)}, {"change", trend::name_of(point.change)}};
    }
  }
  return {{"values", values}, {"level", level}, {"level_before", before}, {"change", change}};
}

Result<archive::PersonOverview> overview_of(store::Connection& in, const std::string& person) {
  const auto series = series_of(in, person, {}, Zone{});
  if (!series) return tl::make_unexpected(series.error());
  return archive::with_sessions(in, person, weeks_json(trend::follow(*series, {})));
}

// Those of whom nothing is kept, or what another program worked out.
Result<std::vector<std::string>> without_overview(store::Connection& in, const Office& office,
                                                  const Call& call) {
  const auto subjects = archive::subjects_of(in, call.actor);
  if (!subjects) return tl::make_unexpected(subjects.error());
  const auto kept = archive::overviews_of(in, call.actor, office.facts.version);
  if (!kept) return tl::make_unexpected(kept.error());
  std::vector<std::string> out;
  for (const archive::KnownSubject& one : *subjects) {
    if (!kept->contains(one.person)) out.push_back(one.person);
  }
  return out;
}

Status keep_overviews(Office& office, const std::vector<std::string>& people) {
  for (std::size_t begin = 0; begin < people.size(); begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, people.size());
    const Status kept = office.database.write([&](store::Connection& in) -> Status {
      for (std::size_t i = begin; i < end; ++i) {
        // Whoever was erased meanwhile has nothing to keep.
        const auto there = in.query("SELECT id FROM person WHERE id = $1", people[i]);
        if (!there) return tl::make_unexpected(there.error());
        if (there->empty()) continue;
        const auto made = overview_of(in, people[i]);
        if (!made) return tl::make_unexpected(made.error());
        if (Status done = archive::keep_overview(in, people[i], *made, office.facts.version); !done)
          return done;
      }
      return {};
    });
    if (!kept) return kept;
  }
  return {};
}

Result<std::map<std::string, std::int64_t>> open_alerts(store::Connection& in, const Call& call) {
  archive::Reach reach = archive::reach_of(call.actor, "alert.person");
  reach.condition.replace(reach.condition.find('$'), 1, "$1");
  const auto rows = in.query("SELECT person, COUNT(*) FROM alert WHERE " + reach.condition +
                                 " AND state <> 'followed_up' GROUP BY person",
                             reach.value.value_or(store::Value{}));
  if (!rows) return tl::make_unexpected(rows.error());
  std::map<std::string, std::int64_t> out;
  for (const store::Row& row : *rows) out[std::get<std::string>(row[0])] = std::get<std::int64_t>(row[1]);
  return out;
}

// What this caller may read of one person; null is what they may not, or what there is not.
Json shown(const Call& call, const archive::KnownSubject& of, const archive::PersonOverview& overview,
           std::int64_t alerts) {
  using security::Action;
  const security::Subject about = of.subject();
  const auto may = [&](Action action) {
    const auto decision = security::decide(call.actor, action, &about, call.site.rules, call.now);
    return decision.allowed() && decision.view != security::View::survey_only;
  };
  Json out{{"person", of.person},    {"sessions", nullptr},     {"last_session", nullptr},
           {"level", nullptr},       {"level_before", nullptr}, {"change", nullptr},
           {"weeks", Json::array()}, {"open_alerts", nullptr}};
  if (may(Action::sessions_read)) {
    out["sessions"] = overview.sessions;
    if (overview.last_session) out["last_session"] = utc_text(*overview.last_session);
  }
  if (may(Action::trends_read)) {
    out["weeks"] = overview.weeks.at("values");
    for (const char* part : {"level", "level_before", "change"}) out[part] = overview.weeks.at(part);
  }
  if (may(Action::alerts_read)) out["open_alerts"] = alerts;
  return out;
}

Answer overview_people(Office& office, Call& call) {
  std::vector<std::string> missing;
  const Status looked = office.database.read([&](store::Connection& in) -> Status {
    auto found = without_overview(in, office, call);
    if (!found) return tl::make_unexpected(found.error());
    missing = std::move(*found);
    return {};
  });
  if (!looked) return trouble(looked);
  if (const Status kept = keep_overviews(office, missing); !kept) return trouble(kept);
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto subjects = archive::subjects_of(in, call.actor);
    if (!subjects) return trouble(subjects);
    const auto kept = archive::overviews_of(in, call.actor, office.facts.version);
    if (!kept) return trouble(kept);
    const auto alerts = open_alerts(in, call);
    if (!alerts) return trouble(alerts);
    Json rows = Json::array();
    for (const archive::KnownSubject& one : *subjects) {
      const security::Subject about = one.subject();
      if (!security::decide(call.actor, security::Action::people_read, &about, call.site.rules, call.now)
               .allowed())
        continue;
      const auto known = kept->find(one.person);
      const auto open = alerts->find(one.person);
      const std::int64_t count = open == alerts->end() ? 0 : open->second;
      if (known != kept->end()) {
        rows.push_back(shown(call, one, known->second, count));
        continue;
      }
      // A session of theirs changed in this very moment.
      const auto made = overview_of(in, one.person);
      if (!made) return trouble(made);
      rows.push_back(shown(call, one, *made, count));
    }
    return json_response(200, {{"rows", rows}});
  });
}

}  // namespace

void add_overview_routes(Handlers& handlers) {
  handlers["overviewPeople"] = overview_people;
}

}  // namespace pyro::serve

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
  const archive::Reach reach = archive::reach_of(call.actor, "alert.person");
  const auto rows =
      in.query("SELECT person, COUNT(*) FROM alert WHERE " + archive::numbered(reach.condition, 1) +
                   " AND state <> 'followed_up' GROUP BY person",
               reach.value.value_or(store::Value{}));
  if (!rows) return tl::make_unexpected(rows.error());
  std::map<std::string, std::int64_t> out;
  for (const store::Row& row : *rows) out[std::get<std::string>(row[0])] = std::get<std::int64_t>(row[1]);
  return out;
}

// What this caller may read of one person; null is what they may not, or what there is not.
Json shown(const Call& call, const security::Subject& about, archive::PersonOverview overview,
           std::int64_t alerts) {
  using security::Action;
  const auto may = [&](Action action) {
    const auto decision = security::decide(call.actor, action, &about, call.site.rules, call.now);
    return decision.allowed() && decision.view != security::View::survey_only;
  };
  Json out{{"person", about.person}, {"sessions", nullptr},     {"last_session", nullptr},
           {"level", nullptr},       {"level_before", nullptr}, {"change", nullptr},
           {"weeks", Json::array()}, {"open_alerts", nullptr}};
  if (may(Action::sessions_read)) {
    out["sessions"] = overview.sessions;
    if (overview.last_session) out["last_session"] = utc_text(*overview.last_session);
  }
  if (may(Action::trends_read)) {
    out["weeks"] = std::move(overview.weeks.at("values"));
    for (const char* part : {"level", "level_before", "change"})
      out[part] = std::move(overview.weeks.at(part));
  }
  if (may(Action::alerts_read)) out["open_alerts"] = alerts;
  return out;
}

struct Gathered {
  Json rows = Json::array();
  std::vector<std::string> missing;  // people of whom nothing is kept, or what another program worked out
};

// `all`: also those that are missing, worked out on the spot.
Result<Gathered> gather(store::Connection& in, const Office& office, const Call& call, bool all) {
  const auto subjects = archive::subjects_of(in, call.actor);
  if (!subjects) return tl::make_unexpected(subjects.error());
  auto kept = archive::overviews_of(in, call.actor, office.facts.version);
  if (!kept) return tl::make_unexpected(kept.error());
  const auto alerts = open_alerts(in, call);
  if (!alerts) return tl::make_unexpected(alerts.error());
  Gathered out;
  for (const archive::KnownSubject& one : *subjects) {
    const security::Subject about = one.subject();
    if (!security::decide(call.actor, security::Action::people_read, &about, call.site.rules, call.now)
             .allowed())
      continue;
    const auto known = kept->find(one.person);
    if (known == kept->end()) out.missing.push_back(one.person);
    if (known == kept->end() && !all) continue;
    auto overview = known == kept->end() ? overview_of(in, one.person)
                                         : Result<archive::PersonOverview>{std::move(known->second)};
    if (!overview) return tl::make_unexpected(overview.error());
    const auto open = alerts->find(one.person);
    out.rows.push_back(shown(call, about, std::move(*overview), open == alerts->end() ? 0 : open->second));
  }
  return out;
}

Answer overview_people(Office& office, Call& call) {
  Gathered found;
  const auto look = [&](bool all) {
    return office.database.read([&](store::Connection& in) -> Status {
      auto gathered = gather(in, office, call, all);
      if (!gathered) return tl::make_unexpected(gathered.error());
      found = std::move(*gathered);
      return {};
    });
  };
  if (const Status looked = look(false); !looked) return trouble(looked);
  if (!found.missing.empty()) {
    if (const Status kept = keep_overviews(office, found.missing); !kept) return trouble(kept);
    // A session of somebody may have changed again in this very moment.
    if (const Status looked = look(true); !looked) return trouble(looked);
  }
  if (const Status noted = office.audit.record(audit_entry(call, "allowed")); !noted) return trouble(noted);
  return json_response(200, {{"rows", std::move(found.rows)}});
}

}  // namespace

void add_overview_routes(Handlers& handlers) {
  handlers["overviewPeople"] = overview_people;
}

}  // namespace pyro::serve

// A data folder with as many people and sessions as a large site has after years, for bench/serve.py:
// sessions with the summaries from which trends and groups are told, surveys, consents, one team of all; and
// the observations of the last session of some people. All figures are made up (a seeded random walk).
//
// usage: fill_site DATA_FOLDER CLINICIAN PEOPLE SESSIONS MINUTES PEOPLE_WITH_OBSERVATIONS
// DATA_FOLDER: of a server that was started once and has an account named CLINICIAN, who is chosen by all.
#include <cstdio>
#include <cstdlib>
#include <random>

#include "pyro/archive/accounts.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/archive/segments.hpp"
#include "pyro/archive/session_figures.hpp"
#include "pyro/archive/summary.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/serve/data_folder.hpp"
#include "synthetic.hpp"

namespace {

using namespace pyro;
using archive::Json;

template <typename T>
T must(Result<T> made) {
  if (!made) {
    std::fprintf(stderr, "fill_site: %s\n", made.error().text().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*made);
}

struct Plan {
  int people, sessions, minutes, observed;
};

constexpr std::chrono::hours kApart{42};  // four sessions a week

class Filler {
 public:
  Filler(store::Database& database, const Plan& plan) : database_(database), plan_(plan) {}

  void fill(const std::string& clinician) {
    const UtcTime now = utc_now();
    std::string team;
    must(database_.write([&](store::Connection& to) -> Status {
      const auto account = archive::account_named(to, clinician);
      if (!account || !*account) return bad_input("there is no account \"" + clinician + "\"");
      account_ = (*account)->id;
      const std::string organisation = row(to, archive::kOrganisation, {{"name", "Made up"}}, now);
      team = row(to, archive::kTeam, {{"organisation", organisation}, {"name", "All"}}, now);
      return {};
    }));
    Json summary;
    for (int number = 0; number < plan_.people; ++number) {
      const bool observed = number < plan_.observed;
      std::string last;
      must(database_.write([&](store::Connection& to) {
        last = person(to, number, team, summary, now);
        return Status{};
      }));
      if (observed) observe(last);
      if (summary.is_null()) {
        must(database_.read([&](store::Connection& in) -> Status {
          summary = must(archive::summary_of(in, last, {}));
          return {};
        }));
        must(database_.write([&](store::Connection& to) {  // that of the sessions of whoever came first
          return change(to, summary);
        }));
      }
      if (number % 100 == 99) std::fprintf(stderr, "%d people\n", number + 1);
    }
  }

 private:
  static std::string row(store::Connection& to, const archive::Table& table, const Json& fields, UtcTime at) {
    return must(archive::insert(to, table, fields, at)).at("id").get<std::string>();
  }

  // Everything of one person but observations; the last session's id.
  std::string person(store::Connection& to, int number, const std::string& team, const Json& summary,
                     UtcTime now) {
    const std::string id = row(to, archive::kPerson, {{"pseudonym", "made-up-" + std::to_string(number)}},
                               now - plan_.sessions * kApart);
    row(to, archive::kCare, {{"person", id}, {"account", account_}, {"kind", "clinician"}}, now);
    row(to, archive::kMember, {{"team", team}, {"person", id}}, now);
    row(to, archive::kConsent,
        {{"person", id},
         {"scopes", {"live_analysis", "store_observations", "group_aggregates"}},
         {"purpose", "a benchmark"},
         {"from", utc_text(now - plan_.sessions * kApart)},
         {"text_version", "1"},
         {"on_paper", false}},
        now);
    for (const char* state : {"new", "followed_up"}) {
      row(to, archive::kAlert,
          {{"person", id},
           {"rule", "made-up"},
           {"level", "elevated"},
           {"title", "Made up"},
           {"text", "Made up"},
           {"state", state}},
          now);
    }
    std::normal_distribution<double> step(0, 2);
    double strain = 35;
    std::string last;
    for (int s = 0; s < plan_.sessions; ++s) {
      const UtcTime at = now - (plan_.sessions - s) * kApart;
      strain = std::clamp(strain + step(random_), 5.0, 95.0);
      Json of = summary;
      if (of.is_object()) of["people"][0]["index"] = strain;
      last = row(to, archive::kSession,
                 {{"person", id},
                  {"kind", "live"},
                  {"state", "ended"},
                  {"started", utc_text(at)},
                  {"ended", utc_text(at + std::chrono::minutes{plan_.minutes})},
                  {"profile", "thesis"},
                  {"summary", of},
                  {"recorded_by", account_}},
                 at);
      if (s % 4 == 3) note(to, id, last, s, at);
    }
    return last;
  }

  void note(store::Connection& to, const std::string& person, const std::string& session, int number,
            UtcTime at) const {
    row(to, archive::kNote,
        {{"person", person},
         {"session", session},
         {"text", "rota, week " + std::to_string(number / 4)},
         {"author", account_}},
        at);
    row(to, archive::kKeyword,
        {{"person", person},
         {"session", session},
         {"word", "rota"},
         {"from", utc_text(at)},
         {"author", account_}},
        at);
  }

  void observe(const std::string& session) {
    for (int minute = 0; minute < plan_.minutes; ++minute) {
      must(database_.write([&](store::Connection& to) -> Status {
        for (int s = 0; s < 60; ++s) {
          if (Status kept = archive::keep_segment(to, session, bench::second_of(1, 60 * minute + s)); !kept)
            return kept;
        }
        return {};
      }));
    }
  }

  static Status change(store::Connection& to, const Json& summary) {
    const auto changed = to.change(
        "UPDATE session SET summary = $1 WHERE summary IS NULL OR summary = 'null'", summary.dump());
    return changed ? archive::fill_session_figures(to) : Status{tl::make_unexpected(changed.error())};
  }

  store::Database& database_;
  Plan plan_;
  std::string account_;
  std::mt19937_64 random_{1};
};

}  // namespace

int main(int count, char** words) {
  if (count != 7) {
    std::fprintf(stderr,
                 "usage: fill_site DATA_FOLDER CLINICIAN PEOPLE SESSIONS MINUTES PEOPLE_WITH_OBSERVATIONS\n");
    return 2;
  }
  serve::ServiceSettings settings;
  settings.data = words[1];
  const store::Key key = must(serve::master_key(settings, serve::IfMissing::refuse));
  const auto database = must(serve::open_database(settings, key));
  Filler(*database, {std::atoi(words[3]), std::atoi(words[4]), std::atoi(words[5]), std::atoi(words[6])})
      .fill(words[2]);
  return 0;
}

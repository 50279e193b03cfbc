// The kind "validate": what `pyrometer validate` does, of a table or of the site's own sessions and answers.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "../report_pages.hpp"
#include "job_data.hpp"
#include "job_kinds.hpp"
#include "pyro/archive/main_face.hpp"
#include "pyro/archive/rows.hpp"
#include "pyro/archive/simulated.hpp"
#include "pyro/base/csv_text.hpp"
#include "pyro/base/files.hpp"
#include "pyro/serve/questionnaires.hpp"
#include "pyro/validity/report.hpp"

namespace pyro::cli {
namespace {

using jobs::Json;

struct Asked {
  std::string instrument, scale, figure;
  bool percent = true;
  std::chrono::microseconds within{};
  std::set<std::string> otherwise = {};  // versions that count the scale otherwise than the newest
};

struct Sessions {
  std::int64_t people = 0, refused = 0, without_answer = 0, pairs = 0;
  bool simulated = false;  // the demo's, asked for by an account of the demo
  std::string csv = "person,score,survey,session,time\n";
};

// The scale's value in the person's answer that is nearest to the session, if one is near enough.
std::optional<double> nearest(const std::map<std::int64_t, double>& answers, std::int64_t at_us,
                              const Asked& asked) {
  const auto after = answers.lower_bound(at_us);
  auto best = answers.end();
  if (after != answers.end()) best = after;
  if (after != answers.begin()) {
    const auto before = std::prev(after);
    if (best == answers.end() || at_us - before->first <= best->first - at_us) best = before;
  }
  if (best == answers.end() || std::abs(best->first - at_us) > asked.within.count()) return std::nullopt;
  return best->second;
}

Result<std::map<std::int64_t, double>> answers_of(store::Connection& in, const std::string& person,
                                                  const Asked& asked) {
  const auto rows =
      in.query("SELECT taken_us, score, definition FROM response WHERE person = $1 AND instrument = $2",
               person, asked.instrument);
  if (!rows) return tl::make_unexpected(rows.error());
  std::map<std::int64_t, double> out;
  for (const store::Row& row : *rows) {
    if (asked.otherwise.contains(std::get<std::string>(row[2]))) continue;
    const Json score = Json::parse(std::get<std::string>(row[1]), nullptr, false);
    if (!score.is_object()) continue;
    for (const Json& scale : score.value("scales", Json::array())) {
      if (scale.value("scale", "") != asked.scale) continue;
      if (const auto value = archive::figure_of(scale, asked.percent ? "percent" : "score"))
        out[std::get<std::int64_t>(row[0])] = *value;
    }
  }
  return out;
}

Status add_person(store::Connection& in, const std::string& person, const std::string& pseudonym,
                  const Asked& asked, Sessions& out) {
  const auto answers = answers_of(in, person, asked);
  if (!answers) return tl::make_unexpected(answers.error());
  const auto rows = in.query(
      "SELECT id, started_us, summary FROM session WHERE person = $1 AND state = 'ended' ORDER BY "
      "started_us, id",
      person);
  if (!rows) return tl::make_unexpected(rows.error());
  for (const store::Row& row : *rows) {
    if (!std::holds_alternative<std::string>(row[2])) continue;
    const Json summary = Json::parse(std::get<std::string>(row[2]), nullptr, false);
    const Json* face = archive::main_face(summary);
    if (face == nullptr || archive::readable_share(*face) < archive::kReadableEnough) continue;
    const auto value = archive::figure_of(*face, asked.figure.c_str());
    if (!value) continue;
    const auto at_us = std::get<std::int64_t>(row[1]);
    const auto answer = nearest(*answers, at_us, asked);
    if (!answer) {
      ++out.without_answer;
      continue;
    }
    ++out.pairs;
    out.csv += csv_cell(pseudonym) + "," + Json(*value).dump() + "," + Json(*answer).dump() + "," +
               std::get<std::string>(row[0]) + "," + utc_text(archive::time_of_us(at_us)) + "\n";
  }
  return {};
}

// Of the people who agreed to research and whose study is this account's, one snapshot.
Result<Sessions> sessions_of(const jobs::Task& task, store::Database& database, Asked asked) {
  const UtcTime now =
      std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  Sessions out;
  std::vector<jobs::Use> used;
  const Status read = database.read([&](store::Connection& in) -> Status {
    out = {};
    used.clear();
    auto otherwise = serve::counted_otherwise(in, asked.instrument, asked.scale);
    if (!otherwise) return tl::make_unexpected(otherwise.error());
    asked.otherwise = std::move(*otherwise);
    const auto demo = archive::is_simulated(in, archive::kAccount, task.lease.account);
    if (!demo) return tl::make_unexpected(demo.error());
    out.simulated = *demo;
    const auto people = in.query(
        "SELECT id, pseudonym FROM person WHERE simulated = $1 AND id IN (SELECT person FROM session WHERE "
        "state = 'ended') ORDER BY id",
        std::int64_t{*demo});
    if (!people) return tl::make_unexpected(people.error());
    for (const store::Row& row : *people) {
      if (task.stop.stop_requested()) return failed("stopped");
      const std::string person = std::get<std::string>(row[0]);
      const std::array<jobs::Use, 2> uses{jobs::Use{person, security::Action::observations_read},
                                          jobs::Use{person, security::Action::responses_read}};
      const auto refused = jobs::refused_use(in, task.lease.account, uses, now);
      if (!refused) return tl::make_unexpected(refused.error());
      if (*refused != nullptr) {
        ++out.refused;
        continue;
      }
      ++out.people;
      used.insert(used.end(), uses.begin(), uses.end());
      if (Status added = add_person(in, person, std::get<std::string>(row[1]), asked, out); !added)
        return added;
    }
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  task.uses(std::move(used));
  return out;
}

// The pairs themselves, for a page to draw: [person, score, survey], persons by number in the order in which
// they come.
Json points_of(const std::vector<validity::Validation>& validations) {
  Json out = Json::array();
  for (const validity::Validation& one : validations) {
    std::map<std::string, std::size_t> numbers;
    Json points = Json::array();
    for (const validity::Pair& pair : one.table.pairs) {
      const std::size_t number = numbers.emplace(pair.person, numbers.size()).first->second;
      points.push_back({number, pair.score, pair.survey});
    }
    out.push_back({{"score", one.table.score}, {"survey", one.table.survey}, {"points", std::move(points)}});
  }
  return {{"comparisons", std::move(out)}};
}

}  // namespace

Result<Json> validate_job(const jobs::Task& task, store::Database& database) {
  const Json options = options_of(task);
  validity::PairColumns columns;
  columns.scores = options.value("scores", columns.scores);
  columns.surveys = options.value("surveys", columns.surveys);
  for (const auto& [key, column] : {std::pair{"person", &columns.person}, std::pair{"group", &columns.group},
                                    std::pair{"session", &columns.session}, std::pair{"time", &columns.time}})
    *column = options.value(key, *column);
  columns.skip_missing = options.value("skip_missing", false);
  validity::ValidationSettings settings;
  settings.permutations = options.value("permutations", settings.permutations);
  settings.seed = options.value("seed", settings.seed);
  settings.same_unit = !options.value("different_units", false);
  Json told = Json::object();
  std::filesystem::path table;
  std::string source = "an uploaded table";
  if (!task.inputs.empty()) {
    table = task.inputs.front();
    columns.instrument = options.value("instrument", "");
  } else {
    const double within_days = options.value("within_days", 7.0);
    const Asked asked{options.value("instrument", ""), options.value("scale", ""),
                      options.value("figure", "index"), settings.same_unit,
                      std::chrono::microseconds{static_cast<std::int64_t>(within_days * 86400e6)}};
    const Result<Sessions> sessions = sessions_of(task, database, asked);
    if (!sessions) return tl::make_unexpected(sessions.error());
    if (sessions->pairs == 0)
      return bad_input(
          "No session of anybody who agrees to research and whose study is yours has an answer to " +
          asked.instrument + ", " + asked.scale + " within " + Json(within_days).dump() + " days; " +
          std::to_string(sessions->without_answer) + " sessions have none.");
    told = {{"people", sessions->people},
            {"people_left_out", sessions->refused},
            {"sessions_without_answer", sessions->without_answer}};
    table = "pairs.csv";
    if (Status kept = replace_file(table, sessions->csv); !kept) return tl::make_unexpected(kept.error());
    if (sessions->simulated) told["simulated"] = true;
    source = (sessions->simulated ? "simulated sessions of the demo, in which nobody was recorded, "
                                  : "sessions of this site, ") +
             asked.figure + " against " + asked.instrument + ", " + asked.scale;
    columns = {};
  }
  auto pairs = validity::read_pairs(table, columns);
  if (!pairs) return tl::make_unexpected(pairs.error());
  for (validity::PairTable& one : *pairs) one.source = source;
  const auto validations = validity::validate_all(std::move(*pairs), settings);
  if (!validations) return tl::make_unexpected(validations.error());
  const auto json = validity::to_json(*validations);
  task.progress(0.5);
  if (Status kept = write_json(task, "validation.json", Json::parse(json.dump())); !kept)
    return tl::make_unexpected(kept.error());
  if (Status kept = write_json(task, "pairs.json", points_of(*validations)); !kept)
    return tl::make_unexpected(kept.error());
  const PageFlags pages{(task.output / "validation.html").string(),
                        (task.output / "validation.pdf").string()};
  if (Status kept = write_report(validity::page_of(*validations), pages); !kept)
    return tl::make_unexpected(kept.error());
  told["comparisons"] = Json::array();
  for (const validity::Validation& one : *validations) {
    told["comparisons"].push_back({{"score", one.table.score},
                                   {"survey", one.table.survey},
                                   {"n", one.n},
                                   {"persons", one.persons},
                                   {"r", one.pearson.r}});
  }
  return told;
}

}  // namespace pyro::cli

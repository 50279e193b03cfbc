#include <algorithm>
#include <limits>

#include "make_alerts.hpp"
#include "pyro/archive/main_face.hpp"
#include "pyro/archive/rows.hpp"

namespace pyro::serve {
namespace {

Status add_index(store::Connection& in, const std::string& person, const Zone& zone,
                 trend::PersonSeries& out) {
  const auto rows = in.query(
      "SELECT started_us, readable_share, main_index, main_perclos FROM session WHERE person = $1 AND state "
      "= "
      "'ended' ORDER BY started_us, id",
      person);
  if (!rows) return tl::make_unexpected(rows.error());
  std::size_t unreadable = 0;
  for (const store::Row& row : *rows) {
    const auto *readable = std::get_if<double>(&row[1]), *index = std::get_if<double>(&row[2]),
               *perclos = std::get_if<double>(&row[3]);
    if (readable == nullptr || index == nullptr) continue;
    if (*readable < archive::kReadableEnough) {
      ++unreadable;
      continue;
    }
    const UtcTime time = archive::time_of_us(std::get<std::int64_t>(row[0]));
    if (!out.readings.empty() && out.readings.back().time == time) continue;
    out.readings.push_back({time, zone.day_of(time), *index,
                            perclos == nullptr ? std::numeric_limits<double>::quiet_NaN() : *perclos});
  }
  if (unreadable > 0)
    out.remarks.push_back(std::to_string(unreadable) +
                          " sessions left out: less than half of their frames could be read");
  return {};
}

using archive::Json;

Status add_scores(store::Connection& in, const std::string& person, const Measure& measure, const Zone& zone,
                  trend::PersonSeries& out) {
  const auto rows = in.query(
      "SELECT taken_us, score, definition FROM response WHERE person = $1 AND instrument = $2 ORDER BY "
      "taken_us, id",
      person, measure.instrument);
  if (!rows) return tl::make_unexpected(rows.error());
  const auto otherwise = counted_otherwise(in, measure.instrument, measure.scale);
  if (!otherwise) return tl::make_unexpected(otherwise.error());
  std::size_t left_out = 0;
  for (const store::Row& row : *rows) {
    if (otherwise->contains(std::get<std::string>(row[2]))) {
      ++left_out;
      continue;
    }
    const Json score = Json::parse(std::get<std::string>(row[1]), nullptr, false);
    const UtcTime time = archive::time_of_us(std::get<std::int64_t>(row[0]));
    if (!score.is_object() || (!out.readings.empty() && out.readings.back().time == time)) continue;
    for (const Json& scale : score.value("scales", Json::array())) {
      if (scale.value("scale", "") == measure.scale && scale["score"].is_number())
        out.readings.push_back({time, zone.day_of(time), scale["score"].get<double>(),
                                std::numeric_limits<double>::quiet_NaN()});
    }
  }
  if (left_out > 0)
    out.remarks.push_back(std::to_string(left_out) +
                          " answers left out: they were given to an edition that is counted otherwise");
  return {};
}

}  // namespace

Result<std::optional<Measure>> survey_measure(store::Connection& in, Shipped shipped,
                                              const std::string& survey, const std::string& scale) {
  const auto found = find_questionnaire(in, shipped, survey);
  if (!found) return tl::make_unexpected(found.error());
  if (!*found) return std::nullopt;
  const surveys::Instrument& instrument = (*found)->instrument;
  const auto named = scale.empty() ? instrument.scales.begin()
                                   : std::ranges::find(instrument.scales, scale, &surveys::Scale::id);
  if (named == instrument.scales.end()) return std::nullopt;
  return Measure{survey, named->id, instrument.title + ", " + named->title, named->higher_is_strain};
}

Result<trend::PersonSeries> series_of(store::Connection& in, const std::string& person,
                                      const Measure& measure, const Zone& zone) {
  trend::PersonSeries out;
  out.person = person;
  out.timezones = zone.name();
  const Status added = measure.instrument.empty() ? add_index(in, person, zone, out)
                                                  : add_scores(in, person, measure, zone, out);
  if (!added) return tl::make_unexpected(added.error());
  return out;
}

Json words_for(const trend::AlertRules& rules, const trend::AlertRule& rule, std::string_view language,
               bool to_the_person) {
  const trend::AlertWords& words = rule.words_in(language);
  std::string suggestion;
  for (const std::string& one : words.suggestions) suggestion += one + "\n";
  suggestion += words.see_someone + "\n" + rules.notice_in(language);
  return {{"title", words.title},
          {"text", to_the_person || words.seen_by_others.empty() ? words.seen : words.seen_by_others},
          {"suggestion", suggestion}};
}

Result<std::size_t> make_alerts(store::Connection& in, const Library& library, const std::string& person,
                                UtcTime now) {
  if (library.alert_rules.rules.empty()) return std::size_t{0};
  const auto series = series_of(in, person, {}, Zone{});
  if (!series) return tl::make_unexpected(series.error());
  if (series->readings.empty()) return std::size_t{0};
  const trend::TrendSettings settings;
  const trend::PersonTrend weeks = trend::follow(*series, settings);
  std::size_t made = 0;
  for (const trend::Alert& alert : trend::alerts_of(weeks, library.alert_rules, settings.higher_is_worse)) {
    const auto before = in.query(
        "SELECT id FROM alert WHERE person = $1 AND rule = $2 AND (state <> 'followed_up' OR created_us > "
        "$3) LIMIT 1",
        person, alert.rule->id, archive::us_of(now - std::chrono::days{7}));
    if (!before) return tl::make_unexpected(before.error());
    if (!before->empty()) continue;
    // Of the last week that has one: the present week may be too young for a level.
    std::string level = "none";
    for (const trend::Week& week : weeks.weeks) {
      if (week.level) level = trend::name_of(*week.level);
    }
    Json fields = words_for(library.alert_rules, *alert.rule, "en", true);
    fields.update({{"person", person},
                   {"rule", alert.rule->id},
                   {"level", level},
                   {"evidence", alert.evidence},
                   {"grounds", alert.grounds},
                   {"state", "new"}});
    const auto row = archive::insert(in, archive::kAlert, fields, now);
    if (!row) return tl::make_unexpected(row.error());
    ++made;
  }
  return made;
}

}  // namespace pyro::serve

// Weeks of a person: trend, change points, weekly log; and the alerts that were made of them.
#include "../make_alerts.hpp"
#include "../office.hpp"

namespace pyro::serve {
namespace {

Granted<Measure> measure_of(store::Connection& in, const Office& office, const Call& call) {
  const std::string id = call.text("survey");
  if (id.empty()) {
    if (call.decision.view == security::View::survey_only)
      return problem(403, "not-in-this-mode", "This site shows fatigue and surveys only; name a survey.");
    return Measure{"", "", "index", true};
  }
  auto measure = survey_measure(in, office.library.instruments, id, call.text("scale"));
  if (!measure) return trouble(measure);
  if (!*measure)
    return problem(422, "no-such-survey", "There is no such questionnaire here, or it has no such scale.");
  return std::move(**measure);
}

Answer get_trend(Office& office, Call& call) {
  const std::string name = call.text("timezone");
  const Result<Zone> zone = Zone::find(name.empty() ? "UTC" : name);
  if (!zone) return trouble(zone);
  const bool csv = call.text("format") == "csv";
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Measure> measure = measure_of(in, office, call);
    if (!measure) return tl::make_unexpected(measure.error());
    const auto series = series_of(in, call.person(), *measure, *zone);
    if (!series) return trouble(series);
    if (series->readings.empty())
      return problem(404, "nothing-yet", "There is nothing yet from which a trend could be told.");
    trend::TrendReport report{
        "server", measure->words, measure->instrument.empty(), {}, {}, office.library.alert_rules};
    report.settings.higher_is_worse = measure->higher_is_worse;
    report.settings.weeks.least_days = static_cast<int>(call.whole("least_days", 2));
    const trend::PersonTrend weeks = trend::follow(*series, report.settings);
    if (csv) {
      Response out;
      out.headers = {{"content-type", "text/csv; charset=utf-8"}, {"cache-control", "no-store"}};
      out.body = trend::weeks_csv({weeks});
      return out;
    }
    Json out = trend::to_json(weeks, report);
    // Alerts are for the participant and whom they chose: they have a list of their own.
    out.erase("alerts");
    out.erase("alerts_notice");
    return json_response(200, out);
  });
}

// All rules look at weeks of the index, which such a site does not show.
std::optional<Problem> hidden_here(const Call& call) {
  if (security::expressions_allowed(call.site.rules)) return std::nullopt;
  return Problem{403, "not-in-this-mode",
                 "This site shows fatigue and surveys only; alerts rest on expressions."};
}

// An alert's words are its rule's as long as that sees what it saw when the alert was made. The participant
// is spoken to; others read about them.
Shown in_words(const Office& office) {
  return [&rules = office.library.alert_rules](store::Connection&, const Call& call,
                                               const security::Subject& about, Json& row) {
    const auto rule = std::ranges::find(rules.rules, row["rule"].get<std::string>(), &trend::AlertRule::id);
    if (rule == rules.rules.end() || row["text"] != rule->words.seen) return;
    row.update(words_for(rules, *rule, call.text("language"), about.relation == security::Relation::self));
  };
}

Answer list_alerts(Office& office, Call& call) {
  if (auto hidden = hidden_here(call)) return tl::make_unexpected(*hidden);
  std::vector<std::pair<std::string_view, store::Value>> equal;
  if (const std::string state = call.text("state"); !state.empty())
    equal.emplace_back("state", store::Value{state});
  return list_rows(office, call, archive::kAlert, std::move(equal), true, in_words(office));
}

Answer get_alert(Office& office, Call& call) {
  if (auto hidden = hidden_here(call)) return tl::make_unexpected(*hidden);
  return get_row(office, call, archive::kAlert, "alert", in_words(office));
}

// new → acknowledged → followed_up, and not back.
Answer change_alert(Office& office, Call& call) {
  if (auto hidden = hidden_here(call)) return tl::make_unexpected(*hidden);
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = archive::find(in, archive::kAlert, call.text("alert"));
    if (!row) return trouble(row);
    if (!*row) return no_such();
    const bool follows = call.body.contains("follow_up");
    Json patch{{"state", follows || (**row)["state"] == "followed_up" ? "followed_up" : "acknowledged"}};
    if (follows) patch["follow_up"] = call.body["follow_up"];
    if ((**row)["acknowledged_by"].is_null()) patch["acknowledged_by"] = call.actor.user;
    auto changed =
        archive::update(in, archive::kAlert, call.text("alert"), wanted_version(call), patch, call.now);
    if (!changed) return trouble(changed);
    if (!*changed) return problem(412, "changed-meanwhile", "It has been changed since; read it again.");
    in_words(office)(in, call, call.subject->subject(), **changed);
    return row_response(200, **changed);
  });
}

}  // namespace

void add_trend_routes(Handlers& handlers) {
  handlers["getTrend"] = get_trend;
  handlers["listAlerts"] = list_alerts;
  handlers["getAlert"] = get_alert;
  handlers["changeAlert"] = change_alert;
}

}  // namespace pyro::serve

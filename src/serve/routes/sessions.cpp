// Sessions and what was observed in them.
#include <algorithm>
#include <cmath>

#include "../make_alerts.hpp"
#include "../office.hpp"
#include "pyro/archive/person_file.hpp"
#include "pyro/archive/segments.hpp"
#include "pyro/archive/summary.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/report/rows.hpp"
#include "pyro/store/segment.hpp"

namespace pyro::serve {
namespace {

// That there was a session is its frame; what came of it are observations, and read as those are.
void show_session(store::Connection&, const Call& call, const security::Subject& about, Json& row) {
  const security::Decision figures =
      security::decide(call.actor, security::Action::observations_read, &about, call.site.rules, call.now);
  if (!figures.allowed()) {
    for (const char* field : {"summary", "main_index", "main_perclos", "readable_share"})
      row[field] = nullptr;
    return;
  }
  if (figures.view != security::View::survey_only) return;
  row["main_index"] = nullptr;
  if (!row["summary"].is_object()) return;
  for (Json& face : row["summary"]["people"]) {
    for (const char* field :
         {"min_score", "max_score", "mean_score", "volatility", "score_final", "index", "p"})
      face[field] = nullptr;
  }
}

Answer list_sessions(Office& office, Call& call) {
  std::vector<std::pair<std::string_view, store::Value>> equal;
  if (const std::string state = call.text("state"); !state.empty())
    equal.emplace_back("state", store::Value{state});
  return list_rows(office, call, archive::kSession, std::move(equal), true, show_session);
}

Answer begin_session(Office& office, Call& call) {
  const bool device = call.actor.role == security::Role::device;
  const std::string kind = call.body.value("kind", device ? "device" : "live");
  const std::string model = office.models == nullptr ? "" : office.models->meant();
  Json fields{{"kind", kind},
              {"state", "open"},
              {"started", utc_text(call.now)},
              {"profile", "thesis"},
              {"recorded_by", call.actor.user}};
  // What a device analyses by itself it does by models of its own.
  if (kind == "live" && !model.empty() && security::expressions_allowed(call.site.rules))
    fields["model"] = model;
  return make_row(office, call, archive::kSession, fields);
}

Answer get_session(Office& office, Call& call) {
  return get_row(office, call, archive::kSession, "session", show_session);
}
Answer change_session(Office& office, Call& call) {
  return change_row(office, call, archive::kSession, "session", show_session);
}

// Done between the last second that is kept and the word to those who watch; at once where it does not run.
void end_running(const Office& office, const std::string& session, std::string_view reason,
                 const std::function<void()>& finish) {
  const auto running = office.hub == nullptr ? nullptr : office.hub->find(session);
  if (running) {
    running->end(reason, finish);
  } else {
    finish();
  }
}

// What came of it, figured out of a snapshot, so that a long session does not hold up who else writes; null
// where it has ended already.
Result<std::optional<Json>> figures_of_open(Office& office, const std::string& id) {
  std::optional<Json> out;
  const Status figured = office.database.read([&](store::Connection& in) -> Status {
    out.reset();
    const auto row = archive::find(in, archive::kSession, id);
    if (!row) return tl::make_unexpected(row.error());
    if (!*row || (**row)["state"] != "open") return {};
    Result<Json> made = archive::summary_of(in, id, score::ScoreSettings{});
    if (!made) return tl::make_unexpected(made.error());
    out = std::move(*made);
    return {};
  });
  if (!figured) return tl::make_unexpected(figured.error());
  return out;
}

Answer keep_end(Office& office, Call& call) {
  const std::string id = call.text("session");
  const auto summary = figures_of_open(office, id);
  if (!summary) return trouble(summary);
  return write(office, call, [&](store::Connection& in) -> Answer {
    auto row =
        *summary ? archive::update(
                       in, archive::kSession, id, std::nullopt,
                       {{"state", "ended"}, {"ended", utc_text(call.now)}, {"summary", **summary}}, call.now)
                 : archive::find(in, archive::kSession, id);
    if (!row) return trouble(row);
    if (!*row) return no_such();
    if (*summary && security::expressions_allowed(call.site.rules)) {
      const auto alerts = make_alerts(in, office.library, call.person(), call.now);
      if (!alerts) return trouble(alerts);
    }
    show_session(in, call, call.subject->subject(), **row);
    return row_response(200, **row);
  });
}

Answer end_session(Office& office, Call& call) {
  Answer answer = no_such();
  end_running(office, call.text("session"), "ended", [&] { answer = keep_end(office, call); });
  return answer;
}

Answer erase_session(Office& office, Call& call) {
  std::vector<std::string> videos;
  Answer answer = no_such();
  end_running(office, call.text("session"), "erased", [&] {
    answer = write(office, call, [&](store::Connection& in) -> Answer {
      videos.clear();
      const auto rows = in.query("SELECT id FROM video WHERE session = $1", call.text("session"));
      if (!rows) return trouble(rows);
      for (const store::Row& row : *rows) videos.push_back(std::get<std::string>(row[0]));
      const Result<bool> gone = archive::erase_session(in, call.text("session"));
      if (!gone) return trouble(gone);
      if (!*gone) return no_such();
      return nothing();
    });
  });
  if (answer) {
    for (const std::string& video : videos) office.recordings.remove(video);
  }
  return answer;
}

Json json_of(const report::Cell& cell) {
  return std::visit(
      [](const auto& value) -> Json {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<T, UtcTime>) {
          return utc_text(value);
        } else if constexpr (std::is_same_v<T, float>) {
          return static_cast<double>(value);
        } else {
          return value;
        }
      },
      cell);
}

// Which columns were asked for, by their places; all where none is named.
Granted<std::vector<std::size_t>> columns_asked(const Call& call) {
  const auto& all = report::frame_columns();
  std::vector<std::size_t> out;
  const std::string asked = call.text("columns");
  for (std::size_t begin = 0; begin < asked.size();) {
    const std::size_t end = std::min(asked.find(',', begin), asked.size());
    const std::string name = asked.substr(begin, end - begin);
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& column) { return column.name == name; });
    if (found == all.end())
      return problem(422, "not-as-contract", "columns names one that there is not: " + name);
    out.push_back(static_cast<std::size_t>(found - all.begin()));
    begin = end + 1;
  }
  for (std::size_t c = 0; asked.empty() && c < all.size(); ++c) out.push_back(c);
  return out;
}

Answer list_observations(Office& office, Call& call) {
  const bool csv = call.text("format") == "csv";
  const auto wanted = columns_asked(call);
  if (!wanted) return tl::make_unexpected(wanted.error());
  if (csv && wanted->size() != report::frame_columns().size())
    return problem(422, "not-as-contract", "columns is for JSON; CSV has all of frames.csv.");
  const std::int64_t after = call.whole("after", -1);
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto segments = archive::segments_after(in, call.text("session"), after, call.whole("limit", 300));
    if (!segments) return trouble(segments);
    Json rows = Json::array(), columns = Json::array();
    for (const std::size_t c : *wanted) columns.push_back(report::frame_columns()[c].name);
    std::string text;
    for (const archive::StoredSegment& stored : *segments) {
      const auto segment = store::Segment::decode(stored.bytes);
      if (!segment) return trouble(segment);
      if (csv) {
        if (text.empty()) report::append_csv_header(text, report::frame_columns());
        for (std::size_t r = 0; r < segment->rows(); ++r) segment->append_csv(text, r);
        continue;
      }
      for (std::size_t r = 0; r < segment->rows(); ++r) {
        // The first segment may begin before the frame to go on after.
        const report::Cell frame = segment->cell(r, 0);
        if (const auto* number = std::get_if<std::int64_t>(&frame); number != nullptr && *number <= after)
          continue;
        Json row = Json::array();
        for (const std::size_t c : *wanted) row.push_back(json_of(segment->cell(r, c)));
        rows.push_back(std::move(row));
      }
    }
    Json next = nullptr;
    if (!segments->empty()) next = segments->back().last_frame;
    if (!csv)
      return json_response(200, {{"columns", columns}, {"rows", rows}, {"next", next}, {"notice", kNotice}});
    Response out;
    out.headers = {{"content-type", "text/csv; charset=utf-8"}, {"cache-control", "no-store"}};
    if (!segments->empty())
      out.headers.emplace_back("x-next-after", std::to_string(segments->back().last_frame));
    out.body = std::move(text);
    return out;
  });
}

Granted<records::Observation> observation_of(const Json& json, bool expressions) {
  records::Observation out;
  out.frame = json.at("frame");
  out.time = Seconds{json.at("time_s").get<double>()};
  const Result<UtcTime> utc = archive::time_of(json.at("utc").get<std::string>());
  if (!utc) return trouble(utc);
  out.utc = *utc;
  out.face.face_id = json.at("face_id");
  out.valid = json.at("valid");
  const std::string reason = json.value("reason", "");
  for (std::size_t i = 0; i < records::kGapReasonNames.size(); ++i) {
    if (records::kGapReasonNames[i] == reason) out.face.quality.reason = static_cast<records::GapReason>(i);
  }
  out.expression = records::Expression::none();
  const auto number = [&](const char* name) {
    const auto found = json.find(name);
    return found == json.end() || found->is_null() ? records::kNoValue : found->get<float>();
  };
  if (const auto p = json.find("p"); p != json.end() && out.valid) {
    // In this mode no expression is kept, whatever a device computes.
    if (!expressions)
      return problem(403, "not-in-this-mode",
                     "This site keeps fatigue and surveys only; send no expressions.");
    double sum = 0;
    for (std::size_t i = 0; i < out.expression.p.size(); ++i) {
      if ((*p)[i].is_null()) return problem(422, "not-as-contract", "p has seven numbers or is left out.");
      out.expression.p[i] = (*p)[i].get<float>();
      sum += static_cast<double>(out.expression.p[i]);
    }
    if (std::abs(sum - 1) > 0.01)
      return problem(422, "not-as-contract", "The seven probabilities add up to 1.");
  }
  out.fatigue.eye_openness = number("eye_openness");
  out.fatigue.mouth_openness = number("mouth_openness");
  out.fatigue.perclos = number("perclos");
  out.face.pose.yaw_deg = number("yaw_deg");
  out.face.pose.pitch_deg = number("pitch_deg");
  out.face.pose.roll_deg = number("roll_deg");
  return out;
}

Answer send_observations(Office& office, Call& call) {
  std::vector<records::Observation> observations;
  observations.reserve(call.body.at("observations").size());
  for (const Json& one : call.body.at("observations")) {
    Granted<records::Observation> read = observation_of(one, security::expressions_allowed(call.site.rules));
    if (!read) return tl::make_unexpected(read.error());
    if (!observations.empty() &&
        (read->frame < observations.back().frame || read->time < observations.back().time))
      return problem(422, "not-as-contract", "Observations stand in order of frame and time.");
    observations.push_back(*read);
  }
  const std::string id = call.text("session");
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = archive::find(in, archive::kSession, id);
    if (!row) return trouble(row);
    if (!*row) return no_such();
    if ((**row)["state"] != "open")
      return problem(409, "ended", "This session has ended; begin another one.");
    const auto last = archive::last_kept(in, id);
    if (!last) return trouble(last);
    // What was kept before (a device sends again what it got no answer to) is passed over.
    std::erase_if(observations, [&](const auto& one) { return one.frame <= last->frame; });
    std::vector<std::span<const records::Observation>> seconds;
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= observations.size(); ++i) {
      const auto second = [&](std::size_t at) { return std::floor(observations[at].time.count()); };
      if (i < observations.size() && second(i) == second(begin)) continue;
      seconds.push_back(std::span{observations}.subspan(begin, i - begin));
      begin = i;
    }
    if (const Status kept = archive::keep_segments(in, id, seconds); !kept)
      return tl::make_unexpected(problem_of(kept.error()));
    const std::int64_t now_last = observations.empty() ? last->frame : observations.back().frame;
    return json_response(200, {{"kept", now_last}});
  });
}

}  // namespace

void add_session_routes(Handlers& handlers) {
  handlers["listSessions"] = list_sessions;
  handlers["beginSession"] = begin_session;
  handlers["getSession"] = get_session;
  handlers["changeSession"] = change_session;
  handlers["endSession"] = end_session;
  handlers["eraseSession"] = erase_session;
  handlers["listObservations"] = list_observations;
  handlers["sendObservations"] = send_observations;
}

}  // namespace pyro::serve

// Words in notes and keywords, ranked by what they did to whom they are about; and what people's topics do.
#include <algorithm>
#include <cctype>
#include <map>

#include "../moments.hpp"
#include "../office.hpp"

namespace pyro::serve {
namespace {

constexpr std::chrono::seconds kAroundNote{30};
constexpr std::size_t kMostMatches =
    200;  // the newest, of notes and of keywords each: what is ranked is read from the observations

// The text as a pattern of LIKE, its own % and _ meant as they stand.
std::string pattern_of(const std::string& text) {
  std::string out = "%";
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out + "%";
}

// Rows of a table in which the text stands, of the people that the caller may search.
Result<std::vector<Json>> matches(store::Connection& in, const Call& call, const archive::Table& table,
                                  const char* column, std::map<std::string, bool>& may) {
  std::string whose = "person = $2";
  store::Value who = call.subject ? store::Value{call.person()} : store::Value{};
  if (!call.subject) {
    const archive::Reach reach = archive::reach_of(call.actor, std::string{table.name} + ".person");
    whose = archive::numbered(reach.condition, 2);
    if (reach.value) who = *reach.value;
  }
  const auto rows = in.query("SELECT id FROM " + std::string{table.name} + " WHERE lower(" + column +
                                 ") LIKE $1 ESCAPE '\\' AND " + whose + " ORDER BY id DESC LIMIT " +
                                 std::to_string(kMostMatches),
                             pattern_of(call.text("text")), who);
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<Json> out;
  for (const store::Row& row : *rows) {
    const auto found = archive::find(in, table, std::get<std::string>(row[0]));
    if (!found) return tl::make_unexpected(found.error());
    const std::string person = (**found)["person"];
    if (!may.contains(person)) {
      const auto subject = archive::subject_of(in, call.actor, person);
      if (!subject) return tl::make_unexpected(subject.error());
      const security::Subject about = subject->subject();
      may[person] =
          security::decide(call.actor, security::Action::search_read, &about, call.site.rules, call.now)
              .allowed();
    }
    if (may[person]) out.push_back(**found);
  }
  return out;
}

// Sessions and their own means, each looked up once.
struct Sessions {
  store::Connection& in;
  std::map<std::string, std::pair<Json, std::optional<SessionMean>>> known;

  Result<std::pair<Json, std::optional<SessionMean>>*> get(const std::string& id) {
    const auto found = known.find(id);
    if (found != known.end()) return &found->second;
    const auto row = archive::find(in, archive::kSession, id);
    if (!row) return tl::make_unexpected(row.error());
    std::optional<SessionMean> mean;
    if (*row) {
      const auto told = session_mean(in, **row);
      if (!told) return tl::make_unexpected(told.error());
      mean = *told;
    }
    return &(known[id] = {*row ? **row : Json(), mean});
  }
};

// When a keyword holds: to its end; without one to the session's next keyword, or the session's end.
Result<Stretch> stretch_of_keyword(store::Connection& in, const Json& keyword, const Json& session) {
  const auto from = archive::time_of(keyword.at("from").get<std::string>());
  if (!from) return tl::make_unexpected(from.error());
  if (keyword["until"].is_string()) {
    const auto until = archive::time_of(keyword["until"].get<std::string>());
    if (!until) return tl::make_unexpected(until.error());
    return Stretch{*from, *until};
  }
  const auto next =
      in.query("SELECT from_us FROM keyword WHERE session = $1 AND from_us > $2 ORDER BY from_us LIMIT 1",
               keyword.at("session").get<std::string>(), archive::us_of(*from));
  if (!next) return tl::make_unexpected(next.error());
  if (!next->empty())
    return Stretch{*from, archive::time_of_us(std::get<std::int64_t>(next->front()[0]) - 1)};
  if (session.is_object() && session["ended"].is_string()) {
    const auto ended = archive::time_of(session["ended"].get<std::string>());
    if (ended) return Stretch{*from, std::max(*from, *ended)};
  }
  return Stretch{*from, UtcTime::max()};
}

Result<Json> impact_of(store::Connection& in, Sessions& sessions, const Json& row, bool keyword) {
  if (!row["session"].is_string()) return Json();
  const auto session = sessions.get(row["session"]);
  if (!session) return tl::make_unexpected(session.error());
  const auto& [session_row, mean] = **session;
  if (!mean) return Json();
  Stretch stretch;
  if (keyword) {
    const auto told = stretch_of_keyword(in, row, session_row);
    if (!told) return tl::make_unexpected(told.error());
    stretch = *told;
  } else {
    const auto at = archive::time_of(row[row["at"].is_string() ? "at" : "created"].get<std::string>());
    if (!at) return tl::make_unexpected(at.error());
    stretch = {*at - kAroundNote, *at + kAroundNote};
  }
  const auto moments = moments_of(in, row["session"], mean->face_id, stretch, mean->mean);
  if (!moments) return tl::make_unexpected(moments.error());
  return moments->frames == 0 ? Json() : Json(moments->deviation / static_cast<double>(moments->frames));
}

Answer search(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    std::map<std::string, bool> may;
    Sessions sessions{in, {}};
    std::vector<Json> hits;
    for (const bool keyword : {false, true}) {
      const auto found = keyword ? matches(in, call, archive::kKeyword, "word", may)
                                 : matches(in, call, archive::kNote, "text", may);
      if (!found) return trouble(found);
      for (const Json& row : *found) {
        Json hit{{"kind", keyword ? "keyword" : "note"}, {"row", row}, {"impact", nullptr}};
        // Where no expression may be looked at, none ranks anything.
        if (security::expressions_allowed(call.site.rules)) {
          const auto impact = impact_of(in, sessions, row, keyword);
          if (!impact) return trouble(impact);
          hit["impact"] = *impact;
        }
        hits.push_back(std::move(hit));
      }
    }
    const auto weight = [](const Json& hit) {
      return hit["impact"].is_number() ? hit["impact"].get<double>() : -1;
    };
    std::ranges::stable_sort(hits, [&](const Json& a, const Json& b) { return weight(a) > weight(b); });
    const auto limit = static_cast<std::size_t>(call.whole("limit", 50));
    const bool more = hits.size() > limit;
    if (more) hits.resize(limit);
    for (Json& hit : hits) say_name(in, hit["row"], "author", "author_name");
    return json_response(200, {{"rows", hits}, {"next", nullptr}, {"more", more}});
  });
}

Answer get_topics(Office& office, Call& call) {
  if (call.decision.view == security::View::survey_only)
    return problem(
        403, "not-in-this-mode",
        "This site keeps fatigue and surveys only; there are no expressions to lay beside keywords.");
  Stretch asked{UtcTime::min(), UtcTime::max()};
  for (const auto& [name, end] : {std::pair{"from", &asked.from}, std::pair{"until", &asked.until}}) {
    if (call.text(name).empty()) continue;
    const auto time = archive::time_of(call.text(name));
    if (!time) return trouble(time);
    *end = *time;
  }
  return read(office, call, [&](store::Connection& in) -> Answer {
    Sessions sessions{in, {}};
    struct Topic {
      Moments moments;
      std::int64_t times = 0;
    };
    std::map<std::string, Topic> topics;
    archive::Query query;
    query.equal.emplace_back("person", store::Value{call.person()});
    query.limit = 500;
    while (true) {
      const auto page = archive::list(in, archive::kKeyword, query);
      if (!page) return trouble(page);
      for (const Json& keyword : page->rows) {
        const auto session = sessions.get(keyword["session"]);
        if (!session) return trouble(session);
        const auto& [session_row, mean] = **session;
        const auto stretch = stretch_of_keyword(in, keyword, session_row);
        if (!stretch) return trouble(stretch);
        if (stretch->from < asked.from || stretch->from > asked.until) continue;
        const auto moments = moments_of(in, keyword["session"], mean ? mean->face_id : std::nullopt, *stretch,
                                        mean ? mean->mean : 0);
        if (!moments) return trouble(moments);
        Topic& topic = topics[keyword["word"]];
        ++topic.times;
        topic.moments.frames += moments->frames;
        topic.moments.score += moments->score, topic.moments.deviation += moments->deviation;
        for (std::size_t i = 0; i < moments->p.size(); ++i) topic.moments.p[i] += moments->p[i];
      }
      if (!page->more) break;
      query.after = page->rows.back().at("id");
    }
    std::vector<Json> rows;
    for (const auto& [word, topic] : topics) {
      Json row{{"keyword", word}, {"times", topic.times}, {"frames", topic.moments.frames},
               {"p", nullptr},    {"score", nullptr},     {"impact", nullptr}};
      if (topic.moments.frames > 0) {
        const auto frames = static_cast<double>(topic.moments.frames);
        row["p"] = Json::array();
        for (const double sum : topic.moments.p) row["p"].push_back(sum / frames);
        row["score"] = topic.moments.score / frames, row["impact"] = topic.moments.deviation / frames;
      }
      rows.push_back(std::move(row));
    }
    std::ranges::stable_sort(rows, [](const Json& a, const Json& b) {
      return a["impact"].is_number() && (!b["impact"].is_number() || a["impact"] > b["impact"]);
    });
    return json_response(200, {{"emotions", records::kEmotionNames}, {"rows", rows}});
  });
}

}  // namespace

void add_search_routes(Handlers& handlers) {
  handlers["search"] = search;
  handlers["getTopics"] = get_topics;
}

}  // namespace pyro::serve

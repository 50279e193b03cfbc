// The kind "report": a session, or a person's weeks, as pages to read and to print, with what they rest on.
#include <algorithm>
#include <memory>
#include <sstream>

#include "../report_pages.hpp"
#include "job_data.hpp"
#include "job_kinds.hpp"
#include "pyro/archive/fhir_files.hpp"
#include "pyro/archive/main_face.hpp"
#include "pyro/archive/segments.hpp"
#include "pyro/archive/simulated.hpp"
#include "pyro/archive/tables.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/explain/session_report.hpp"
#include "pyro/html/table.hpp"
#include "pyro/jobs/permission.hpp"
#include "pyro/report/parquet_writer.hpp"
#include "pyro/serve/series.hpp"
#include "pyro/serve/service.hpp"
#include "pyro/study/summary.hpp"
#include "pyro/surveys/instrument.hpp"
#include "serve.hpp"

namespace pyro::cli {
namespace {

using jobs::Json;

// All that is told of a session, out of one snapshot.
struct KeptSession {
  Json row;
  std::string pseudonym, csv;
  std::vector<Json> notes, keywords;  // notes: only for whoever may read them
  bool simulated = false;             // of the demo
};

Result<std::vector<Json>> rows_of_session(store::Connection& in, const archive::Table& table,
                                          const std::string& session) {
  std::vector<Json> out;
  archive::Query query;
  query.equal.emplace_back("session", store::Value{session});
  query.limit = 1000;
  while (true) {
    auto page = archive::list(in, table, query);
    if (!page) return tl::make_unexpected(page.error());
    std::ranges::move(page->rows, std::back_inserter(out));
    if (!page->more) return out;
    query.after = out.back().at("id");
  }
}

Result<std::string> pseudonym_of(store::Connection& in, const std::string& person) {
  const auto row = archive::find(in, archive::kPerson, person);
  if (!row) return tl::make_unexpected(row.error());
  if (!*row) return bad_input("This person has no record any more.");
  return (**row)["pseudonym"].get<std::string>();
}

// The result of a report about a person, which says so where they are simulated.
Json told_of(Json result, bool simulated) {
  if (simulated) result["simulated"] = true;
  return result;
}

Result<KeptSession> kept_session(const jobs::Task& task, store::Database& database,
                                 const std::string& session) {
  if (!task.lease.person) return bad_input("A report of a session is about a person, and none is named.");
  KeptSession out;
  const std::string& person = *task.lease.person;
  const Status read = database.read([&](store::Connection& in) -> Status {
    auto row = archive::find(in, archive::kSession, session);
    if (!row) return tl::make_unexpected(row.error());
    if (!*row || (**row)["person"] != person) return bad_input("This person has no such session any more.");
    out.row = std::move(**row);
    if (out.row["state"] != "ended")
      return bad_input("This session runs still; a report is made of one that has ended.");
    auto pseudonym = pseudonym_of(in, person);
    if (!pseudonym) return tl::make_unexpected(pseudonym.error());
    out.pseudonym = std::move(*pseudonym);
    const auto simulated = archive::is_simulated(in, archive::kPerson, person);
    if (!simulated) return tl::make_unexpected(simulated.error());
    out.simulated = *simulated;
    auto csv = archive::session_csv(in, session);
    if (!csv) return tl::make_unexpected(csv.error());
    out.csv = std::move(*csv);
    for (const auto& [table, action, into] :
         {std::tuple{&archive::kNote, security::Action::notes_read, &out.notes},
          std::tuple{&archive::kKeyword, security::Action::keywords_read, &out.keywords}}) {
      const jobs::Use use{person, action};
      const auto refused = jobs::refused_use(in, task.lease.account, std::span{&use, 1}, utc_now());
      if (!refused) return tl::make_unexpected(refused.error());
      if (*refused != nullptr) continue;
      auto rows = rows_of_session(in, *table, session);
      if (!rows) return tl::make_unexpected(rows.error());
      *into = std::move(*rows);
    }
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (out.csv.empty()) return bad_input("Nothing was kept of this session.");
  return out;
}

// All frames that were kept, as they are in frames.csv.
Status write_parquet(store::Database& database, const std::string& session,
                     const std::filesystem::path& file) {
  return database.read([&](store::Connection& in) -> Status {
    Result<report::ParquetWriter> writer = report::ParquetWriter::create(file, {{"notice", kNotice}});
    if (!writer) return tl::make_unexpected(writer.error());
    std::vector<report::Cell> cells(report::frame_columns().size());
    Status written = archive::each_segment(in, session, [&](const store::Segment& segment) -> Status {
      for (std::size_t row = 0; row < segment.rows(); ++row) {
        for (std::size_t column = 0; column < cells.size(); ++column)
          cells[column] = segment.cell(row, column);
        if (Status added = writer->append(cells); !added) return added;
      }
      return {};
    });
    return written ? writer->finish() : written;
  });
}

// Where in the session a row's time lies, in seconds; nullopt where it has none.
std::optional<double> second_of_row(const Json& row, const char* field, UtcTime start) {
  if (!row[field].is_string()) return std::nullopt;
  const Result<UtcTime> at = archive::time_of(row[field].get<std::string>());
  if (!at) return std::nullopt;
  return std::chrono::duration<double>(*at - start).count();
}

// An open keyword lasts to the session's next one, or to its end.
std::vector<study::Keyword> stretches(const std::vector<Json>& rows, UtcTime start, double duration_s) {
  std::vector<study::Keyword> out;
  for (const Json& row : rows) {
    const auto from = second_of_row(row, "from", start);
    if (!from) continue;
    double until = duration_s;
    if (const auto told = second_of_row(row, "until", start)) {
      until = *told;
    } else {
      for (const Json& other : rows) {
        const auto next = second_of_row(other, "from", start);
        if (next && *next > *from) until = std::min(until, *next);
      }
    }
    study::Keyword one{row["word"], std::clamp(*from, 0.0, duration_s), std::clamp(until, 0.0, duration_s)};
    if (one.end_s > one.start_s) out.push_back(std::move(one));
  }
  return out;
}

void add_session_notes(html::Page& page, const std::vector<Json>& notes) {
  page.section("Notes", "notes");
  if (notes.empty()) {
    page.add(html::paragraph("None that whoever asked for this report may read."));
    return;
  }
  html::Table table{"", {"at", "note"}, {}};
  for (const Json& note : notes) {
    const std::string at = note[note["at"].is_string() ? "at" : "created"];
    table.rows.push_back({at.substr(0, 16) + " UTC", note["text"].get<std::string>()});
  }
  page.add(html::table(table));
}

Result<Json> report_session_job(const jobs::Task& task, store::Database& database,
                                const std::string& session) {
  const Result<KeptSession> kept = kept_session(task, database, session);
  if (!kept) return tl::make_unexpected(kept.error());
  task.progress(0.2);
  const std::filesystem::path frames_csv = task.output / "frames.csv";
  if (Status written = replace_file(frames_csv, kept->csv); !written)
    return tl::make_unexpected(written.error());
  if (Status written = write_parquet(database, session, task.output / "frames.parquet"); !written)
    return tl::make_unexpected(written.error());
  const Json* face = archive::main_face(kept->row["summary"]);
  if (face == nullptr) return bad_input("Nobody was seen in this session.");
  const score::ScoreSettings settings;
  const std::string models = kept->row["model"].is_string() ? kept->row["model"].get<std::string>() : "";
  auto seconds = study::read_session({frames_csv, face->value("face_id", std::int64_t{0}), {}}, settings);
  if (!seconds) return tl::make_unexpected(seconds.error());
  seconds->facts.models = models;
  seconds->facts.simulated = kept->simulated;
  if (seconds->facts.settings.empty()) seconds->facts.settings = score::settings_text(settings);
  const auto started = archive::time_of(kept->row["started"].get<std::string>());
  if (!started) return tl::make_unexpected(started.error());
  const UtcTime start = seconds->facts.start.value_or(*started);
  const std::string title = kept->row["title"].is_string() && !kept->row["title"].get<std::string>().empty()
                                ? kept->row["title"].get<std::string>()
                                : "session";
  const study::SessionSummary summary =
      study::summarise(*seconds, kept->pseudonym + " · " + title,
                       stretches(kept->keywords, start, seconds->facts.duration_s), settings, 1);
  html::Page page = study::summary_page(summary);
  add_session_notes(page, kept->notes);
  if (Status written = write_report(
          page, {(task.output / "session.html").string(), (task.output / "session.pdf").string()});
      !written)
    return tl::make_unexpected(written.error());
  if (Status written = write_json(task, "session.json", study::to_json(summary)); !written)
    return tl::make_unexpected(written.error());
  task.progress(0.6);
  auto frames = report::FramesReader::read(std::make_unique<std::istringstream>(kept->csv), "the session");
  if (!frames) return tl::make_unexpected(frames.error());
  const explain::SessionSource source{kept->pseudonym + " · " + title, models, settings};
  const auto stories = explain::explain_recorded(*frames, settings, source.length);
  if (!stories) return tl::make_unexpected(stories.error());
  if (Status written = write_report(
          explain::session_page(*stories, source),
          {(task.output / "explanation.html").string(), (task.output / "explanation.pdf").string()});
      !written)
    return tl::make_unexpected(written.error());
  const auto bundle = archive::fhir_session(kept->pseudonym, kept->row, kept->csv, utc_now());
  if (!bundle) return tl::make_unexpected(bundle.error());
  if (Status written = replace_file(task.output / "fhir.json", *bundle); !written)
    return tl::make_unexpected(written.error());
  return told_of({{"expressions", true}, {"model", models}, {"notice", kNotice}}, kept->simulated);
}

Result<serve::Measure> measure_asked(const Json& options, const JobBench& bench) {
  const std::string id = options.value("survey", "");
  if (id.empty()) return serve::Measure{"", "", "index", true};
  const Result<registry::Place> place = find_place(bench.place);
  if (!place) return tl::make_unexpected(place.error());
  serve::ServiceSettings settings;
  find_library(*place, settings);
  const auto shipped = surveys::load_instruments(settings.surveys);
  if (!shipped) return tl::make_unexpected(shipped.error());
  std::optional<serve::Measure> measure;
  const Status read = bench.database.read([&](store::Connection& in) -> Status {
    auto found = serve::survey_measure(in, *shipped, id, options.value("scale", ""));
    if (!found) return tl::make_unexpected(found.error());
    measure = std::move(*found);
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (!measure) return bad_input("There is no such questionnaire here, or it has no such scale.");
  return std::move(*measure);
}

Result<Json> report_weeks_job(const jobs::Task& task, const JobBench& bench) {
  const Json options = options_of(task);
  const Result<serve::Measure> measure = measure_asked(options, bench);
  if (!measure) return tl::make_unexpected(measure.error());
  const bool index = measure->instrument.empty();
  if (index && !task.expressions)
    return bad_input("This site shows fatigue and surveys only; name a survey.");
  const Result<Zone> zone = Zone::find(options.value("timezone", "UTC"));
  if (!zone) return tl::make_unexpected(zone.error());
  trend::PersonSeries series;
  bool simulated = false;
  const Status read = bench.database.read([&](store::Connection& in) -> Status {
    auto told = serve::series_of(in, *task.lease.person, *measure, *zone);
    if (!told) return tl::make_unexpected(told.error());
    series = std::move(*told);
    auto pseudonym = pseudonym_of(in, *task.lease.person);
    if (!pseudonym) return tl::make_unexpected(pseudonym.error());
    series.person = std::move(*pseudonym);
    const auto of_demo = archive::is_simulated(in, archive::kPerson, *task.lease.person);
    if (!of_demo) return tl::make_unexpected(of_demo.error());
    simulated = *of_demo;
    return {};
  });
  if (!read) return tl::make_unexpected(read.error());
  if (series.readings.empty()) return bad_input("There is nothing yet from which a trend could be told.");
  trend::TrendReport told{
      simulated ? "server: a simulated person of the demo, nobody was recorded" : "server",
      measure->words,
      index,
      {},
      {},
      {}};
  told.settings.higher_is_worse = measure->higher_is_worse;
  told.people.push_back(trend::follow(series, told.settings));
  if (Status written = write_report(trend::trend_page(told), {(task.output / "trend.html").string(),
                                                              (task.output / "trend.pdf").string()});
      !written)
    return tl::make_unexpected(written.error());
  Json json = trend::to_json(told.people.front(), told);
  json.erase("alerts");  // a list of their own, for the participant and whom they chose
  json.erase("alerts_notice");
  if (Status written = write_json(task, "trend.json", json); !written)
    return tl::make_unexpected(written.error());
  if (Status written = replace_file(task.output / "weeks.csv", trend::weeks_csv(told.people)); !written)
    return tl::make_unexpected(written.error());
  return told_of({{"expressions", index}, {"notice", kNotice}}, simulated);
}

}  // namespace

Result<Json> report_job(const jobs::Task& task, const JobBench& bench) {
  if (!task.lease.request.contains("session")) return report_weeks_job(task, bench);
  if (!task.expressions)
    return bad_input("This site shows fatigue and surveys only; a session's report rests on expressions.");
  return report_session_job(task, bench.database, task.lease.request["session"]);
}

}  // namespace pyro::cli

// study init, add, import, surveys, list: what a study's folder holds.
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "pyro/records/notice.hpp"
#include "pyro/study/import.hpp"
#include "pyro/study/library.hpp"
#include "study/study.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::ordered_json;

void print_json(const Json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

struct InitFlags {
  std::string folder, name, zone = "UTC";
  ScoreFlags score;
  bool json = false;
};

int init(const InitFlags& flags) {
  const Result<score::ScoreSettings> score = settle(flags.score);
  if (!score) return report(score.error(), flags.json);
  const std::filesystem::path folder = flags.folder;
  const std::string name = flags.name.empty()
                               ? std::filesystem::absolute(folder).lexically_normal().filename().string()
                               : flags.name;
  const Result<Zone> zone = Zone::find(flags.zone);
  if (!zone) return report(zone.error(), flags.json);
  const Result<study::Study> made = study::Study::init(folder, {name, *zone, *score});
  if (!made) return report(made.error(), flags.json);
  if (flags.json) {
    print_json({{"study", flags.folder}, {"name", name}, {"zone", flags.zone}});
  } else {
    std::printf("study %s in %s, clocks of %s\n", name.c_str(), flags.folder.c_str(), flags.zone.c_str());
  }
  return 0;
}

struct AddFlags {
  std::string study = ".", layout;
  study::NewSession session;
  std::string run;
  std::optional<double> fps;
  bool json = false;
};

Json to_json(const study::StudySession& session) {
  return {{"session", session.id},
          {"person", session.person},
          {"face_id", session.face_id},
          {"start", session.start ? Json(utc_text(*session.start)) : Json{}},
          {"local_start", session.start ? Json(session.zone.text_of(*session.start)) : Json{}},
          {"zone", session.zone.name()},
          {"duration_s", session.duration_s},
          {"baseline", session.baseline},
          {"layout", session.layout},
          {"run", session.run}};
}

int tell_added(const study::StudySession& session, const std::vector<std::string>& notes, bool json) {
  if (json) {
    Json line = to_json(session);
    line["notes"] = notes;
    print_json(line);
    return 0;
  }
  std::printf("session %s of %s: %.1f s%s%s\n", session.id.c_str(), session.person.c_str(),
              session.duration_s, session.start ? ", from " : "",
              session.start ? session.zone.text_of(*session.start).c_str() : "");
  for (const std::string& note : notes) std::printf("note: %s\n", note.c_str());
  return 0;
}

int add(AddFlags flags) {
  Result<study::Study> study = study::Study::open(flags.study);
  if (!study) return report(study.error(), flags.json);
  flags.session.run = flags.run;
  const Result<study::StudySession> added = study->add(flags.session);
  if (!added) return report(added.error(), flags.json);
  return tell_added(*added, {}, flags.json);
}

int import_csv(AddFlags flags) {
  Result<study::Study> study = study::Study::open(flags.study);
  if (!study) return report(study.error(), flags.json);
  if (flags.layout == "pyrometer") {  // a frames.csv that came alone
    flags.session.run = flags.run;
    const Result<study::StudySession> added = study->add(flags.session);
    if (!added) return report(added.error(), flags.json);
    return tell_added(*added, {}, flags.json);
  }
  if (flags.session.start.empty())
    return report({ErrorCode::wrong_use,
                   "the tables of other tools do not say when they were recorded; give --start, for example "
                   "--start 2026-01-31T12:00",
                   ""},
                  flags.json);
  const Result<Zone> zone =
      flags.session.zone.empty() ? study->settings().zone : Zone::find(flags.session.zone);
  if (!zone) return report(zone.error(), flags.json);
  const Result<UtcTime> start = utc_of(flags.session.start, *zone);
  if (!start) return report(start.error(), flags.json);

  study::ImportOptions options;
  options.layout = flags.layout == "pyfeat" ? study::Layout::pyfeat : study::Layout::openface2;
  options.fps = flags.fps;
  options.start = *start;
  options.score = study->settings().score;
  options.software_version = PYRO_VERSION;
  // It gets its name when it is whole.
  const std::filesystem::path runs = study->folder() / "runs", part = runs / ".import";
  std::error_code ignored;
  std::filesystem::remove_all(part, ignored);
  const Result<study::Imported> imported = study::import_run(flags.run, part, options);
  if (!imported) {
    std::filesystem::remove_all(part, ignored);
    return report(imported.error(), flags.json);
  }
  std::string name = std::filesystem::path{flags.run}.stem().string();
  for (int i = 2; std::filesystem::exists(runs / name, ignored); ++i)
    name = std::filesystem::path{flags.run}.stem().string() + "-" + std::to_string(i);
  std::filesystem::rename(part, runs / name, ignored);
  flags.session.run = runs / name;
  flags.session.layout = flags.layout;
  const Result<study::StudySession> added = study->add(flags.session);
  if (!added) {
    std::filesystem::remove_all(runs / name, ignored);
    return report(added.error(), flags.json);
  }
  std::vector<std::string> notes = imported->notes;
  notes.push_back(std::to_string(imported->valid) + " of " + std::to_string(imported->rows) +
                  " rows have a face that was read");
  return tell_added(*added, notes, flags.json);
}

struct ListFlags {
  std::string study = ".", file;
  bool json = false;
};

int list(const ListFlags& flags) {
  const Result<study::Study> study = study::Study::open(flags.study);
  if (!study) return report(study.error(), flags.json);
  const Result<std::vector<study::SurveyScore>> surveys = study->surveys();
  if (!surveys) return report(surveys.error(), flags.json);
  if (!flags.json)
    std::printf("%s%s: %zu sessions, %zu survey scores\n%-16s %-12s %-26s %10s %9s  %s\n",
                study->settings().name.c_str(), study->settings().simulated ? " (simulated)" : "",
                study->sessions().size(), surveys->size(), "session", "person", "local start", "seconds",
                "baseline", "from");
  for (const study::StudySession& one : study->sessions()) {
    if (flags.json) {
      print_json(to_json(one));
      continue;
    }
    std::printf("%-16s %-12s %-26s %10.1f %9s  %s\n", one.id.c_str(), one.person.c_str(),
                one.start ? one.zone.text_of(*one.start).c_str() : "not known", one.duration_s,
                one.baseline ? "yes" : "", one.layout.c_str());
  }
  return 0;
}

int surveys(const ListFlags& flags) {
  Result<study::Study> study = study::Study::open(flags.study);
  if (!study) return report(study.error(), flags.json);
  const Result<std::int64_t> added = study->add_surveys(flags.file);
  if (!added) return report(added.error(), flags.json);
  if (flags.json) {
    print_json({{"added", *added}});
  } else {
    std::printf("%lld survey scores added\n", static_cast<long long>(*added));
  }
  return 0;
}

void add_study_flag(CLI::App& verb, std::string& study) {
  verb.add_option("--study", study, "The study's folder")->capture_default_str()->type_name("FOLDER");
}

void add_session_flags(CLI::App& verb, AddFlags& flags) {
  add_study_flag(verb, flags.study);
  verb.add_option("--person", flags.session.person, "Whose session: a pseudonym")->required();
  verb.add_option("--face", flags.session.face_id, "Which face_id, where the recording has several people")
      ->check(CLI::NonNegativeNumber);
  verb.add_option("--session-id", flags.session.id, "Its name; else the person's next number");
  verb.add_option(
      "--start", flags.session.start,
      "When it began: with Z or an offset, or on the clock of --zone; else as the recording says");
  verb.add_option("--zone", flags.session.zone, "IANA time zone of its place; else the study's");
  verb.add_flag("--baseline", flags.session.baseline, "Recorded at rest: the person is calibrated by it");
  verb.add_flag("--json", flags.json, "One line of JSON");
}

}  // namespace

void add_study_recordings(CLI::App& study, Chosen& chosen) {
  CLI::App* verb = study.add_subcommand("init", "Makes a study's folder");
  auto made = std::make_shared<InitFlags>();
  verb->add_option("FOLDER", made->folder, "The study's folder")->required();
  verb->add_option("--name", made->name, "Its name; else the folder's");
  verb->add_option("--zone", made->zone, "IANA time zone whose days count, such as Europe/Berlin")
      ->capture_default_str();
  verb->add_flag("--json", made->json, "One line of JSON");
  add_score_flags(*verb, made->score);
  verb->footer("Example: pyrometer study init ward-3 --zone Europe/Berlin");
  verb->callback([&chosen, made] { chosen = [made] { return init(*made); }; });

  verb = study.add_subcommand("add", "Adds a run (a folder that analyze or live wrote) as a session");
  auto added = std::make_shared<AddFlags>();
  verb->add_option("RUN", added->run, "A run's folder, or a frames.csv")->required();
  add_session_flags(*verb, *added);
  verb->footer("Example: pyrometer study add results/ --study ward-3 --person P01");
  verb->callback([&chosen, added] { chosen = [added] { return add(*added); }; });

  verb = study.add_subcommand("import", "Adds what another tool has read from a video as a session");
  auto imported = std::make_shared<AddFlags>();
  verb->add_option("FILE", imported->run, "The tool's CSV")->required();
  verb->add_option("--layout", imported->layout, "Whose columns it has")
      ->check(CLI::IsMember({"openface2", "pyfeat", "pyrometer"}))
      ->required();
  verb->add_option("--fps", imported->fps, "py-feat: frames a second of the video")
      ->check(CLI::PositiveNumber);
  add_session_flags(*verb, *imported);
  verb->footer(
      "Example: pyrometer study import clip.csv --layout pyfeat --fps 25 --person P01 --start "
      "2026-01-31T12:00");
  verb->callback([&chosen, imported] { chosen = [imported] { return import_csv(*imported); }; });

  verb = study.add_subcommand("surveys", "Adds survey scores from a CSV");
  auto scores = std::make_shared<ListFlags>();
  verb->add_option("FILE", scores->file,
                   "person,time_utc,instrument,version,scale,score,percent,category,answered,items")
      ->required();
  add_study_flag(*verb, scores->study);
  verb->add_flag("--json", scores->json, "One line of JSON");
  verb->footer("Example: pyrometer study surveys answers.csv --study ward-3");
  verb->callback([&chosen, scores] { chosen = [scores] { return surveys(*scores); }; });

  verb = study.add_subcommand("list", "Shows a study's sessions");
  auto listed = std::make_shared<ListFlags>();
  add_study_flag(*verb, listed->study);
  verb->add_flag("--json", listed->json, "One line of JSON a session");
  verb->footer("Example: pyrometer study list --study ward-3");
  verb->callback([&chosen, listed] { chosen = [listed] { return list(*listed); }; });
}

}  // namespace pyro::cli

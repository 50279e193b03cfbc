// study calibrate, study simulate: what is usual for a person, and studies of nobody to try that on.
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/base/files.hpp"
#include "pyro/html/page.hpp"
#include "pyro/records/notice.hpp"
#include "pyro/study/aggregate.hpp"
#include "pyro/study/calibration.hpp"
#include "pyro/study/simulate.hpp"
#include "study/study.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::ordered_json;

Json finite(double value) {
  return std::isfinite(value) ? Json(value) : Json{};
}

void print_line(const Json& json) {
  std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
}

struct CalibrateFlags {
  std::string study = ".", person, baseline_file;
  double baseline_s = 0;
  bool held_out = false, json = false;
  std::vector<double> lengths{5, 10, 20, 60, 120, 300, 900};
  std::uint64_t seed = 1;
};

int show_held_out(const study::Study& study, const CalibrateFlags& flags) {
  const Result<study::HeldOut> result = study::held_out(study, flags.lengths, flags.seed);
  if (!result) return report(result.error(), flags.json);
  if (flags.json) {
    Json rows = Json::array();
    for (const study::HeldOutRow& row : result->rows) {
      rows.push_back({{"baseline_s", row.baseline_s},
                      {"persons", row.persons},
                      {"sessions", row.sessions},
                      {"rmse_population", row.population},
                      {"rmse_own", row.own},
                      {"rmse_shrunk", row.shrunk},
                      {"own_less_shrunk_95", {row.own_low, row.own_high}},
                      {"weight", row.weight},
                      {"covered_95", row.covered}});
    }
    print_line({{"simulated", result->simulated},
                {"held_out", result->across_sessions ? "later sessions" : "second half of the session"},
                {"rows", std::move(rows)},
                {"notice", records::kNotice}});
    return 0;
  }
  std::printf("%sheld out: %s; root mean squared error of S, each person weighing the same\n",
              result->simulated ? "SIMULATED people; " : "",
              result->across_sessions ? "each person's later sessions"
                                      : "the second half of each person's only session");
  std::printf("%10s %8s %9s %11s %9s %9s %20s %7s %8s\n", "baseline", "persons", "sessions", "population",
              "own", "shrunk", "own less shrunk", "weight", "covered");
  for (const study::HeldOutRow& row : result->rows) {
    std::printf("%8.0f s %8zu %9zu %11.4f %9.4f %9.4f   %+8.4f..%+8.4f %7.2f %7.0f%%\n", row.baseline_s,
                row.persons, row.sessions, row.population, row.own, row.shrunk, row.own_low, row.own_high,
                row.weight, 100 * row.covered);
  }
  std::printf("%s\n", records::kNotice);
  return 0;
}

Json level_json(const study::PersonalLevel& level) {
  return {{"own", finite(level.own_mean)},
          {"own_error_sd", finite(std::sqrt(level.own_variance))},
          {"weight", finite(level.weight)},
          {"level", finite(level.level)},
          {"session_sd", finite(level.session_deviation)},
          {"low_95", finite(level.low())},
          {"high_95", finite(level.high())}};
}

void print_person(const study::CalibratedPerson& person) {
  std::printf("%s: %zu baseline session%s, %lld s\n", person.person.c_str(), person.baseline_sessions,
              person.baseline_sessions == 1 ? "" : "s", static_cast<long long>(person.baseline_seconds));
  for (std::size_t i = 0; i < study::kMeasures; ++i) {
    const study::PersonalLevel& one = person.levels[i];
    if (!std::isfinite(one.level)) continue;
    std::printf("  %-15s own %8.4f  counts %3.0f%%  level %8.4f  a session within %8.4f .. %8.4f\n",
                study::measure_name(i).c_str(), one.own_mean, 100 * one.weight, one.level, one.low(),
                one.high());
  }
  for (const auto& [session, z] : person.sessions)
    std::printf("  %-15s z of S %+.2f%s\n", session.c_str(), z, std::abs(z) > 1.96 ? "  outside" : "");
}

// What analyze --profile extended --baseline-from reads: the level and spread of S as a person's rest.
Status write_baseline(const study::Study& study, const study::CalibratedPerson& person,
                      const std::string& file) {
  score::Moments seconds;
  study::SessionSeconds session;
  for (const study::StudySession& one : study.sessions()) {
    if (one.person != person.person) continue;
    if (const Status read = study::read_seconds(study.seconds_file(one), session); !read) return read;
    const score::Moments all = study::score_of(session);
    // The spread within a session; its mean is calibrated, not taken.
    seconds.count += all.count;
    seconds.squares += all.squares;
  }
  const Json json{{"schema", "pyrometer-session/1"},
                  {"notice", records::kNotice},
                  {"calibrated", true},
                  {"persons",
                   {{{"face_id", 0},
                     {"baseline",
                      {{"mean", person.levels[0].level},
                       {"deviation", std::sqrt(seconds.variance())},
                       {"frames", seconds.count}}}}}}};
  return replace_file(file, json.dump(2) + "\n");
}

int calibrate(const CalibrateFlags& flags) {
  const Result<study::Study> study = study::Study::open(flags.study);
  if (!study) return report(study.error(), flags.json);
  if (flags.held_out) return show_held_out(*study, flags);
  const Result<study::Calibration> result = study::calibrate(*study, flags.baseline_s);
  if (!result) return report(result.error(), flags.json);
  const study::Population& population = result->population[0];
  const bool simulated = study->settings().simulated;
  bool found = false;
  if (!flags.json)
    std::printf("%s%zu persons, %zu sessions: S %.4f, between persons sd %.4f, between sessions sd %.4f\n%s",
                simulated ? "SIMULATED: " : "", population.persons, population.sessions, population.mean,
                std::sqrt(population.between), std::sqrt(population.within),
                population.within_known
                    ? ""
                    : "note: nobody has two sessions, so how far a person moves from one to "
                      "the next is not known: the ranges are too narrow\n");
  for (const study::CalibratedPerson& person : result->persons) {
    if (!flags.person.empty() && person.person != flags.person) continue;
    found = true;
    if (!flags.baseline_file.empty()) {
      if (const Status written = write_baseline(*study, person, flags.baseline_file); !written)
        return report(written.error(), flags.json);
    }
    if (!flags.json) {
      print_person(person);
      continue;
    }
    Json measures = Json::object(), sessions = Json::object();
    for (std::size_t i = 0; i < study::kMeasures; ++i)
      measures[study::measure_name(i)] = level_json(person.levels[i]);
    for (const auto& [session, z] : person.sessions) sessions[session] = finite(z);
    print_line({{"person", person.person},
                {"simulated", simulated},
                {"baseline_sessions", person.baseline_sessions},
                {"baseline_seconds", person.baseline_seconds},
                {"within_known", population.within_known},
                {"measures", std::move(measures)},
                {"z", std::move(sessions)},
                {"notice", records::kNotice}});
  }
  if (!found)
    return report({ErrorCode::bad_input, "no session of " + flags.person + " can serve as a baseline", ""},
                  flags.json);
  if (!flags.json) std::printf("%s\n", records::kNotice);
  return 0;
}

struct SimulateFlags {
  std::string folder;
  study::SimulationSettings settings;
  bool json = false;
};

int simulate(const SimulateFlags& flags) {
  const Result<study::Study> made = study::simulate(flags.folder, flags.settings);
  if (!made) return report(made.error(), flags.json);
  if (flags.json) {
    print_line({{"study", flags.folder}, {"simulated", true}, {"sessions", made->sessions().size()}});
  } else {
    std::printf("%zu simulated sessions in %s: nobody was recorded\n", made->sessions().size(),
                flags.folder.c_str());
  }
  return 0;
}

}  // namespace

void add_study_calibration(CLI::App& study, Chosen& chosen) {
  CLI::App* verb = study.add_subcommand(
      "calibrate", "What is usual for each person, drawn towards everybody's where their own data is short");
  auto flags = std::make_shared<CalibrateFlags>();
  verb->add_option("--study", flags->study, "The study's folder")->capture_default_str()->type_name("FOLDER");
  CLI::Option* person = verb->add_option("--person", flags->person, "Only this person");
  verb->add_option("--seconds", flags->baseline_s, "Only the first seconds of each baseline; 0: all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_option("--write-baseline", flags->baseline_file,
                   "Write the person's level of S for analyze --profile extended --baseline-from")
      ->type_name("FILE")
      ->needs(person);
  verb->add_flag("--held-out", flags->held_out,
                 "Instead: how well later sessions are predicted by everybody's mean, the own, the shrunk");
  verb->add_option("--lengths", flags->lengths, "With --held-out: baselines of so many seconds")
      ->check(CLI::Range(4, 86400))
      ->delimiter(',')
      ->capture_default_str();
  verb->add_option("--seed", flags->seed, "Of the bootstrap")->capture_default_str();
  verb->add_flag("--json", flags->json, "One line of JSON a person");
  verb->footer("Example: pyrometer study calibrate --study ward-3 --person P01");
  verb->callback([&chosen, flags] { chosen = [flags] { return calibrate(*flags); }; });

  verb = study.add_subcommand("simulate", "Makes a study of simulated people, to try methods on");
  auto made = std::make_shared<SimulateFlags>();
  verb->add_option("FOLDER", made->folder, "The study's folder")->required();
  study::SimulationSettings& settings = made->settings;
  verb->add_option("--persons", settings.persons, "How many")
      ->check(CLI::Range(1, 9999))
      ->capture_default_str();
  verb->add_option("--sessions", settings.sessions, "Sessions of each")
      ->check(CLI::Range(1, 999))
      ->capture_default_str();
  verb->add_option("--seconds", settings.seconds, "Length of each")
      ->check(CLI::Range(1, 86400))
      ->capture_default_str();
  verb->add_option("--seed", settings.seed, "The same seed makes the same study")->capture_default_str();
  verb->add_flag("--json", made->json, "One line of JSON");
  verb->footer("Example: pyrometer study simulate made-up --persons 20 --sessions 5 --seed 1");
  verb->callback([&chosen, made] { chosen = [made] { return simulate(*made); }; });
}

}  // namespace pyro::cli

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "pyro/study/calibration.hpp"

namespace pyro::study {
namespace {

struct Series {
  std::vector<double> score;  // of the seconds that have one
};
struct Prediction {
  double population = 0, own = 0, shrunk = 0;  // squared errors, mean over the person's sessions
  double weight = 0, covered = 0;
  std::size_t sessions = 0;
};

// What there is to predict: later sessions, or where nobody has any the second half of the only one.
std::vector<SessionMean> targets_of(const std::vector<Series>& sessions, bool across) {
  std::vector<SessionMean> targets;
  if (across) {
    for (std::size_t i = 1; i < sessions.size(); ++i) targets.push_back(session_mean(sessions[i].score));
  } else if (!sessions.empty()) {
    targets.push_back(session_mean(sessions[0].score, 0, sessions[0].score.size() / 2));
  }
  return targets;
}

HeldOutRow row_of(const std::vector<Prediction>& persons, double baseline_s, std::uint64_t seed) {
  HeldOutRow row;
  row.baseline_s = baseline_s;
  row.persons = persons.size();
  const auto n = static_cast<double>(persons.size());
  for (const Prediction& one : persons) {
    row.population += one.population / n;
    row.own += one.own / n;
    row.shrunk += one.shrunk / n;
    row.weight += one.weight / n;
    row.covered += one.covered;
    row.sessions += one.sessions;
  }
  row.covered /= static_cast<double>(row.sessions);
  row.population = std::sqrt(row.population);
  row.own = std::sqrt(row.own);
  row.shrunk = std::sqrt(row.shrunk);
  std::mt19937_64 random{seed};
  std::vector<double> gains(2000);
  for (double& gain : gains) {
    double own = 0, shrunk = 0;
    for (std::size_t i = 0; i < persons.size(); ++i) {
      const Prediction& one = persons[random() % persons.size()];
      own += one.own / n;
      shrunk += one.shrunk / n;
    }
    gain = std::sqrt(own) - std::sqrt(shrunk);
  }
  std::ranges::sort(gains);
  row.own_low = gains[static_cast<std::size_t>(0.025 * 1999)];
  row.own_high = gains[static_cast<std::size_t>(0.975 * 1999)];
  return row;
}

}  // namespace

Result<HeldOut> held_out(const Study& study, const std::vector<double>& baselines_s, std::uint64_t seed) {
  std::vector<StudySession> sessions = study.sessions();
  std::ranges::stable_sort(sessions, {},
                           [](const StudySession& one) { return one.start.value_or(UtcTime{}); });
  std::map<std::string, std::vector<Series>> persons;
  SessionSeconds seconds;
  for (const StudySession& session : sessions) {
    if (const Status read = read_seconds(study.seconds_file(session), seconds); !read)
      return tl::make_unexpected(read.error());
    Series series{measure_series(seconds, 0)};
    std::erase_if(series.score, [](double value) { return std::isnan(value); });
    if (series.score.size() >= 8) persons[session.person].push_back(std::move(series));
  }
  if (persons.size() <= kLeastPersons)
    return bad_input("the study has " + std::to_string(persons.size()) +
                     " persons with 8 s of score; to hold one out, more than " +
                     std::to_string(kLeastPersons) + " are needed");
  HeldOut out;
  out.simulated = study.settings().simulated;
  out.across_sessions = std::ranges::any_of(persons, [](const auto& one) { return one.second.size() > 1; });

  // The others' population does not depend on the baseline's length.
  std::map<std::string, PersonMeans> means;
  for (const auto& [name, all] : persons) {
    for (const Series& one : all) means[name].push_back(session_mean(one.score));
  }
  std::map<std::string, Population> others;
  for (const auto& [name, all] : persons) {
    std::vector<PersonMeans> rest;
    for (const auto& [other, theirs] : means) {
      if (other != name) rest.push_back(theirs);
    }
    others[name] = population_of(rest);
  }
  for (const double baseline_s : baselines_s) {
    std::vector<Prediction> predictions;
    for (const auto& [name, all] : persons) {
      const std::size_t available = out.across_sessions ? all[0].score.size() : all[0].score.size() / 2;
      const auto wanted = static_cast<std::size_t>(baseline_s);
      const std::vector<SessionMean> targets = targets_of(all, out.across_sessions);
      if (wanted > available || targets.empty()) continue;
      const SessionMean own = session_mean(all[0].score, wanted);
      if (!std::isfinite(own.error_variance)) continue;
      const PersonalLevel level = personal_level({own}, others[name]);
      Prediction one;
      one.weight = level.weight;
      one.sessions = targets.size();
      const auto n = static_cast<double>(targets.size());
      for (const SessionMean& held : targets) {
        const auto squared = [at = held.mean](double guess) { return (guess - at) * (guess - at); };
        one.population += squared(others[name].mean) / n;
        one.own += squared(own.mean) / n;
        one.shrunk += squared(level.level) / n;
        if (std::abs(level.z(held.mean, held.error_variance)) <= kNormal95) ++one.covered;
      }
      predictions.push_back(one);
    }
    if (predictions.size() > 1) out.rows.push_back(row_of(predictions, baseline_s, seed));
  }
  return out;
}

}  // namespace pyro::study

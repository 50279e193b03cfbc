#include "pyro/study/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "pyro/study/blocks.hpp"

namespace pyro::study {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// Inverse-variance mean of a person's sessions, and its variance.
struct PersonMean {
  double mean = 0, variance = 0;
};
PersonMean mean_of(const PersonMeans& sessions, double within) {
  double weights = 0, sum = 0;
  for (const SessionMean& one : sessions) {
    const double weight = 1 / std::max(one.error_variance + within, 1e-12);
    weights += weight;
    sum += weight * one.mean;
  }
  return {sum / weights, 1 / weights};
}

}  // namespace

SessionMean session_mean(const std::vector<double>& values, std::size_t seconds, std::size_t offset) {
  std::vector<double> known;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    if (offset > 0) {
      --offset;
      continue;
    }
    known.push_back(value);
    if (seconds > 0 && known.size() == seconds) break;
  }
  SessionMean out{kNoNumber, kNoNumber, static_cast<std::int64_t>(known.size())};
  if (known.empty()) return out;
  const auto n = static_cast<double>(known.size());
  double sum = 0, squares = 0;
  for (const double value : known) sum += value;
  out.mean = sum / n;
  for (const double value : known) squares += (value - out.mean) * (value - out.mean);
  if (known.size() < 4) return out;
  const double time = std::min(autocorrelation_time(known), n / 2);
  // The sample variance of n values that are worth n / T is too small by 1 - T / n.
  out.variance = squares / n / (1 - time / n);
  out.time = time;
  out.error_variance = out.variance * time / n;
  return out;
}

Population population_of(const std::vector<PersonMeans>& persons) {
  Population out;
  out.time = 0;
  double within = 0, errors = 0, freedom = 0, sessions = 0;
  for (const PersonMeans& person : persons) {
    if (person.empty()) continue;
    ++out.persons;
    double mean = 0;
    for (const SessionMean& one : person) {
      mean += one.mean / static_cast<double>(person.size());
      errors += one.error_variance;
      out.variance += one.variance;
      out.time += one.time;
      ++sessions;
    }
    for (const SessionMean& one : person) within += (one.mean - mean) * (one.mean - mean);
    freedom += static_cast<double>(person.size()) - 1;
  }
  out.sessions = static_cast<std::size_t>(sessions);
  out.variance /= std::max(sessions, 1.0);
  out.time = std::max(1.0, out.time / std::max(sessions, 1.0));
  if (out.persons < kLeastPersons) return out;
  out.within_known = freedom > 0;
  if (out.within_known) out.within = std::max(0.0, within / freedom - errors / sessions);

  double weights = 0, squared = 0, sum = 0, q = 0;
  for (const PersonMeans& person : persons) {
    if (person.empty()) continue;
    const PersonMean one = mean_of(person, out.within);
    const double weight = 1 / one.variance;
    weights += weight;
    squared += weight * weight;
    sum += weight * one.mean;
  }
  for (const PersonMeans& person : persons) {
    if (person.empty()) continue;
    const PersonMean one = mean_of(person, out.within);
    q += (one.mean - sum / weights) * (one.mean - sum / weights) / one.variance;
  }
  out.between = std::max(0.0, (q - (static_cast<double>(out.persons) - 1)) / (weights - squared / weights));
  weights = sum = 0;
  for (const PersonMeans& person : persons) {
    if (person.empty()) continue;
    const PersonMean one = mean_of(person, out.within);
    const double weight = 1 / (one.variance + out.between);
    weights += weight;
    sum += weight * one.mean;
  }
  out.mean = sum / weights;
  out.mean_variance = 1 / weights;
  return out;
}

PersonalLevel personal_level(const PersonMeans& baseline, const Population& population) {
  PersonalLevel out;
  PersonMeans honest = baseline;
  for (SessionMean& one : honest) {
    const double independent = static_cast<double>(one.seconds) / population.time;
    one.error_variance = std::max(one.error_variance, population.variance / std::max(1.0, independent));
  }
  const PersonMean own = mean_of(honest, population.within);
  out.own_mean = own.mean;
  out.own_variance = own.variance;
  out.weight = population.between / (population.between + own.variance);
  out.level = population.mean + out.weight * (own.mean - population.mean);
  const double rest = 1 - out.weight;
  out.session_deviation =
      std::sqrt(out.weight * own.variance + rest * rest * population.mean_variance + population.within);
  return out;
}

std::string measure_name(std::size_t measure) {
  if (measure == 0) return "score";
  if (measure <= records::kClasses) return std::string{records::kEmotionNames[measure - 1]};
  constexpr std::array<const char*, 3> kNames{"eye_openness", "mouth_openness", "eyes_closed"};
  return kNames.at(measure - 1 - records::kClasses);
}

std::vector<double> measure_series(const SessionSeconds& session, std::size_t measure) {
  std::vector<double> values;
  values.reserve(session.size());
  if (measure == 0) {
    for (const ScoreSecond& one : session.score) values.push_back(one.count > 0 ? one.mean : kNoNumber);
    return values;
  }
  const std::size_t signal = measure <= records::kClasses ? measure - 1 : cue(measure_name(measure));
  const SignalSeconds& one = session.signals[signal];
  for (std::size_t i = 0; i < session.size(); ++i)
    values.push_back(one.count[i] > 0 ? static_cast<double>(one.mean[i]) : kNoNumber);
  return values;
}

Result<Calibration> calibrate(const Study& study, double baseline_s) {
  const auto first_s = static_cast<std::size_t>(std::max(0.0, baseline_s));
  struct Person {
    std::array<PersonMeans, kMeasures> all, baseline;
    std::vector<std::pair<std::string, SessionMean>> others;
    std::size_t flagged = 0, sessions = 0;
    std::int64_t seconds = 0;
  };
  std::map<std::string, Person> persons;
  std::vector<StudySession> sessions = study.sessions();
  for (const StudySession& session : sessions) persons[session.person].flagged += session.baseline ? 1 : 0;
  std::ranges::stable_sort(sessions, {},
                           [](const StudySession& one) { return one.start.value_or(UtcTime{}); });
  SessionSeconds seconds;
  for (const StudySession& session : sessions) {
    if (const Status read = read_seconds(study.seconds_file(session), seconds); !read)
      return tl::make_unexpected(read.error());
    Person& person = persons[session.person];
    const bool is_baseline = person.flagged > 0 ? session.baseline : person.baseline[0].empty();
    for (std::size_t i = 0; i < kMeasures; ++i) {
      const std::vector<double> values = measure_series(seconds, i);
      const SessionMean whole = session_mean(values);
      if (!std::isfinite(whole.error_variance)) continue;
      person.all[i].push_back(whole);
      if (i == 0 && !is_baseline) person.others.emplace_back(session.id, whole);
      if (!is_baseline) continue;
      const SessionMean own = session_mean(values, first_s);
      if (!std::isfinite(own.error_variance)) continue;
      person.baseline[i].push_back(own);
      if (i == 0) ++person.sessions, person.seconds += own.seconds;
    }
  }
  Calibration out;
  for (std::size_t i = 0; i < kMeasures; ++i) {
    std::vector<PersonMeans> all;
    all.reserve(persons.size());
    for (const auto& [name, person] : persons) all.push_back(person.all[i]);
    out.population[i] = population_of(all);
  }
  if (out.population[0].persons < kLeastPersons)
    return bad_input("the study has " + std::to_string(out.population[0].persons) +
                     " persons with a score; a population needs at least " + std::to_string(kLeastPersons));
  for (const auto& [name, person] : persons) {
    if (person.baseline[0].empty()) continue;
    CalibratedPerson one{name, person.sessions, person.seconds, {}, {}};
    for (std::size_t i = 0; i < kMeasures; ++i) {
      one.levels[i].level = kNoNumber;
      if (!person.baseline[i].empty() && out.population[i].persons >= kLeastPersons)
        one.levels[i] = personal_level(person.baseline[i], out.population[i]);
    }
    for (const auto& [session, mean] : person.others)
      one.sessions.emplace_back(session, one.levels[0].z(mean.mean, mean.error_variance));
    out.persons.push_back(std::move(one));
  }
  return out;
}

}  // namespace pyro::study

#include "pyro/study/simulate.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <random>

#include "pyro/score/formula.hpp"

namespace pyro::study {
namespace {

constexpr double kFrameScatter = 0.02;

// The same numbers on every machine, which std::normal_distribution does not promise. Irwin and Hall's sum of
// four: near enough to normal, and fast enough for a thousand million.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : random_(seed) {}
  double normal() {
    const std::uint64_t bits = random_();
    const auto part = [bits](unsigned shift) { return static_cast<double>((bits >> shift) & 0xFFFFU); };
    constexpr double kScale = 1.7320508075688772 / 65536;  // the sum's deviation is sqrt(1/3)
    return (part(0) + part(16) + part(32) + part(48) + 2 - 2 * 65536.0) * kScale;
  }
  std::uint64_t below(std::uint64_t end) { return random_() % end; }

 private:
  std::mt19937_64 random_;
};

std::array<double, records::kClasses> expression_at(double strain, double lively) {
  // angry, disgust, fear, happy, sad, surprise, neutral
  constexpr std::array<double, records::kClasses> kRest{-1.5, -2.5, -2.2, -0.5, -1.0, -2.0, 1.2};
  constexpr std::array<double, records::kClasses> kStrain{1, 0.6, 0.6, -1, 1, 0, 0};
  constexpr std::array<double, records::kClasses> kLively{0, 0, 0, 0.8, 0, 0.5, -0.5};
  std::array<double, records::kClasses> p{};
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    p[i] = std::exp(kRest[i] + kStrain[i] * strain + kLively[i] * lively);
    sum += p[i];
  }
  for (double& one : p) one /= sum;
  return p;
}

void make_session(SessionSeconds& out, Draws& draws, double level, const SimulationSettings& settings,
                  const score::ScoreSettings& score) {
  const auto n = static_cast<std::size_t>(settings.seconds);
  const auto frames = static_cast<std::uint32_t>(settings.frames_per_s);
  out = {};
  out.signals.resize(kSignals);
  SessionFacts& facts = out.facts;
  facts.input = "simulated";
  facts.models = "simulated";
  facts.settings = score::settings_text(score);
  facts.simulated = true;
  facts.duration_s = settings.seconds;
  facts.frames = facts.rows = static_cast<std::int64_t>(n) * frames;
  const double keep = std::exp(-1 / settings.memory_s), fresh = std::sqrt(1 - keep * keep);
  double moment = draws.normal(), lively = draws.normal();
  std::array<double, kSignals> others{};
  std::int64_t gap_left = 0;
  for (std::size_t t = 0; t < n; ++t) {
    moment = keep * moment + fresh * draws.normal();
    lively = keep * lively + fresh * draws.normal();
    if (gap_left > 0) {
      --gap_left;
    } else if (draws.below(200) == 0) {
      gap_left = 1 + static_cast<std::int64_t>(draws.below(10));
      ++facts.gaps;
      facts.gap_s += static_cast<double>(gap_left);
      facts.longest_gap_s = std::max(facts.longest_gap_s, static_cast<double>(gap_left));
    }
    const std::uint32_t count = gap_left > 0 ? 0 : frames;
    facts.valid += count;
    const auto p = expression_at(level + settings.moment * moment, lively);
    const double squares = count * kFrameScatter * kFrameScatter;
    out.second.push_back(static_cast<std::int32_t>(t));
    ScoreSecond one;
    one.count = count;
    if (count > 0) {
      one.mean = score::step(score::Probabilities(p), score);
      one.squares = squares;
      one.min = one.mean - kFrameScatter;
      one.max = one.mean + kFrameScatter;
    }
    out.score.push_back(one);
    for (std::size_t i = 0; i < kSignals; ++i) {
      double mean = 0;
      if (i < records::kClasses) {
        mean = p[i];
      } else if (i == cue("valid")) {
        mean = count > 0 ? 1 : 0;
      } else {
        others[i] = keep * others[i] + fresh * draws.normal();
        mean = 0.3 + 0.05 * others[i];
        if (i == cue("eyes_closed") || i == cue("blink") || i == cue("yawning")) mean *= 0.1;
      }
      SignalSeconds& signal = out.signals[i];
      signal.count.push_back(i == cue("valid") ? frames : count);
      signal.mean.push_back(signal.count.back() > 0 ? static_cast<float>(mean) : 0);
      signal.squares.push_back(static_cast<float>(signal.count.back() > 0 ? squares : 0));
    }
  }
  if (facts.valid < facts.frames) facts.gap_reasons["no_face"] = facts.frames - facts.valid;
  facts.eyes_seen_s = static_cast<double>(facts.valid) / frames;
  facts.eyes_closed_s = 0.03 * facts.eyes_seen_s;
  facts.blinks = static_cast<std::int64_t>(facts.eyes_seen_s / 4);
}

}  // namespace

Result<Study> simulate(const std::filesystem::path& folder, const SimulationSettings& settings) {
  StudySettings about;
  about.name = "simulated";
  about.simulated = true;
  Result<Study> study = Study::init(folder, about);
  if (!study) return study;
  Draws draws{settings.seed};
  std::vector<StudySession> made;
  SessionSeconds seconds;
  constexpr auto kFirst =
      UtcTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{9}};
  for (int person = 0; person < settings.persons; ++person) {
    const double level = settings.between * draws.normal();
    for (int number = 0; number < settings.sessions; ++number) {
      make_session(seconds, draws, level + settings.within * draws.normal(), settings, about.score);
      StudySession session;
      char name[32];
      std::snprintf(name, sizeof name, "S%04d", person + 1);
      session.person = name;
      std::snprintf(name, sizeof name, "S%04d-%03d", person + 1, number + 1);
      session.id = name;
      session.start = kFirst + std::chrono::days{number};
      session.zone = about.zone;
      session.duration_s = settings.seconds;
      session.layout = "simulated";
      seconds.facts.start = session.start;
      if (const Status written = write_seconds(seconds, study->seconds_file(session)); !written)
        return tl::make_unexpected(written.error());
      made.push_back(session);
    }
  }
  if (const Status written = study->add_made(made); !written) return tl::make_unexpected(written.error());
  return study;
}

}  // namespace pyro::study

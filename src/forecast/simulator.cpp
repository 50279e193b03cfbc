#include "pyro/forecast/simulator.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "pyro/forecast/draws.hpp"
#include "pyro/report/output_file.hpp"
#include "pyro/score/formula.hpp"

namespace pyro::forecast {
namespace {

using Logits = std::array<double, records::kClasses>;
using S = SimulatorSettings;

constexpr SimulatorParameter kParameters[] = {
    {"frame_rate_hz", &S::frame_rate_hz, 1, 60, "1/s",
     "frames; fewer than a camera gives, so noise_deviation stands for a mean over some five of its frames"},
    {"session_s", &S::session_s, 60, 36000, "s", "length of a session: a short talk"},
    {"sessions", &S::sessions, 1, 1000, "", "sessions a person"},
    {"days_between", &S::days_between, 0.05, 365, "d",
     "mean days between them (exponential): about two a week"},
    {"regular_share", &S::regular_share, 0, 1, "",
     "share of that time which always passes; what is above it is drawn. 0: sessions come when they come"},
    {"rest_deviation", &S::rest_deviation, 0, 5, "log-odds",
     "how resting faces differ between persons, each class: our choice; rest itself is neutral 2.5, sad 0.5, "
     "happy 0, "
     "angry 0, surprise −0.5, fear −0.7, disgust −1.5, a mostly neutral face"},
    {"moment_deviation", &S::moment_deviation, 0, 5, "log-odds", "passing expressions, each class"},
    {"moment_s", &S::moment_s, 0.1, 60, "s",
     "their time constant: facial expressions last some 0.5 to 4 s (Ekman 2003)"},
    {"mood_deviation", &S::mood_deviation, 0, 5, "log-odds", "mood within a session"},
    {"mood_s", &S::mood_s, 10, 7200, "s", "its time constant: our choice, minutes"},
    {"situation_s", &S::situation_s, 5, 3600, "s",
     "mean stay in rest, speaking, a pleasant or a straining topic: our choice, the turns of a talk"},
    {"situation_strength", &S::situation_strength, 0, 5, "",
     "factor on the situations' shifts: speaking surprise +0.5, neutral −0.7; pleasant happy +2, neutral "
     "−0.5; "
     "straining sad +1, angry +0.8, fear +0.5, neutral −0.5"},
    {"strain_deviation", &S::strain_deviation, 0, 5, "log-odds", "slow strain over weeks"},
    {"strain_days", &S::strain_days, 1, 365, "d",
     "its time constant: our choice, between a bad day and a bad season"},
    {"strain_trend_per_month", &S::strain_trend_per_month, 0, 5, "log-odds/30 d",
     "standard deviation between persons of a steady rise or fall"},
    {"day_amplitude", &S::day_amplitude, 0, 5, "log-odds",
     "time of day: positive affect rises to the afternoon and falls (Clark, Watson and Leeka 1989); size our "
     "choice"},
    {"day_peak_h", &S::day_peak_h, 0, 24, "h", "when it is highest, as there"},
    {"weekend_lift", &S::weekend_lift, 0, 5, "log-odds",
     "better mood on Saturday and Sunday (Ryan, Bernstein and Brown 2010); size our choice"},
    {"tired_deviation", &S::tired_deviation, 0, 5, "",
     "tiredness: eyes less open, blinks longer; half of the strain adds to it"},
    {"tired_s", &S::tired_s, 10, 7200, "s", "its time constant: our choice, ten minutes"},
    {"blinks_per_min", &S::blinks_per_min, 0, 120, "1/min", "blinks at rest (Bentivoglio et al. 1997)"},
    {"blinks_speaking_per_min", &S::blinks_speaking_per_min, 0, 120, "1/min", "in conversation (the same)"},
    {"blink_s", &S::blink_s, 0.05, 2, "s", "length of a blink when alert (Caffier et al. 2003)"},
    {"long_closure_share", &S::long_closure_share, 0, 1, "",
     "share of blinks that are long closures, times e^tiredness: our choice"},
    {"long_closure_s", &S::long_closure_s, 0.1, 20, "s", "their length: our choice, beyond a blink's 0.5 s"},
    {"noise_deviation", &S::noise_deviation, 0, 5, "log-odds",
     "the camera's and network's noise, each class and frame"},
    {"light_deviation", &S::light_deviation, 0, 5, "log-odds",
     "what light, angle and pose change, each class; no part of the truth"},
    {"light_s", &S::light_s, 1, 3600, "s", "its time constant: our choice, how long a posture is kept"},
    {"seen_s", &S::seen_s, 1, 36000, "s", "mean time between gaps (exponential): our choice"},
    {"gap_s", &S::gap_s, 0.1, 600, "s", "median gap (log-normal): a hand, a glance aside"},
    {"gap_spread", &S::gap_spread, 0, 3, "", "deviation of its logarithm"},
    {"away_share", &S::away_share, 0, 1, "", "share of gaps in which the person is away"},
    {"away_s", &S::away_s, 1, 3600, "s", "median of those"},
};

//                        angry disgust fear happy sad surprise neutral
constexpr Logits kRest{0, -1.5, -0.7, 0, 0.5, -0.5, 2.5};
constexpr Logits kValence{-0.5, -0.5, -0.5, 1, -0.5, 0, 0};
constexpr Logits kTired{0, 0, 0, 0, 0.5, 0, 0.5};
constexpr std::size_t kSituations = 4;
constexpr std::size_t kSpeaking = static_cast<std::size_t>(Situation::speaking);
constexpr std::array<Logits, kSituations> kShifts{
    {{}, {0, 0, 0, 0, 0, 0.5, -0.7}, {0, 0, 0, 2, 0, 0, -0.5}, {0.8, 0, 0.5, 0, 1, 0, -0.5}}};

// Ornstein–Uhlenbeck, exact for any step; begins in its stationary state.
class Drift {
 public:
  Drift(double deviation, double time_constant, Draws& draws)
      : deviation_(deviation), time_constant_(time_constant), value_(deviation * draws.normal()) {}
  double after(double passed, Draws& draws) {
    const double kept = std::exp(-passed / time_constant_);
    value_ = kept * value_ + deviation_ * std::sqrt(1 - kept * kept) * draws.normal();
    return value_;
  }

 private:
  double deviation_, time_constant_, value_;
};

std::vector<Drift> drifts(double deviation, double time_constant, Draws& draws) {
  std::vector<Drift> all;
  all.reserve(records::kClasses);
  for (int i = 0; i < records::kClasses; ++i) all.emplace_back(deviation, time_constant, draws);
  return all;
}

score::Probabilities softmax(const Logits& u) {
  const double top = *std::ranges::max_element(u);
  score::Probabilities p{};
  double sum = 0;
  for (std::size_t i = 0; i < p.size(); ++i) sum += p[i] = std::exp(u[i] - top);
  for (double& value : p) value /= sum;
  return p;
}

// What changes from day to day and stays through a session.
struct Day {
  double valence = 0;  // strain, time of day, weekend
  double strain = 0;
};

Day day_of(const S& settings, double day, double strain) {
  const double hour = 24 * (day - std::floor(day));
  const double weekday = std::fmod(std::floor(day), 7);
  const double clock = std::cos(2 * std::numbers::pi * (hour - settings.day_peak_h) / 24);
  return {settings.day_amplitude * clock + (weekday >= 5 ? settings.weekend_lift : 0) - strain, strain};
}

// The eyes: open, or closed until some time; and the share of the last minute with them closed.
class Eyes {
 public:
  explicit Eyes(double frame_s) : closed_(static_cast<std::size_t>(std::max(1.0, 60 / frame_s))) {}
  void frame(const S& settings, double time, double frame_s, bool speaking, double tired, Draws& draws) {
    const double rate = (speaking ? settings.blinks_speaking_per_min : settings.blinks_per_min) / 60;
    if (time >= closed_until_ && draws.uniform() < rate * frame_s) {
      const bool dozing = draws.uniform() < settings.long_closure_share * std::exp(tired);
      closed_until_ = time + (dozing ? settings.long_closure_s : settings.blink_s);
    }
    const bool closed = time < closed_until_;
    openness = closed ? 0.1 : std::clamp(0.9 - 0.1 * tired + 0.03 * draws.normal(), 0.25, 1.0);
    count_ += (closed ? 1 : 0) - closed_[next_];
    closed_[next_] = closed ? 1 : 0;
    next_ = (next_ + 1) % closed_.size();
    frames_ = std::min(frames_ + 1, closed_.size());
    perclos = static_cast<double>(count_) / static_cast<double>(frames_);
  }
  double openness = 1, perclos = 0;

 private:
  std::vector<int> closed_;
  std::size_t next_ = 0, frames_ = 0;
  int count_ = 0;
  double closed_until_ = -1;
};

std::vector<SimulatedFrame> simulate_frames(const S& settings, const Logits& rest, const Day& day,
                                            Draws& draws) {
  const double frame_s = 1 / settings.frame_rate_hz;
  std::vector<Drift> moment = drifts(settings.moment_deviation, settings.moment_s, draws);
  std::vector<Drift> light = drifts(settings.light_deviation, settings.light_s, draws);
  Drift mood(settings.mood_deviation, settings.mood_s, draws);
  Drift tiredness(settings.tired_deviation, settings.tired_s, draws);
  Drift mouth(0.25, 0.4, draws);
  Eyes eyes(frame_s);
  std::size_t situation = 0;
  double change_at = draws.exponential(settings.situation_s);
  double gap_from = draws.exponential(settings.seen_s), gap_to = gap_from;
  std::vector<SimulatedFrame> frames(static_cast<std::size_t>(settings.session_s * settings.frame_rate_hz));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    SimulatedFrame& frame = frames[i];
    frame.time_s = static_cast<double>(i) * frame_s;
    if (frame.time_s >= change_at) {
      situation =
          (situation + 1 + static_cast<std::size_t>(draws.uniform() * (kSituations - 1))) % kSituations;
      change_at = frame.time_s + draws.exponential(settings.situation_s);
    }
    if (frame.time_s >= gap_to) {
      gap_from = gap_to + draws.exponential(settings.seen_s);
      const bool away = draws.uniform() < settings.away_share;
      gap_to = gap_from + draws.log_normal(away ? settings.away_s : settings.gap_s, settings.gap_spread);
    }
    const double valence = day.valence + mood.after(frame_s, draws);
    const double tired = tiredness.after(frame_s, draws) + day.strain / 2;
    Logits truth{}, seen{};
    for (std::size_t k = 0; k < truth.size(); ++k) {
      truth[k] = rest[k] + settings.situation_strength * kShifts[situation][k] +
                 moment[k].after(frame_s, draws) + valence * kValence[k] + tired * kTired[k];
      seen[k] = truth[k] + light[k].after(frame_s, draws) + settings.noise_deviation * draws.normal();
    }
    eyes.frame(settings, frame.time_s, frame_s, situation == kSpeaking, tired, draws);
    const double opening = std::abs(mouth.after(frame_s, draws));
    frame.situation = static_cast<Situation>(situation);
    frame.true_p = softmax(truth);
    frame.p = softmax(seen);
    frame.valid = !(frame.time_s >= gap_from && frame.time_s < gap_to);
    frame.eye_openness = static_cast<float>(eyes.openness);
    frame.mouth_openness =
        static_cast<float>(std::min(situation == kSpeaking ? opening : 0.1 * opening, 1.0));
    frame.perclos = static_cast<float>(eyes.perclos);
  }
  return frames;
}

}  // namespace

std::span<const SimulatorParameter> simulator_parameters() {
  return kParameters;
}

std::vector<SimulatedSession> simulate_person(const SimulatorSettings& settings, std::uint64_t seed,
                                              std::size_t person, double until_day) {
  Draws draws(datasets::mix(seed, 1 + person));
  Logits rest = kRest;
  for (double& value : rest) value += settings.rest_deviation * draws.normal();
  const double trend = settings.strain_trend_per_month / 30 * draws.normal();
  Drift strain(settings.strain_deviation, settings.strain_days, draws);
  char name[32];
  std::snprintf(name, sizeof name, "p%03zu", person + 1);
  std::vector<SimulatedSession> sessions;
  double day = 7 * draws.uniform(), since = 0;
  for (int i = 0; i < static_cast<int>(settings.sessions); ++i) {
    // By day, from 8:00 to 18:00.
    const double at = std::floor(day) + (8 + 10 * draws.uniform()) / 24;
    if (at >= until_day) break;
    const double level = strain.after(since, draws) + trend * at;
    sessions.push_back({name, name + ("/s" + std::to_string(i + 1)), at, level,
                        simulate_frames(settings, rest, day_of(settings, at, level), draws)});
    since = settings.days_between * settings.regular_share +
            draws.exponential(settings.days_between * (1 - settings.regular_share));
    day += since;
  }
  return sessions;
}

std::vector<Series> simulated_series(const SimulatorSettings& settings, std::uint64_t seed,
                                     std::size_t people, Seconds step, const score::ScoreSettings& score) {
  std::vector<Series> all;
  for (std::size_t person = 0; person < people; ++person) {
    for (const SimulatedSession& session : simulate_person(settings, seed, person)) {
      Resampler seen(session.person, session.name, step, score);
      Resampler truth(session.person, session.name, step, score);
      for (const SimulatedFrame& frame : session.frames) {
        records::FatigueCues cues;
        cues.eye_openness = frame.eye_openness;
        cues.mouth_openness = frame.mouth_openness;
        cues.perclos = frame.perclos;
        seen.add(Seconds{frame.time_s}, frame.valid, frame.p, cues);
        truth.add(Seconds{frame.time_s}, true, frame.true_p, cues);
      }
      Series series = seen.finish();
      series.truth = truth.finish().scores();
      all.push_back(std::move(series));
    }
  }
  return all;
}

Status write_simulated(const SimulatedSession& session, const std::filesystem::path& folder,
                       const score::ScoreSettings& score) {
  const std::filesystem::path place = folder / session.name;
  std::error_code error;
  std::filesystem::create_directories(place, error);
  if (error) return failed(place.string() + ": cannot be created; choose another --out", error.message());
  Result<report::OutputFile> file = report::OutputFile::create(place / "frames.csv");
  if (!file) return tl::make_unexpected(file.error());
  std::string text =
      "frame,time_s,utc,face_id,valid,reason,angry,disgust,fear,happy,sad,surprise,neutral,"
      "eye_openness,mouth_openness,perclos,score,true_score\n";
  // Monday, 5 January 2026: simulated people live in no time zone.
  constexpr UtcTime kMonday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
  char row[512];
  for (std::size_t i = 0; i < session.frames.size(); ++i) {
    const SimulatedFrame& frame = session.frames[i];
    const auto since = std::chrono::duration<double>(session.start_day * 86400 + frame.time_s);
    const std::string utc = utc_text(kMonday + std::chrono::duration_cast<std::chrono::microseconds>(since));
    std::snprintf(row, sizeof row, "%zu,%.3f,%s,0,%d,%s,", i, frame.time_s, utc.c_str(), frame.valid ? 1 : 0,
                  frame.valid ? "" : "turned_away");
    text += row;
    for (const double p : frame.p) {
      if (frame.valid) std::snprintf(row, sizeof row, "%.9g", p), text += row;
      text += ',';
    }
    if (frame.valid) {
      std::snprintf(row, sizeof row, "%.4f,%.4f,%.4f,%.9g,", static_cast<double>(frame.eye_openness),
                    static_cast<double>(frame.mouth_openness), static_cast<double>(frame.perclos),
                    score::step(frame.p, score));
      text += row;
    } else {
      text += ",,,,";
    }
    std::snprintf(row, sizeof row, "%.9g\n", score::step(frame.true_p, score));
    text += row;
  }
  if (Status written = file->write(text); !written) return written;
  return file->close();
}

}  // namespace pyro::forecast

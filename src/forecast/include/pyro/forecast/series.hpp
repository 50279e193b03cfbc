// A person's session as steps of equal length: what forecasters see, and what they are judged on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/report/frames_reader.hpp"
#include "pyro/score/settings.hpp"

namespace pyro::forecast {

// The ten numbers of a step: the seven probabilities in their order, eye openness, mouth openness, PERCLOS.
inline constexpr std::size_t kFeatures = 10;
// An eleventh tells a network what is a gap: 1 where the step was seen, 0 (as are the other ten) where not.
inline constexpr std::size_t kChannels = kFeatures + 1;
// A network looks back this many steps.
inline constexpr std::size_t kWindow = 30;
// 30 steps are then 30 s: six times the shortest horizon, as long as the middle one, and each mean is of some
// 25 frames, so that the camera's noise is mostly gone. Of the 5 min that the longest horizon looks ahead no
// window of 30 steps that resolves seconds can hold as much; there a memory (the LSTM's) has to do.
inline constexpr Seconds kStep{1};
// A step of which fewer frames could be read is a gap.
inline constexpr double kLeastSeen = 0.5;

// How far ahead is looked: the next step, 5 s, 30 s and 5 min, in steps.
[[nodiscard]] std::vector<std::size_t> horizons_in_steps(double step_s);

inline constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

struct Step {
  std::array<float, kFeatures> x{};  // means over the step's valid frames; 0 in a gap
  bool seen = false;
  double score = kGap;  // mean S_t of those frames
};

struct Series {
  std::string person;  // who is held out together
  std::string name;    // the recording, for messages
  std::vector<Step> steps;
  // The state under the noise, one a step; only simulated series have it.
  std::vector<double> truth;

  [[nodiscard]] std::vector<double> scores() const;  // kGap in gaps
};

// Sorts frames, which come in the order of time, into steps that begin with the first one. A cue that is not
// known counts as a rested, silent face's (eyes 1, mouth 0, PERCLOS 0), so that recordings with probabilities
// alone can be read.
class Resampler {
 public:
  Resampler(std::string person, std::string name, Seconds step, const score::ScoreSettings& settings);
  void add(Seconds time, bool valid, const score::Probabilities& p, const records::FatigueCues& cues);
  // The steps that have ended since the last call; finish() then gives the rest.
  [[nodiscard]] std::vector<Step> take() { return std::exchange(series_.steps, {}); }
  [[nodiscard]] Series finish();

 private:
  void close_step();

  score::ScoreSettings settings_;
  double step_s_;
  double start_s_ = kGap;
  std::int64_t current_ = 0;
  std::array<double, kFeatures> sums_{};
  double score_sum_ = 0;
  int valid_ = 0, frames_ = 0;
  Series series_;
};

// A series a person in the file, called `name`/number where there are several. Errors: those of the reader.
[[nodiscard]] Result<std::vector<Series>> read_series(report::FramesReader& frames, const std::string& name,
                                                      Seconds step, const score::ScoreSettings& settings);

// Every frames.csv below `folder`, or that file alone. The first folder's name on the way is the person's, so
// both one folder a recording (each then counts as another person) and PERSON/SESSION/frames.csv are read as
// meant. Errors: there is none (bad_input), those of the reader.
[[nodiscard]] Result<std::vector<Series>> read_folder(const std::filesystem::path& folder, Seconds step,
                                                      const score::ScoreSettings& settings);

// The mean of the scores within `reach` steps on either side, over what was seen: what a smoother would say
// that knows the future. kGap where fewer than half of them were seen, the ends included.
[[nodiscard]] std::vector<double> centred_mean(const std::vector<double>& scores, std::size_t reach);
// The smoothed present is 15 s wide: shorter than a topic of conversation, longer than an expression's
// flicker.
inline constexpr std::size_t kReach = 7;

}  // namespace pyro::forecast

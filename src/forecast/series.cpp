#include "pyro/forecast/series.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "pyro/score/formula.hpp"

namespace pyro::forecast {
namespace {

// More empty steps than a day of seconds are a clock that jumped, not a gap.
constexpr double kLongestGap = 86400;

float known_or(float value, float otherwise) {
  return std::isnan(value) ? otherwise : value;
}

}  // namespace

std::vector<std::size_t> horizons_in_steps(double step_s) {
  std::vector<std::size_t> horizons{1};
  for (const double seconds : {5.0, 30.0, 300.0})
    horizons.push_back(std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(seconds / step_s))));
  return horizons;
}

std::vector<double> Series::scores() const {
  std::vector<double> values;
  values.reserve(steps.size());
  for (const Step& step : steps) values.push_back(step.score);
  return values;
}

Resampler::Resampler(std::string person, std::string name, Seconds step, const score::ScoreSettings& settings)
    : settings_(settings), step_s_(step.count()) {
  series_.person = std::move(person);
  series_.name = std::move(name);
}

void Resampler::close_step() {
  Step step;
  if (valid_ > 0 && valid_ >= kLeastSeen * frames_) {
    step.seen = true;
    for (std::size_t i = 0; i < kFeatures; ++i) step.x[i] = static_cast<float>(sums_[i] / valid_);
    step.score = score_sum_ / valid_;
  }
  series_.steps.push_back(step);
  sums_.fill(0);
  score_sum_ = 0;
  valid_ = frames_ = 0;
}

void Resampler::add(Seconds time, bool valid, const score::Probabilities& p,
                    const records::FatigueCues& cues) {
  if (std::isnan(start_s_)) start_s_ = time.count();
  const double at =
      std::min((time.count() - start_s_) / step_s_, static_cast<double>(current_) + kLongestGap);
  for (const auto step = static_cast<std::int64_t>(at + 1e-9); current_ < step; ++current_) close_step();
  ++frames_;
  if (!valid || std::isnan(p[0])) return;
  ++valid_;
  for (std::size_t i = 0; i < p.size(); ++i) sums_[i] += p[i];
  sums_[7] += static_cast<double>(known_or(cues.eye_openness, 1));
  sums_[8] += static_cast<double>(known_or(cues.mouth_openness, 0));
  sums_[9] += static_cast<double>(known_or(cues.perclos, 0));
  score_sum_ += score::step(p, settings_);
}

Series Resampler::finish() {
  if (frames_ > 0) close_step();
  return std::move(series_);
}

Result<std::vector<Series>> read_series(report::FramesReader& frames, const std::string& name, Seconds step,
                                        const score::ScoreSettings& settings) {
  std::map<std::int64_t, Resampler> persons;
  report::RecordedFrame row;
  while (true) {
    const Result<bool> more = frames.next(row);
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    const records::Observation& seen = row.seen;
    if (seen.face.face_id < 0) {  // nobody: a gap of everybody who was there before
      for (auto& [id, resampler] : persons) resampler.add(seen.time, false, row.p, seen.fatigue);
      continue;
    }
    const auto at = persons
                        .try_emplace(seen.face.face_id, name + "/" + std::to_string(seen.face.face_id + 1),
                                     name + "/" + std::to_string(seen.face.face_id + 1), step, settings)
                        .first;
    at->second.add(seen.time, seen.valid, row.p, seen.fatigue);
  }
  std::vector<Series> all;
  for (auto& [id, resampler] : persons) {
    all.push_back(resampler.finish());
    if (persons.size() == 1) all.back().person = all.back().name = name;
  }
  return all;
}

Result<std::vector<Series>> read_folder(const std::filesystem::path& folder, Seconds step,
                                        const score::ScoreSettings& settings) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<fs::path> files;
  if (fs::is_regular_file(folder, error)) {
    files.push_back(folder);
  } else {
    for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      if (at->path().filename() == "frames.csv") files.push_back(at->path());
    }
  }
  if (files.empty())
    return bad_input(folder.string() +
                         ": no frames.csv there; give the folder that `pyrometer analyze` wrote, or "
                         "one above such folders",
                     error.message());
  std::ranges::sort(files);
  std::vector<Series> all;
  for (const fs::path& file : files) {
    Result<report::FramesReader> frames = report::FramesReader::open(file);
    if (!frames) return tl::make_unexpected(frames.error());
    const fs::path inner = file.lexically_relative(folder).parent_path();
    const fs::path named =
        inner.empty() || inner == "." ? fs::absolute(file).parent_path().filename() : inner;
    Result<std::vector<Series>> read = read_series(*frames, named.generic_string(), step, settings);
    if (!read) return read;
    for (Series& series : *read) {
      // PERSON/SESSION: sessions of one person stay together; persons within one file stay apart.
      const std::string first = named.begin()->string();
      series.person = first + series.name.substr(named.generic_string().size());
      all.push_back(std::move(series));
    }
  }
  return all;
}

std::vector<double> centred_mean(const std::vector<double>& scores, std::size_t reach) {
  std::vector<double> means(scores.size(), kGap);
  double sum = 0;
  std::size_t count = 0;
  const auto take = [&](std::size_t i, double sign) {
    if (std::isnan(scores[i])) return;
    sum += sign * scores[i];
    count += sign > 0 ? 1 : static_cast<std::size_t>(-1);
  };
  for (std::size_t i = 0; i < std::min(reach, scores.size()); ++i) take(i, 1);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (i + reach < scores.size()) take(i + reach, 1);
    if (i > reach) take(i - reach - 1, -1);
    if (2 * count >= 2 * reach + 1) means[i] = sum / static_cast<double>(count);
  }
  return means;
}

}  // namespace pyro::forecast

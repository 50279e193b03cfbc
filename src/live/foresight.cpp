#include "foresight.hpp"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "lately.hpp"
#include "pyro/score/formula.hpp"

namespace pyro::live {
namespace {

double rounded(double value) {
  return std::round(value * 1e4) / 1e4;
}

nlohmann::json band_json(const forecast::Band& band, double ahead_s) {
  return {{"ahead_s", ahead_s},
          {"mean", rounded(band.mean)},
          {"low_95", rounded(band.quantiles[0])},
          {"low_80", rounded(band.quantiles[1])},
          {"high_80", rounded(band.quantiles[3])},
          {"high_95", rounded(band.quantiles[4])}};
}

}  // namespace

Foresight::Foresight(ForecastModel model, const score::ScoreSettings& settings)
    : model_(std::move(model)), settings_(settings) {}

void Foresight::look_ahead(Person& person) {
  std::vector<forecast::Step> steps = person.resampler.take();
  // After a long break nothing of before is worth remembering.
  if (steps.size() > forecast::kWindow) {
    person.forecaster.reset();
    steps.erase(steps.begin(), steps.end() - forecast::kWindow);
  }
  for (const forecast::Step& step : steps) {
    Result<forecaster::Answer> answer = person.forecaster.step(step);
    person.said.reset();
    if (!answer)
      continue;  // its model was tested when it was loaded; what is said of now does not depend on it
    person.said = *answer;
    person.fresh = true;
  }
}

std::string Foresight::told(const records::Frame& frame) const {
  nlohmann::json out{{"type", "forecast"},
                     {"frame", frame.index},
                     {"time_s", rounded(frame.time.count())},
                     {"model", model_.reference},
                     {"trained_on", model_.trained_on},
                     {"simulated", model_.trained_on.find("simulated") != std::string::npos},
                     {"faces", nlohmann::json::array()}};
  const std::vector<std::size_t> horizons = forecast::horizons_in_steps(step_s_);
  for (const auto& [id, person] : persons_) {
    if (!person.said || !person.fresh) continue;
    nlohmann::json ahead = nlohmann::json::array();
    for (std::size_t h = 0; h < horizons.size(); ++h)
      ahead.push_back(band_json((*person.said)[h + 1], static_cast<double>(horizons[h]) * step_s_));
    out["faces"].push_back(
        {{"face_id", id}, {"present", band_json(person.said->front(), 0)}, {"ahead", ahead}});
  }
  return out["faces"].empty() ? std::string{} : out.dump();
}

std::optional<std::string> Foresight::take(const records::Frame& frame,
                                           std::span<const records::Observation> faces) {
  const auto feed = [&](Person& person, const records::Observation& seen) {
    person.resampler.add(frame.time, seen.valid, score::probabilities(seen.expression), seen.fatigue);
    look_ahead(person);
  };
  for (const records::Observation& face : faces) {
    if (face.face.face_id < 0) continue;
    auto known = persons_.find(face.face.face_id);
    if (known == persons_.end()) {
      Result<forecaster::Forecaster> forecaster = forecaster::Forecaster::create(model_.model);
      if (!forecaster) continue;
      step_s_ = forecaster->step_s();
      known = persons_
                  .emplace(face.face.face_id, Person{std::move(*forecaster),
                                                     forecast::Resampler("", "", Seconds{step_s_}, settings_),
                                                     {},
                                                     frame.time,
                                                     false})
                  .first;
    }
    known->second.last = frame.time;
    feed(known->second, face);
  }
  std::erase_if(persons_, [&](const auto& one) {
    return frame.time - one.second.last > Seconds{static_cast<double>(Lately::kWindow_s)};
  });
  records::Observation nobody;
  nobody.expression = records::Expression::none();
  for (auto& [id, person] : persons_) {
    if (person.last != frame.time) feed(person, nobody);
  }
  const auto second = static_cast<std::int64_t>(std::floor(frame.time.count()));
  if (second == second_) return std::nullopt;
  second_ = second;
  std::string text = told(frame);
  for (auto& [id, person] : persons_) person.fresh = false;
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace pyro::live

// The score to come of each face of a session, told once a second.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "pyro/forecaster/forecaster.hpp"
#include "pyro/records/frame.hpp"
#include "pyro/records/observation.hpp"

namespace pyro::live {

struct ForecastModel {
  infer::Model model;
  std::string reference, trained_on;  // "forecast@1.0.0"; in words, empty where nobody knows
};

class Foresight {
 public:
  Foresight(ForecastModel model, const score::ScoreSettings& settings);

  // The next frame. A message when a second has passed and there is something new to tell.
  std::optional<std::string> take(const records::Frame& frame, std::span<const records::Observation> faces);

 private:
  struct Person {
    forecaster::Forecaster forecaster;
    forecast::Resampler resampler;
    std::optional<forecaster::Answer> said;
    Seconds last{0};
    bool fresh = false;
  };
  void look_ahead(Person& person);
  [[nodiscard]] std::string told(const records::Frame& frame) const;

  ForecastModel model_;
  score::ScoreSettings settings_;
  std::map<std::int32_t, Person> persons_;
  std::int64_t second_ = -1;
  double step_s_ = 1;
};

}  // namespace pyro::live

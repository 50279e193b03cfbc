#include "pyro/forecaster/forecaster.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::forecaster {
namespace {

constexpr std::size_t kPerTarget = 1 + forecast::kQuantiles.size();
constexpr std::size_t kForecast = 0, kState = 1, kPace = 2;  // the outputs

}  // namespace

Result<Forecaster> Forecaster::create(const infer::Model& model) {
  Result<infer::Network> network = infer::Network::create(model);
  if (!network) return tl::make_unexpected(network.error());
  const bool fits = network->output_count() == 3 &&
                    network->output(kForecast).size() == kTargets * kPerTarget &&
                    network->input().size() == network->output(kState).size() + forecast::kChannels &&
                    network->output(kPace).size() == 1;
  if (!fits)
    return bad_input("model " + model.name() +
                     " is no forecaster; name one that `./run forecast` has trained");
  std::ranges::fill(network->input(), 0.0F);
  if (Status ran = network->run(); !ran) return tl::make_unexpected(ran.error());
  const double step_s = static_cast<double>(network->output(kPace)[0]);
  if (!(step_s > 0))
    return bad_input("model " + model.name() + " does not say how long its steps are; train it anew");
  return Forecaster(std::move(*network), step_s);
}

void Forecaster::reset() {
  std::ranges::fill(network_.input(), 0.0F);
}

Result<Answer> Forecaster::step(const forecast::Step& step) {
  const std::span<float> input = network_.input();
  const std::span<float> channels = input.last(forecast::kChannels);
  std::ranges::copy(step.x, channels.begin());
  channels[forecast::kFeatures] = step.seen ? 1.0F : 0.0F;
  if (Status ran = network_.run(); !ran) return tl::make_unexpected(ran.error());
  std::ranges::copy(network_.output(kState), input.begin());
  const std::span<const float> said = network_.output(kForecast);
  Answer answer;
  for (std::size_t target = 0; target < kTargets; ++target) {
    const std::span<const float> part = said.subspan(target * kPerTarget, kPerTarget);
    if (!std::isfinite(part[0]))
      return failed("the forecaster's answer is not a number; check its model with `./run models verify`");
    answer[target].mean = static_cast<double>(part[0]);
    std::ranges::copy(part.subspan(1), answer[target].quantiles.begin());
  }
  return answer;
}

Result<forecast::Track> track_of(Forecaster& forecaster, const forecast::Series& series) {
  forecaster.reset();
  forecast::Track track;
  track.ahead.resize(kTargets - 1);
  for (const forecast::Step& step : series.steps) {
    const Result<Answer> answer = forecaster.step(step);
    if (!answer) return tl::make_unexpected(answer.error());
    track.present.push_back(answer->front().mean);
    for (std::size_t h = 0; h + 1 < kTargets; ++h) track.ahead[h].push_back((*answer)[h + 1]);
  }
  return track;
}

}  // namespace pyro::forecaster

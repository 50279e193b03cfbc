#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "pyro/explain/session_report.hpp"

namespace pyro::explain {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json{};
}

Json parts_json(const Parts& parts) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kParts; ++i) json[std::string{kPartNames[i]}] = number(parts[i]);
  return json;
}

Json level_json(const Level& level) {
  return {{"frames", level.frames},
          {"valid_frames", level.valid},
          {"score", number(level.score)},
          {"volatility", number(level.volatility)},
          {"score_final", number(level.final_score)},
          {"parts",
           {{"score", parts_json(level.score_parts)},
            {"volatility", parts_json(level.volatility_parts)},
            {"score_final", parts_json(level.final_parts)}}}};
}

}  // namespace

std::string step_text(const Step& step, const SessionSource& source) {
  const auto seconds =
      static_cast<long long>(std::llround(static_cast<double>(step.number) * source.length.count()));
  std::array<char, 48> text{};
  if (seconds >= 3600) {
    std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60,
                  seconds % 60);
  } else {
    std::snprintf(text.data(), text.size(), "%lld:%02lld", seconds / 60, seconds % 60);
  }
  return text.data();
}

std::string movers_text(const Parts& parts, std::size_t most) {
  std::array<std::size_t, kParts> order{};
  for (std::size_t i = 0; i < kParts; ++i) order[i] = i;
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return std::abs(parts[i]); });
  std::string text;
  for (std::size_t i = 0; i < std::min(most, kParts); ++i) {
    const double part = parts[order[i]];
    if (!(std::abs(part) >= 0.0005)) break;  // would read 0.000
    std::array<char, 32> value{};
    std::snprintf(value.data(), value.size(), " %+.3f", part);
    text += (text.empty() ? "" : ", ") + std::string{kPartNames[order[i]]} + value.data();
  }
  return text;
}

nlohmann::ordered_json to_json(const PersonStory& story, const SessionSource& source) {
  Json steps = Json::array();
  for (const Step& step : story.steps) {
    Json json = level_json(step.level);
    json["from_s"] = static_cast<double>(step.number) * source.length.count();
    if (step.change) {
      json["change"] = {
          {"since_s", static_cast<double>(story.steps[step.change->since].number) * source.length.count()},
          {"score", step.change->score},
          {"score_final", step.change->final_score},
          {"parts",
           {{"score", parts_json(step.change->score_parts)},
            {"score_final", parts_json(step.change->final_parts)}}}};
    } else {
      json["change"] = nullptr;
    }
    steps.push_back(std::move(json));
  }
  return {{"face_id", story.face_id},
          {"input", source.name},
          {"models", source.models.empty() ? Json{} : Json(source.models)},
          {"settings", score::settings_text(source.settings)},
          {"step_s", source.length.count()},
          {"session", level_json(story.session)},
          {"steps", std::move(steps)}};
}

}  // namespace pyro::explain

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "pyro/forecast/evaluate.hpp"

namespace pyro::forecast {
namespace {

using nlohmann::json;

json number(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

void put(json& into, const std::string& key, const Figure& figure) {
  into[key] = number(figure.value);
  into[key + "_95"] = {number(figure.interval_95.low), number(figure.interval_95.high)};
}

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return "–";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

// "0.123 (0.100 … 0.150)".
std::string figure_text(const Figure& figure, int decimals, double factor = 1) {
  std::string text = fixed_text(figure.value * factor, decimals);
  if (std::isfinite(figure.interval_95.low))
    text += " (" + fixed_text(figure.interval_95.low * factor, decimals) + " … " +
            fixed_text(figure.interval_95.high * factor, decimals) + ")";
  return text;
}

std::string horizon_text(double seconds) {
  if (seconds >= 86400 && std::fmod(seconds, 86400) == 0) return fixed_text(seconds / 86400, 0) + " d";
  if (seconds >= 60 && std::fmod(seconds, 60) == 0) return fixed_text(seconds / 60, 0) + " min";
  return fixed_text(seconds, seconds == std::floor(seconds) ? 0 : 1) + " s";
}

// What the figure says, in a word: is persistence beaten for sure, not, or is it open?
const char* verdict(const Figure& skill) {
  if (!std::isfinite(skill.interval_95.low)) return "too few persons";
  if (skill.interval_95.low > 0) return "beats it";
  if (skill.interval_95.high < 0) return "worse";
  return "not beaten";
}

}  // namespace

json to_json(const Evaluation& evaluation) {
  json all{{"schema", "pyrometer-forecast/1"}, {"persons", evaluation.persons},
           {"series", evaluation.series},      {"steps", evaluation.steps},
           {"seen", evaluation.seen},          {"step_s", evaluation.step_s},
           {"warm_up", evaluation.warm_up},    {"simulated", evaluation.simulated}};
  for (const ModelFigures& model : evaluation.models) {
    json one{{"name", model.name}, {"settings", model.settings}, {"ahead", json::array()}};
    for (std::size_t h = 0; h < model.ahead.size(); ++h) {
      const HorizonFigures& figures = model.ahead[h];
      json at{{"horizon_s", static_cast<double>(evaluation.horizons[h]) * evaluation.step_s},
              {"n", figures.n},
              {"width_80", number(figures.width_80)}};
      put(at, "rmse", figures.rmse);
      put(at, "mae", figures.mae);
      put(at, "skill", figures.skill);
      put(at, "inside_80", figures.inside_80);
      put(at, "inside_95", figures.inside_95);
      one["ahead"].push_back(std::move(at));
    }
    json present{{"n", model.present.n}};
    put(present, "variation", model.present.variation);
    put(present, "lag_steps", model.present.lag);
    put(present, "rmse", model.present.rmse);
    one["present"] = std::move(present);
    all["models"].push_back(std::move(one));
  }
  return all;
}

std::string text_of(const Evaluation& evaluation) {
  const std::string label = evaluation.simulated ? "Simulated people. " : "";
  std::string text = label + std::to_string(evaluation.persons) + " persons held out, " +
                     std::to_string(evaluation.series) + " sessions, " + std::to_string(evaluation.steps) +
                     " steps of " + horizon_text(evaluation.step_s) + ", of these seen " +
                     fixed_text(100 * static_cast<double>(evaluation.seen) /
                                    static_cast<double>(std::max<std::int64_t>(evaluation.steps, 1)),
                                1) +
                     " %. In brackets: 95 % bootstrap over persons.\n";
  for (std::size_t h = 0; h < evaluation.horizons.size(); ++h) {
    const auto ahead_s = static_cast<double>(evaluation.horizons[h]) * evaluation.step_s;
    const std::int64_t judged = evaluation.models.front().ahead[h].n;
    text += "\n" + label + horizon_text(ahead_s) + " ahead, " + std::to_string(judged) + " steps judged:\n\n";
    if (judged == 0) {
      text += "no series is long enough.\n";
      continue;
    }
    text +=
        "| model | RMSE | skill against persistence | persistence | inside 80 %, % | inside 95 %, % | width "
        "of "
        "80 % |\n|---|---|---|---|---|---|---|\n";
    for (const ModelFigures& model : evaluation.models) {
      const HorizonFigures& figures = model.ahead[h];
      text += "| " + model.name + " | " + figure_text(figures.rmse, 4) + " | " +
              figure_text(figures.skill, 3) + " | " +
              (&model == evaluation.models.data() ? "is it" : verdict(figures.skill)) + " | " +
              figure_text(figures.inside_80, 1, 100) + " | " + figure_text(figures.inside_95, 1, 100) +
              " | " + fixed_text(figures.width_80, 3) + " |\n";
    }
  }
  if (evaluation.models.front().present.n == 0) return text;
  text += "\n" + label + "The smoothed present against " +
          (evaluation.simulated ? "the state that was simulated" : "the mean of 7 steps on either side") +
          ":\n\n| model | variation a step | lag, steps | RMSE |\n|---|---|---|---|\n";
  for (const ModelFigures& model : evaluation.models) {
    text += "| " + model.name + " | " + figure_text(model.present.variation, 4) + " | " +
            figure_text(model.present.lag, 0) + " | " + figure_text(model.present.rmse, 4) + " |\n";
  }
  return text;
}

}  // namespace pyro::forecast

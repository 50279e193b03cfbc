#include "pyro/surveys/score.hpp"

#include <nlohmann/json.hpp>

#include "csv_text.hpp"

namespace pyro::surveys {
namespace {

using Json = nlohmann::ordered_json;

// Means are quotients: 3.2 as five answers give it lies a bit below 3.2 as it is written.
constexpr double kRounding = 1e-9;

std::optional<Category> category_at(const Scale& scale, double score) {
  std::optional<Category> category;
  for (const Band& band : scale.bands) {
    if (score >= band.from - kRounding) category = band.category;
  }
  return category;
}

ScaleScore score_scale(const Instrument& instrument, const Scale& scale, const Response& response) {
  ScaleScore result{scale.id, {}, {}, {}, 0, static_cast<int>(scale.items.size())};
  int sum = 0;
  for (const int item : scale.items) {
    const std::optional<int>& answer = response.answers[static_cast<std::size_t>(item - 1)];
    if (!answer) continue;
    ++result.answered;
    sum += instrument.keyed(item, *answer);
  }
  if (result.answered < scale.minimum_answered) return result;
  const double mean = static_cast<double>(sum) / result.answered;
  const double percent =
      100 * (mean - instrument.answer_min) / (instrument.answer_max - instrument.answer_min);
  switch (scale.rule) {
    case ScoreRule::sum:
      result.score = result.answered == result.items ? sum : mean * result.items;
      break;
    case ScoreRule::mean:
      result.score = mean;
      break;
    case ScoreRule::percent:
      result.score = percent;
      break;
  }
  result.percent = percent;
  result.category = category_at(scale, *result.score);
  return result;
}

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json{};
}

}  // namespace

std::vector<ScaleScore> score(const Instrument& instrument, const Response& response) {
  std::vector<ScaleScore> scores;
  scores.reserve(instrument.scales.size());
  for (const Scale& scale : instrument.scales) scores.push_back(score_scale(instrument, scale, response));
  return scores;
}

std::string scores_header() {
  return "person,time_utc,instrument,version,scale,score,percent,category,answered,items\n";
}

std::string score_lines(const Response& response, const std::vector<ScaleScore>& scores) {
  std::string lines;
  for (const ScaleScore& one : scores) {
    lines += csv_cell(response.person) + ',' + utc_text(response.time) + ',' + csv_cell(response.instrument) +
             ',' + csv_cell(response.version) + ',' + csv_cell(one.scale) + ',' +
             (one.score ? csv_number(*one.score) : "") + ',' + (one.percent ? csv_number(*one.percent) : "") +
             ',' + (one.category ? std::string(name_of(*one.category)) : "") + ',' +
             std::to_string(one.answered) + ',' + std::to_string(one.items) + '\n';
  }
  return lines;
}

Json to_json(const Instrument& instrument, const Response& response, const std::vector<ScaleScore>& scores) {
  Json scales = Json::array();
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Scale& scale = instrument.scales[i];
    const ScaleScore& one = scores[i];
    scales.push_back({{"scale", one.scale},
                      {"title", scale.title},
                      {"score", number(one.score)},
                      {"percent", number(one.percent)},
                      {"category", one.category ? Json(name_of(*one.category)) : Json{}},
                      {"least", instrument.least(scale)},
                      {"greatest", instrument.greatest(scale)},
                      {"higher_means", scale.higher_is_strain ? "more strain" : "less strain"},
                      {"answered", one.answered},
                      {"items", one.items}});
  }
  return {{"person", response.person},
          {"time_utc", utc_text(response.time)},
          {"instrument", response.instrument},
          {"version", response.version},
          {"unvalidated", instrument.unvalidated},
          {"scales", scales},
          {"notice", kSurveyNotice}};
}

}  // namespace pyro::surveys

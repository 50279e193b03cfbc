// Scores of one response, by the rules of its definition.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pyro/surveys/response.hpp"

namespace pyro::surveys {

inline constexpr char kSurveyNotice[] =
    "Not a diagnosis: a questionnaire shows how somebody answered on one day; talk to a professional about "
    "what worries "
    "you.";

struct ScaleScore {
  std::string scale;
  // By the scale's rule: sum, mean, or percent. With unanswered items, as many as the definition allows, the
  // mean of the answered ones stands for them. None: too few answers.
  std::optional<double> score;
  std::optional<double> percent;     // where the score lies between least and greatest, 0 to 100
  std::optional<Category> category;  // level of the score itself; see Scale::higher_is_strain
  int answered = 0, items = 0;
};

// One for each scale, in the order of the definition. The response has as many answers as the instrument
// items.
[[nodiscard]] std::vector<ScaleScore> score(const Instrument& instrument, const Response& response);

// CSV: person,time_utc,instrument,version,scale,score,percent,category,answered,items. No value is an empty
// cell.
[[nodiscard]] std::string scores_header();
[[nodiscard]] std::string score_lines(const Response& response, const std::vector<ScaleScore>& scores);

[[nodiscard]] nlohmann::ordered_json to_json(const Instrument& instrument, const Response& response,
                                             const std::vector<ScaleScore>& scores);

}  // namespace pyro::surveys

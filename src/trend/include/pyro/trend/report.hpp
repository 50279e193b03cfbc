// What the verb and the server give out: JSON, the weekly log as CSV, one page.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pyro/html/page.hpp"
#include "pyro/trend/alerts.hpp"
#include "pyro/trend/group.hpp"

namespace pyro::trend {

struct TrendReport {
  std::string source, measure;
  bool session_index = false;  // the values are our own index
  TrendSettings settings;
  std::vector<PersonTrend> people;
  AlertRules rules;
};

// One person; also why a part could not be said.
[[nodiscard]] nlohmann::json to_json(const PersonTrend& trend, const TrendReport& report);
[[nodiscard]] nlohmann::json to_json(const Group& group, const TrendReport& report,
                                     const GroupSettings& settings);

// A row a person and week: person,week,monday,days,value,level,state,changed,perclos.
[[nodiscard]] std::string weeks_csv(const std::vector<PersonTrend>& people);
// week,monday,people_at_least,q25,median,q75; empty where a week is not shown.
[[nodiscard]] std::string weeks_csv(const Group& group);

[[nodiscard]] html::Page trend_page(const TrendReport& report);
[[nodiscard]] html::Page group_page(const Group& group, const TrendReport& report,
                                    const GroupSettings& settings);

// "no_data" ...
[[nodiscard]] const char* name_of(WeekState state);

}  // namespace pyro::trend

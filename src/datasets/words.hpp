// Figures as this room's pages and JSON say them.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "pyro/datasets/bootstrap.hpp"
#include "pyro/html/table.hpp"

namespace pyro::datasets {

// "66.5 %"; a dash for what is no number
inline std::string percent(double share, int decimals = 1) {
  return std::isfinite(share) ? html::fixed(100 * share, decimals) + " %" : "–";
}

inline nlohmann::json pair_of(const Interval& interval) {
  return {interval.low, interval.high};
}

}  // namespace pyro::datasets

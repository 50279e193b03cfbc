// A table of reports, a row each, as one series a person: a step a day.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "pyro/forecast/series.hpp"

namespace pyro::forecast {

struct DailyColumns {
  std::string person, time, value;
  std::optional<double> missing = {};  // a value that stands for none
};

// Days by the first ten characters of the time (2026-01-31), as the person's clock had it; several reports of
// a day are averaged, a day without one is a gap. Only score is set in the steps. Errors (bad_input) name
// file, line and column: a column is not there, no date, no number, more than 100 years between two days.
[[nodiscard]] Result<std::vector<Series>> read_daily(const std::filesystem::path& table,
                                                     const DailyColumns& columns);

}  // namespace pyro::forecast

// Pairs taken apart by person.
#pragma once

#include <vector>

#include "pyro/stats/repeated.hpp"

namespace pyro::stats {

struct ByPerson {
  std::vector<std::size_t> index;             // of each pair: its person, 0 .. persons - 1
  std::vector<double> count, mean_x, mean_y;  // of each person
  std::vector<double> within_x, within_y;     // of each pair: the distance from its person's mean
};
[[nodiscard]] Result<ByPerson> by_person(Persons person, std::span<const double> x,
                                         std::span<const double> y);

// Whether all distances from persons' means are none but for rounding.
[[nodiscard]] bool never_changes(std::span<const double> within, std::span<const double> values);

}  // namespace pyro::stats

// Whether a figure of a group may be answered, after what was answered before: never of fewer than k people,
// and never two answers whose people differ by a few, because the difference of the two would be about those
// few.
//
// Groups are fixed by the site; nobody can put a filter together. What this covers: any single answer, and
// any two answers of the same figure and period. What it does not: sums and differences of three and more
// answers over groups that overlap (a site that defines overlapping groups can be solved as a system of
// equations), figures that determine one another, and what a reader knows already about all but one of a
// group. Rounding makes these harder, not impossible. Trackers: Denning, Denning and Schwartz (1979), "The
// tracker: a threat to statistical database security", ACM TODS 4(1).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::security {

// Ids of people, sorted, each once.
using People = std::vector<std::string>;

inline constexpr int kFewestPeople = 5;  // no site may set k below

struct GroupVerdict {
  enum class Kind {
    answer,  // compute it, and keep this set of people with the answer
    again,   // give the earlier answer, as it was: these are the same people, or nearly
    refuse,  // fewer than k
  };
  Kind kind = Kind::refuse;
  std::size_t earlier = 0;  // of `again`: which of the earlier ones
};

// `answered`: the sets of people behind the earlier answers of this figure for this period (all that are
// kept, whoever asked), `asked`: the people who count now. Of several earlier ones that are near, the one
// that differs least, the latest of those. Whoever withdraws stays in answers that were given, which alone
// come again. Errors (wrong_use): k below kFewestPeople; (failed) a set that is not sorted, each once.
[[nodiscard]] Result<GroupVerdict> judge_group(std::span<const People> answered, const People& asked, int k);

// How many are in one of the two but not in both. Both sorted, each once.
[[nodiscard]] std::size_t people_apart(const People& a, const People& b);

// Which cells of a table may be shown, whose sum may be known as well: none of fewer than k people, and where
// the hidden ones together have fewer than k (so that the sum gives them away), the next smallest is hidden
// too. One row or column of a table; where rows and columns both have sums, apply it to each until nothing
// changes.
[[nodiscard]] std::vector<bool> cells_shown(std::span<const int> people, int k);

// To the nearest multiple of grid (above 0); people, down to a multiple of 5.
[[nodiscard]] double rounded_figure(double value, double grid);
[[nodiscard]] int rounded_people(int people);

}  // namespace pyro::security

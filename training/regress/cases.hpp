// What a regression is fitted and judged on, and how it is cut into folds.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "pyro/regression/features.hpp"

namespace pyro::training {

using Rows = std::vector<std::size_t>;

// Rows with a target; persons count from 0 in the order in which they come.
struct Cases {
  regression::Matrix x;
  std::vector<double> y;
  std::vector<std::int32_t> person;
  std::vector<std::string> persons;  // their names
  std::vector<std::size_t> line;     // of the table, from 0
  std::vector<regression::Feature> features;
  std::string target;

  [[nodiscard]] std::size_t size() const { return y.size(); }
};

// `person` empty: every row is somebody of his own. Errors (bad_input): no such column, the target is no
// number, fewer than kFewestPersons persons have one, it is the same everywhere.
inline constexpr std::size_t kFewestPersons = 10;
[[nodiscard]] Result<Cases> cases_of(const regression::Table& table,
                                     std::vector<regression::Feature> features, const std::string& target,
                                     const std::string& person);

// Of the targets `y` (by row of all cases) of these rows.
[[nodiscard]] double mean_of(std::span<const double> y, const Rows& rows);

struct Fold {
  Rows fit, held;
};
// `count` folds of `rows` by person: nobody stands on both sides of a fold, and everybody is held out once.
// Persons are shuffled, then dealt to whichever fold has the fewest rows.
[[nodiscard]] std::vector<Fold> folds_by_person(const Cases& cases, const Rows& rows, int count,
                                                std::mt19937_64& random);

// Another target for the same rows, under which the figures can tell nothing: persons swap their mean, and
// the rows of a person their distances from it. (Shuffled row by row, persons would no longer resemble
// themselves, and chance would look rarer than it is.)
[[nodiscard]] std::vector<double> permuted_target(const Cases& cases, std::mt19937_64& random);

// The persons of `rows` in an order that is drawn.
[[nodiscard]] std::vector<std::int32_t> shuffled_persons(const Cases& cases, const Rows& rows,
                                                         std::mt19937_64& random);

}  // namespace pyro::training

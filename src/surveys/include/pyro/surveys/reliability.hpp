// How consistently the items of a scale measure, from a table of responses.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "pyro/surveys/response.hpp"

namespace pyro::surveys {

// Cronbach's alpha (1951) with the 95 % interval of Feldt, Woodruff and Salih (1987, Applied Psychological
// Measurement 11, 93-103): 1 - (1 - alpha) F, with n - 1 and (n - 1)(k - 1) degrees of freedom.
struct Alpha {
  double value = 0, low = 0, high = 0;
};

// McDonald's omega total (1999) of the sum of the items: one factor by minimum residuals (Harman and Jones
// 1966) on the correlations, its loadings brought back into the items' units.
struct Omega {
  double value = 0;
  std::vector<double> loadings;  // on the correlations
  bool improper = false;         // a loading stopped at 1: the one-factor model does not fit (Heywood case)
};

struct ItemFigures {
  int item = 0;
  double mean = 0, sd = 0;  // of the answers as they count, reversed items turned
  double item_rest = 0;     // Pearson's r with the sum of the scale's other items
};

struct Reliability {
  std::string scale;
  std::size_t n = 0;           // persons who answered every item of the scale; others are left out
  std::size_t incomplete = 0;  // those others
  Alpha alpha;
  std::optional<Omega> omega;  // none below three items, where one factor is not determined
  std::vector<ItemFigures> items;
};

// `table`: a row a person, a column an item, answers as they count. Errors (bad_input): fewer than two items
// or three rows, an item or a sum that everybody answered alike.
[[nodiscard]] Result<Alpha> cronbach_alpha(const std::vector<std::vector<double>>& table);
[[nodiscard]] Result<Omega> mcdonald_omega(const std::vector<std::vector<double>>& table);

// Each person's first response, by person: later ones of the same person are not independent of it.
[[nodiscard]] std::vector<const Response*> first_of_each(const std::vector<Response>& responses);

// Of one scale of at least two items; a person counts once, with the first response.
[[nodiscard]] Result<Reliability> reliability(const Instrument& instrument, const Scale& scale,
                                              const std::vector<Response>& responses);

[[nodiscard]] nlohmann::ordered_json to_json(const Reliability& reliability);

}  // namespace pyro::surveys

// The figures that a regression reads, and how they come out of a table: by name, so that another table may
// have its columns in another order.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "pyro/regression/table.hpp"

namespace pyro::regression {

struct Feature {
  std::string column;
  Kind kind = Kind::number;
  std::string word = {};  // of a word: 1 where the cell is this one, else 0

  [[nodiscard]] std::string name() const { return kind == Kind::word ? column + "=" + word : column; }
};

// Row-major; NaN: not known.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<float> values;

  [[nodiscard]] const float* row(std::size_t i) const { return values.data() + i * columns; }
};

struct Choice {
  std::vector<std::string> with, without;  // shell patterns; `with` empty: every column
};
inline constexpr std::size_t kMostWords = 12;  // different ones that a column may have to be a figure

struct Chosen {
  std::vector<Feature> features;
  std::vector<std::string> left_out;  // column and why
};
// Figures of all columns that were chosen, but `never` (the target, the person): a number or day as it is; a
// column of words as a figure a word but the first, so that none is the sum of the others. Left out: what is
// the same everywhere or empty, and words that are almost as many as rows (names of things). Errors
// (bad_input): a pattern fits no column; nothing is left.
[[nodiscard]] Result<Chosen> choose_features(const Table& table, const Choice& choice,
                                             const std::vector<std::string>& never);

// Errors (bad_input): a column is missing or is of another kind.
[[nodiscard]] Result<Matrix> encode(const Table& table, const std::vector<Feature>& features);

[[nodiscard]] nlohmann::ordered_json to_json(const std::vector<Feature>& features);
// Throws std::exception where it is none.
[[nodiscard]] std::vector<Feature> features_of(const nlohmann::json& json);

}  // namespace pyro::regression

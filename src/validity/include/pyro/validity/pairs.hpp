// The table that a validation starts from: who, the score, what the questionnaire said.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::validity {

struct Pair {
  std::string person;
  double score = 0, survey = 0;
  std::string group = {}, session = {};       // empty: the table has none
  std::optional<double> when = std::nullopt;  // where along the person's course: days, or the table's number
};

// Pairs of one score with one questionnaire, those of a person in the order of time.
struct PairTable {
  std::string source;                                          // the file, as the user gave it
  std::string score = "score", survey = "survey", group = {};  // names of the columns
  std::string instrument = {};                                 // the questionnaire; may be empty
  std::vector<Pair> pairs = {};
  std::size_t left_out = 0;  // rows without a value
  bool dated = false;        // `when` is days from 1970, else a number of the table's own
};

// Which columns are read. Where a name is empty, the column of that name ("group", "session", "time",
// "instrument") is read if the table has one.
struct PairColumns {
  std::string person = "person";
  std::vector<std::string> scores{"score"}, surveys{"survey"};
  std::string group = {}, session = {}, time = {}, instrument_column = {};
  std::string instrument = {};  // only rows of this questionnaire
  bool skip_missing = false;    // leave rows out where a value is empty, and count them
};

// One table for each score with each questionnaire. Cells are parted by comma, semicolon or tab, whichever
// the heading has. A person without a session column is taken to have as many sessions as rows, in their
// order. Times are numbers, or all as read_time takes them (without an offset: UTC). Errors (bad_input) name
// file, line and column: a missing column; a value that is empty, no number, NaN or infinite; a person's
// session that stands there twice; several instruments and none chosen; no rows.
[[nodiscard]] Result<std::vector<PairTable>> read_pairs(const std::filesystem::path& file,
                                                        const PairColumns& columns);

}  // namespace pyro::validity

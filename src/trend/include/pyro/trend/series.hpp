// Tables of values over weeks into one series a person: our own session.csv, survey results, or any table
// whose columns are named.
#pragma once

#include <filesystem>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "pyro/trend/calendar.hpp"

namespace pyro::trend {

struct Reading {
  UtcTime time;
  Day day;  // in the person's time zone
  double value = 0;
  double perclos = 0;  // of the session; NaN where the table has none
};

struct PersonSeries {
  std::string person;
  std::vector<Reading> readings;     // by time; no two at one time
  std::string timezones;             // "Europe/Oslo", or several
  std::vector<std::string> remarks;  // what a reader must know: rows out of order, rows left out
};

struct SeriesTable {
  std::string source;                // the files' names
  std::string measure;               // what was measured: "index", "PSS-10 total score"
  std::string instrument, scale;     // of survey results
  bool session_index = false;        // the measure is our own index, 0..100
  std::vector<PersonSeries> people;  // in the order in which they first appear
};

// Empty names: the known columns. These are `person` (or participant, pseudonym, id); time_utc, time, utc,
// date, start; for the value: index in a table of sessions, score in one of survey results, else value. A
// column `timezone` says where the person was; `timezone` below stands for all others.
struct SeriesSettings {
  std::string person_column, time_column, value_column;
  std::string person;             // this one only; empty: all
  std::string instrument, scale;  // of survey results: only these rows
  std::vector<double> missing;    // values that mean "no answer"
  std::string timezone = "UTC";
  double least_valid_share = 0.5;  // of a session's frames; sessions with fewer valid ones are left out
};

struct NamedInput {
  std::unique_ptr<std::istream> input;
  std::string name;
};

// A row without a value is passed over. Rows of one person may lie in any order (a remark says so). Tables
// without a column of the person are one person's, named by `person`, else "1"; but session.csv numbers faces
// within a run, so such tables with several faces are refused.
// Errors (bad_input) name file and line: no such column; a time or number that is none (NaN and infinity
// too); two values of a person at one time; several instruments, versions or scales and none chosen; the
// person is not in the table; no value at all.
[[nodiscard]] Result<SeriesTable> read_series(std::vector<NamedInput> inputs, const SeriesSettings& settings);
[[nodiscard]] Result<SeriesTable> read_series(const std::vector<std::filesystem::path>& files,
                                              const SeriesSettings& settings);

// A person's days: several values of a day count as one, their median, so that a day of many sessions is not
// more of a life than a day of one.
struct DayValue {
  Day day;
  double value = 0;
  double perclos = 0;  // NaN: not known
  int readings = 0;
};
[[nodiscard]] std::vector<DayValue> by_day(const std::vector<Reading>& readings);

}  // namespace pyro::trend

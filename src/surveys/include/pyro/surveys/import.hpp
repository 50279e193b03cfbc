// Responses from the CSV that another survey tool exported.
#pragma once

#include <filesystem>
#include <istream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/zone.hpp"
#include "pyro/surveys/response.hpp"

namespace pyro::surveys {

// detect: by the first line's columns.
enum class Layout { detect, plain, redcap, qualtrics, limesurvey };
[[nodiscard]] Result<Layout> layout_of(const std::string& name);
[[nodiscard]] std::string_view name_of(Layout layout);

struct ImportSettings {
  Layout layout = Layout::detect;
  // Whose clocks times without an offset were read from. None: the zone that the export names (Qualtrics),
  // else such times are refused.
  std::optional<Zone> zone;
  // What a column holds: "person", "time", "language" or an item's number. Empty: found by the columns'
  // names.
  std::map<std::string, std::string> columns;
  // What an answer in the file stands for ("A3" → 2). Empty: answers are the whole numbers of the definition.
  std::map<std::string, int> answers;
};

struct Imported {
  Layout layout = Layout::plain;
  std::vector<Response> responses;
  std::vector<std::string> item_columns;  // which column was taken for each item
  std::string person_column, time_column;
  std::size_t unfinished = 0, empty = 0;  // rows passed over: not submitted; no answer to this questionnaire
};

// All of the file or nothing. Errors (bad_input) name line and column and what to do: columns that are not
// found or fit twice, an answer that cannot be, a time that is not clear, the same person twice at the same
// time.
[[nodiscard]] Result<Imported> import_responses(std::unique_ptr<std::istream> input, const std::string& name,
                                                const Instrument& instrument, const ImportSettings& settings);
[[nodiscard]] Result<Imported> import_responses(const std::filesystem::path& file,
                                                const Instrument& instrument, const ImportSettings& settings);

// The settings' two maps from a CSV each, of the columns column,item and answer,value. Errors name the line:
// something that comes twice, an item or a value that the questionnaire does not have.
[[nodiscard]] Result<std::map<std::string, std::string>> read_columns(const std::filesystem::path& file,
                                                                      const Instrument& instrument);
[[nodiscard]] Result<std::map<std::string, int>> read_answers(const std::filesystem::path& file,
                                                              const Instrument& instrument);

}  // namespace pyro::surveys

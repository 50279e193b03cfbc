// What a person answered, and the CSV that keeps it:
// person,time_utc,instrument,version,language,item1,…,itemN.
#pragma once

#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/surveys/instrument.hpp"

namespace pyro::surveys {

struct Response {
  std::string person;
  UtcTime time;
  std::string instrument, version;          // the definition that it was given under
  std::string language;                     // "" where nobody said
  std::vector<std::optional<int>> answers;  // as given, not reversed; none: left out
};

// The header and the lines of the CSV, each with its "\n".
[[nodiscard]] std::string responses_header(const Instrument& instrument);
[[nodiscard]] std::string response_line(const Response& response);

// Reads that CSV. Errors (bad_input) name line and column: another questionnaire or version, a time that is
// no UTC, an answer that cannot be, the same person twice at the same time.
[[nodiscard]] Result<std::vector<Response>> read_responses(std::unique_ptr<std::istream> input,
                                                           const std::string& name,
                                                           const Instrument& instrument);
[[nodiscard]] Result<std::vector<Response>> read_responses(const std::filesystem::path& file,
                                                           const Instrument& instrument);
// The id in the first response of such a file. Error: it has none.
[[nodiscard]] Result<std::string> instrument_of(const std::filesystem::path& file);

// What a file of responses holds with `more` behind it, as its whole text; `old` are its responses so far.
// Error (bad_input): a person and time that is there already.
[[nodiscard]] Result<std::string> with_responses(const Instrument& instrument,
                                                 const std::vector<Response>& old,
                                                 const std::vector<Response>& more, const std::string& name);

}  // namespace pyro::surveys

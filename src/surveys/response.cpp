#include "pyro/surveys/response.hpp"

#include <algorithm>
#include <fstream>
#include <map>

#include "csv_text.hpp"
#include "people_and_times.hpp"
#include "pyro/base/csv_records.hpp"
#include "pyro/base/zone.hpp"

namespace pyro::surveys {
namespace {

constexpr std::size_t kFirstItem = 5;  // behind person, time_utc, instrument, version, language

std::vector<std::string> titles_of(const Instrument& instrument) {
  std::vector<std::string> titles{"person", "time_utc", "instrument", "version", "language"};
  for (int item = 1; item <= instrument.items; ++item) titles.push_back("item" + std::to_string(item));
  return titles;
}

Result<Response> response_of(const CsvRecords& records, const Instrument& instrument) {
  const std::vector<std::string_view>& cells = records.cells();
  const std::string where = at_line(records.name(), records.line());
  if (cells.size() != kFirstItem + static_cast<std::size_t>(instrument.items))
    return bad_input(where + " has " + std::to_string(cells.size()) + " cells, the first line " +
                     std::to_string(kFirstItem + static_cast<std::size_t>(instrument.items)));
  Response response{std::string(cells[0]), {}, std::string(cells[2]), std::string(cells[3]),
                    std::string(cells[4]), {}};
  if (response.person.empty()) return bad_input(where + " names no person");
  if (response.instrument != instrument.id)
    return bad_input(where + " is of the questionnaire \"" + response.instrument + "\", the first of \"" +
                     instrument.id + "\"; keep one questionnaire a file");
  if (response.version != instrument.version)
    return bad_input(where + " was given under version " + response.version + " of \"" + instrument.id +
                     "\", its definition here is version " + instrument.version +
                     "; score it with that one (--surveys)");
  const Result<UtcTime> time = utc_of(cells[1], std::nullopt);
  if (!time) return bad_input(where + ", column time_utc: " + time.error().message);
  response.time = *time;
  for (std::size_t i = kFirstItem; i < cells.size(); ++i) {
    std::optional<int>& answer = response.answers.emplace_back();
    if (cells[i].empty()) continue;
    int value = 0;
    if (!read_int(cells[i], value) || value < instrument.answer_min || value > instrument.answer_max)
      return bad_input(where + ", column item" + std::to_string(i - kFirstItem + 1) + ": \"" +
                       std::string(cells[i].substr(0, 40)) + "\" is no answer from " +
                       std::to_string(instrument.answer_min) + " to " +
                       std::to_string(instrument.answer_max));
    answer = value;
  }
  return response;
}

}  // namespace

std::string responses_header(const Instrument& instrument) {
  std::string line;
  for (const std::string& title : titles_of(instrument)) line += (line.empty() ? "" : ",") + title;
  return line + '\n';
}

std::string response_line(const Response& response) {
  std::string line = csv_cell(response.person) + ',' + utc_text(response.time) + ',' +
                     csv_cell(response.instrument) + ',' + csv_cell(response.version) + ',' +
                     csv_cell(response.language);
  for (const std::optional<int>& answer : response.answers)
    line += ',' + (answer ? std::to_string(*answer) : "");
  return line + '\n';
}

Result<std::vector<Response>> read_responses(std::unique_ptr<std::istream> input, const std::string& name,
                                             const Instrument& instrument) {
  CsvRecords records(std::move(input), name);
  Result<bool> more = records.next();
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return bad_input(name + " cannot be read or is empty");
  if (!std::ranges::equal(records.cells(), titles_of(instrument)))
    return bad_input(name + " is no file of responses to \"" + instrument.id +
                     "\" (its first line is another); bring other tools' exports by pyrometer survey import");
  std::vector<Response> responses;
  PeopleAndTimes seen;
  while ((more = records.next()) && *more) {
    Result<Response> response = response_of(records, instrument);
    if (!response) return tl::make_unexpected(response.error());
    if (const auto before = seen.before(*response, at_line(name, records.line())))
      return bad_input(at_line(name, records.line()) + " repeats " + *before +
                       ": the same person at the same time");
    responses.push_back(std::move(*response));
  }
  if (!more) return tl::make_unexpected(more.error());
  return responses;
}

Result<std::vector<Response>> read_responses(const std::filesystem::path& file,
                                             const Instrument& instrument) {
  return read_responses(std::make_unique<std::ifstream>(file, std::ios::binary), "'" + file.string() + "'",
                        instrument);
}

Result<std::string> instrument_of(const std::filesystem::path& file) {
  const std::string name = "'" + file.string() + "'";
  CsvRecords records(std::make_unique<std::ifstream>(file, std::ios::binary), name);
  for (int line = 0; line < 2; ++line) {
    const Result<bool> more = records.next();
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) return bad_input(name + (line == 0 ? " cannot be read or is empty" : " holds no response"));
    if (records.cells().size() < 3 || (line == 0 && records.cells()[2] != "instrument"))
      return bad_input(
          name +
          " is no file of responses (its third column must be instrument); bring other tools' exports by "
          "pyrometer survey import");
  }
  return std::string(records.cells()[2]);
}

Result<std::string> with_responses(const Instrument& instrument, const std::vector<Response>& old,
                                   const std::vector<Response>& more, const std::string& name) {
  PeopleAndTimes seen;
  std::string text = responses_header(instrument);
  for (const Response& response : old) {
    static_cast<void>(seen.before(response, ""));
    text += response_line(response);
  }
  for (const Response& response : more) {
    if (seen.before(response, ""))
      return bad_input(name + " has a response of person \"" + response.person + "\" at " +
                       utc_text(response.time) + " already; nothing was written");
    text += response_line(response);
  }
  return text;
}

}  // namespace pyro::surveys

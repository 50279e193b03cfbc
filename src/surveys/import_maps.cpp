#include <fstream>
#include <functional>
#include <set>

#include "csv_text.hpp"
#include "pyro/base/csv_records.hpp"
#include "pyro/surveys/import.hpp"

namespace pyro::surveys {
namespace {

// Calls take(first, second) for every line behind the titles; what it returns is what is wrong with the line,
// or "".
using TakePair = std::function<std::string(const std::string&, const std::string&)>;

Status read_pairs(const std::filesystem::path& file, std::string_view first, std::string_view second,
                  const TakePair& take) {
  const std::string name = "'" + file.string() + "'";
  CsvRecords records(std::make_unique<std::ifstream>(file, std::ios::binary), name);
  Result<bool> more = records.next();
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return bad_input(name + " cannot be read or is empty");
  if (records.cells() != std::vector{first, second})
    return bad_input(name + " must begin with the line " + std::string(first) + "," + std::string(second));
  while ((more = records.next()) && *more) {
    const std::string where = at_line(name, records.line());
    if (records.cells().size() != 2) return bad_input(where + " must have two cells");
    const std::string wrong =
        take(std::string(trimmed(records.cells()[0])), std::string(trimmed(records.cells()[1])));
    if (!wrong.empty()) return bad_input(std::string(where).append(": ").append(wrong));
  }
  if (!more) return tl::make_unexpected(more.error());
  return {};
}

}  // namespace

Result<std::map<std::string, std::string>> read_columns(const std::filesystem::path& file,
                                                        const Instrument& instrument) {
  std::map<std::string, std::string> columns;
  std::set<std::string> meanings;
  const Status read = read_pairs(
      file, "column", "item", [&](const std::string& column, const std::string& meaning) -> std::string {
        int item = 0;
        const bool known = meaning == "person" || meaning == "time" || meaning == "language" ||
                           (read_int(meaning, item) && item >= 1 && item <= instrument.items);
        if (!known)
          return "\"" + meaning + "\" must be an item from 1 to " + std::to_string(instrument.items) +
                 ", person, time or language";
        const std::string plain = item > 0 ? std::to_string(item) : meaning;
        if (!columns.emplace(column, plain).second) return "the column \"" + column + "\" comes twice";
        if (!meanings.insert(plain).second) return "\"" + meaning + "\" comes twice";
        return "";
      });
  if (!read) return tl::make_unexpected(read.error());
  return columns;
}

Result<std::map<std::string, int>> read_answers(const std::filesystem::path& file,
                                                const Instrument& instrument) {
  std::map<std::string, int> answers;
  const Status read = read_pairs(
      file, "answer", "value", [&](const std::string& answer, const std::string& text) -> std::string {
        int value = 0;
        if (!read_int(text, value) || value < instrument.answer_min || value > instrument.answer_max)
          return "\"" + text + "\" is no answer from " + std::to_string(instrument.answer_min) + " to " +
                 std::to_string(instrument.answer_max);
        if (!answers.emplace(answer, value).second) return "the answer \"" + answer + "\" comes twice";
        return "";
      });
  if (!read) return tl::make_unexpected(read.error());
  return answers;
}

}  // namespace pyro::surveys

#include "pyro/surveys/wording.hpp"

#include <algorithm>
#include <fstream>
#include <set>

#include "csv_text.hpp"
#include "pyro/base/csv_records.hpp"

namespace pyro::surveys {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInstruction = "instruction", kAnswer = "answer ";

// The place in the wording that a row's first cell names; null: it names none.
std::string* place_of(std::string_view key, const Instrument& instrument, Wording& wording) {
  int number = 0;
  if (key == kInstruction) return &wording.instruction;
  if (key.starts_with(kAnswer)) {
    if (!read_int(trimmed(key.substr(kAnswer.size())), number) || number < instrument.answer_min ||
        number > instrument.answer_max)
      return nullptr;
    wording.answers.resize(static_cast<std::size_t>(instrument.answer_max - instrument.answer_min + 1));
    return &wording.answers[static_cast<std::size_t>(number - instrument.answer_min)];
  }
  if (!read_int(key, number) || number < 1 || number > instrument.items) return nullptr;
  return &wording.items[static_cast<std::size_t>(number - 1)];
}

Status check_complete(const Wording& wording, const Instrument& instrument, const std::string& name) {
  for (std::size_t i = 0; i < wording.items.size(); ++i) {
    if (wording.items[i].empty()) return bad_input(name + " has no text of item " + std::to_string(i + 1));
  }
  for (std::size_t i = 0; i < wording.answers.size(); ++i) {
    if (wording.answers[i].empty())
      return bad_input(name + " has labels of answers, but none of answer " +
                       std::to_string(instrument.answer_min + static_cast<int>(i)) +
                       "; give all of them or none");
  }
  return {};
}

}  // namespace

Result<Wording> read_wording(std::unique_ptr<std::istream> input, const std::string& name,
                             const Instrument& instrument) {
  CsvRecords records(std::move(input), name);
  Result<bool> more = records.next();
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return bad_input(name + " cannot be read or is empty");
  if (records.cells() != std::vector<std::string_view>{"item", "text"})
    return bad_input(name + " must begin with the line item,text");
  Wording wording;
  wording.items.resize(static_cast<std::size_t>(instrument.items));
  while ((more = records.next()) && *more) {
    const std::string where = at_line(name, records.line());
    if (records.cells().size() != 2)
      return bad_input(where + " must have two cells; quote a text with commas");
    std::string* place = place_of(trimmed(records.cells()[0]), instrument, wording);
    if (place == nullptr)
      return bad_input(where + ", column item: must be a number from 1 to " +
                       std::to_string(instrument.items) + ", instruction, or answer " +
                       std::to_string(instrument.answer_min) + " to answer " +
                       std::to_string(instrument.answer_max));
    if (!place->empty()) return bad_input(where + ", column item: comes twice");
    *place = trimmed(records.cells()[1]);
    if (place->empty()) return bad_input(where + ", column text: is empty");
  }
  if (!more) return tl::make_unexpected(more.error());
  if (const Status good = check_complete(wording, instrument, name); !good)
    return tl::make_unexpected(good.error());
  return wording;
}

fs::path wording_file(const fs::path& data, const Instrument& instrument, const std::string& language) {
  return data / "wording" / (instrument.id + "." + language + ".csv");
}

std::string wording_csv(const Instrument& instrument, const Wording& wording) {
  std::string text = "item,text\n";
  for (std::size_t i = 0; i < wording.items.size(); ++i)
    text += std::to_string(i + 1) + ',' + csv_cell(wording.items[i]) + '\n';
  if (!wording.instruction.empty())
    text += std::string(kInstruction) + ',' + csv_cell(wording.instruction) + '\n';
  for (std::size_t i = 0; i < wording.answers.size(); ++i)
    text += std::string(kAnswer) + std::to_string(instrument.answer_min + static_cast<int>(i)) + ',' +
            csv_cell(wording.answers[i]) + '\n';
  return text;
}

Result<std::optional<Wording>> find_wording(const fs::path& data, const Instrument& instrument,
                                            const std::string& language) {
  const fs::path file = wording_file(data, instrument, language);
  std::error_code error;
  if (fs::is_regular_file(file, error)) {
    Result<Wording> wording = read_wording(std::make_unique<std::ifstream>(file, std::ios::binary),
                                           "'" + file.string() + "'", instrument);
    if (!wording) return tl::make_unexpected(wording.error());
    return std::optional(std::move(*wording));
  }
  const auto own = instrument.wording.find(language);
  return own == instrument.wording.end() ? std::nullopt : std::optional(own->second);
}

std::vector<std::string> languages_of(const fs::path& data, const Instrument& instrument) {
  std::set<std::string> languages;
  for (const auto& [language, wording] : instrument.wording) languages.insert(language);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(data / "wording", error)) {
    const std::string name = entry.path().filename().string(), prefix = instrument.id + ".";
    if (name.starts_with(prefix) && name.ends_with(".csv") && name.size() > prefix.size() + 4)
      languages.insert(name.substr(prefix.size(), name.size() - prefix.size() - 4));
  }
  return {languages.begin(), languages.end()};
}

Status check_language(const std::string& language) {
  const bool good = !language.empty() && language.size() <= 20 && std::ranges::all_of(language, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (good) return {};
  return wrong_use("\"" + language.substr(0, 40) + "\" is no language; write de, or en-GB");
}

}  // namespace pyro::surveys

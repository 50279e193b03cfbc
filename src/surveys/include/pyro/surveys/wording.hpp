// The wording of a questionnaire in a language: our own from its definition, a licensed one from the folder
// where the site put it. It is the holder's property: no function here puts any of it into a message.
#pragma once

#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pyro/surveys/instrument.hpp"

namespace pyro::surveys {

// From a CSV with the columns item and text: a row for each item by its number, none left out; "instruction"
// and the labels "answer 0", "answer 1" … (all of them or none) may follow. Errors name line and column,
// never a text.
[[nodiscard]] Result<Wording> read_wording(std::unique_ptr<std::istream> input, const std::string& name,
                                           const Instrument& instrument);

// <data>/wording/<instrument>.<language>.csv
[[nodiscard]] std::filesystem::path wording_file(const std::filesystem::path& data,
                                                 const Instrument& instrument, const std::string& language);
[[nodiscard]] std::string wording_csv(const Instrument& instrument, const Wording& wording);

// What was put there wins over the definition's own; none where neither has that language. Error: the file is
// broken.
[[nodiscard]] Result<std::optional<Wording>> find_wording(const std::filesystem::path& data,
                                                          const Instrument& instrument,
                                                          const std::string& language);
// Every language there is for it, sorted.
[[nodiscard]] std::vector<std::string> languages_of(const std::filesystem::path& data,
                                                    const Instrument& instrument);

// "de", "en-GB", "zh_Hans": letters and digits in parts. Error: wrong_use.
[[nodiscard]] Status check_language(const std::string& language);

}  // namespace pyro::surveys

#include "pyro/datasets/fer_votes.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string_view>

namespace pyro::datasets {
namespace {

constexpr int kClasses = records::kClasses;
// FER+ column of each of our classes: anger, disgust, fear, happiness, sadness, surprise, neutral.
constexpr std::array<std::size_t, kClasses> kColumnOfClass = {4, 5, 6, 1, 3, 2, 0};
constexpr std::size_t kLabelColumn = 4;
constexpr std::size_t kFirstVoteColumn = 6;
constexpr std::size_t kColumns = 18;

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) {
      return fields;
    }
    line.remove_prefix(comma + 1);
  }
}

std::optional<int> integer(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::array<int, kClasses> seven_of(const Votes& votes) {
  std::array<int, kClasses> seven{};
  for (std::size_t i = 0; i < seven.size(); ++i) {
    seven[i] = votes[kColumnOfClass[i]];
  }
  return seven;
}

Result<FerRow> parse_row(std::string_view line, const std::string& where) {
  const std::vector<std::string_view> fields = fields_of(line);
  if (fields.size() != kColumns) {
    return bad_input(where + ": has " + std::to_string(fields.size()) + " columns instead of " +
                     std::to_string(kColumns) + "; use the CSV that belongs to the IDX files");
  }
  const std::optional<int> label = integer(fields[kLabelColumn]);
  if (!label || *label < 0 || *label >= kClasses) {
    return bad_input(where + ": label '" + std::string(fields[kLabelColumn]) +
                     "' is not 0 to 6; correct the row");
  }
  FerRow row{*label, std::nullopt};
  const auto first = fields.begin() + kFirstVoteColumn;
  const auto last = first + std::tuple_size_v<Votes>;
  if (std::all_of(first, last, [](std::string_view field) { return field.empty(); })) {
    return row;
  }
  Votes votes{};
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const std::optional<int> count = integer(fields[kFirstVoteColumn + i]);
    if (!count || *count < 0) {
      return bad_input(where + ": vote '" + std::string(fields[kFirstVoteColumn + i]) +
                       "' is no count; correct the row, or leave all ten votes empty");
    }
    votes[i] = *count;
  }
  row.votes = votes;
  return row;
}

}  // namespace

Result<std::vector<FerRow>> parse_fer2013_csv(const std::string& text, const std::string& name) {
  std::vector<FerRow> rows;
  std::istringstream lines(text);
  std::string line;
  int number = 0;
  while (std::getline(lines, line)) {
    ++number;
    if (!line.empty() && line.back() == '\r') {
      line.pop_back();
    }
    if (number == 1) {
      if (!line.starts_with("index,")) {
        return bad_input(
            name + ": has no header line starting with 'index,'; use the CSV that belongs to the IDX files");
      }
      continue;
    }
    Result<FerRow> row = parse_row(line, name + " line " + std::to_string(number));
    if (!row) {
      return tl::make_unexpected(row.error());
    }
    rows.push_back(*row);
  }
  if (rows.empty()) {
    return bad_input(name + ": holds no rows; use the CSV that belongs to the IDX files");
  }
  return rows;
}

Result<std::vector<FerRow>> read_fer2013_csv(const std::filesystem::path& file) {
  std::ifstream csv(file, std::ios::binary);
  if (!csv) {
    return bad_input(file.string() + ": cannot be opened; the CSV with the votes lies beside the IDX files");
  }
  std::ostringstream text;
  text << csv.rdbuf();
  return parse_fer2013_csv(text.str(), file.string());
}

std::filesystem::path votes_beside(const std::filesystem::path& images) {
  const std::string name = images.filename().string();
  const std::size_t at = name.find("-images-idx3");
  if (at == std::string::npos) return {};
  std::filesystem::path file = images.parent_path() / (name.substr(0, at) + ".csv");
  std::error_code error;
  return std::filesystem::is_regular_file(file, error) ? file : std::filesystem::path();
}

Result<JudgedItems> labelled_by_votes(const JudgedItems& judged, std::size_t pictures,
                                      const std::vector<FerRow>& rows, const std::filesystem::path& file) {
  if (rows.size() != pictures) {
    return bad_input(file.string() + ": " + std::to_string(rows.size()) + " rows for " +
                     std::to_string(pictures) + " pictures; use the CSV that belongs to the set");
  }
  JudgedItems voted;
  for (std::size_t i = 0; i < judged.items.size(); ++i) {
    const FerRow& row = rows[judged.index[i]];
    if (row.label != static_cast<int>(judged.items[i].label)) {
      return bad_input(file.string() + ": row " + std::to_string(judged.index[i]) +
                       " has another label than '" + judged.items[i].name +
                       "'; use the CSV that belongs to the set");
    }
    const std::optional<int> majority = row.votes ? vote_majority(*row.votes) : std::nullopt;
    if (!majority) continue;
    voted.items.push_back(judged.items[i]);
    voted.items.back().label = static_cast<records::Emotion>(*majority);
    voted.index.push_back(judged.index[i]);
  }
  return voted;
}

std::optional<Distribution> vote_distribution(const Votes& votes) {
  const std::array<int, kClasses> seven = seven_of(votes);
  const int total = std::accumulate(seven.begin(), seven.end(), 0);
  if (total == 0) {
    return std::nullopt;
  }
  Distribution shares{};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    shares[i] = static_cast<float>(seven[i]) / static_cast<float>(total);
  }
  return shares;
}

std::optional<int> vote_majority(const Votes& votes) {
  const std::array<int, kClasses> seven = seven_of(votes);
  const auto top = std::max_element(seven.begin(), seven.end());
  if (*top == 0 || std::count(seven.begin(), seven.end(), *top) > 1) {
    return std::nullopt;
  }
  return static_cast<int>(top - seven.begin());
}

}  // namespace pyro::datasets

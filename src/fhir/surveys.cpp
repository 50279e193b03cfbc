#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/base/csv_records.hpp"
#include "pyro/fhir/sources.hpp"

namespace pyro::fhir {
namespace {

using Columns = std::vector<std::string>;

constexpr std::size_t kFirstItem = 5;
const Columns kResponseColumns{"person", "time_utc", "instrument", "version", "language"};
const Columns kScoreColumns{"person", "time_utc", "instrument", "version",  "scale",
                            "score",  "percent",  "category",   "answered", "items"};

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int year = 0;
  unsigned month = 0, day = 0;
  const auto digits = [&](std::size_t from, std::size_t count, auto& value) {
    const char* end = text.data() + from + count;
    return text[from] >= '0' && text[from] <= '9' &&
           std::from_chars(text.data() + from, end, value).ptr == end;
  };
  return digits(0, 4, year) && digits(5, 2, month) && digits(8, 2, day) && year > 0 &&
         std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{month},
                                     std::chrono::day{day}}
             .ok();
}

// "2026-01-31T12:04:00Z", with parts of a second or without.
bool is_utc(std::string_view text) {
  if (text.size() < 20 || text.back() != 'Z' || !is_date(text.substr(0, 10))) return false;
  constexpr std::string_view kForm = "T00:00:00";
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const char c = text[10 + i];
    if (kForm[i] == '0' ? c < '0' || c > '9' : c != kForm[i]) return false;
  }
  if (text.substr(11, 2) > "23" || text.substr(14, 2) > "59" || text.substr(17, 2) > "59") return false;
  const std::string_view parts = text.substr(19, text.size() - 20);
  return parts.empty() || (parts.size() > 1 && parts.front() == '.' &&
                           parts.find_first_not_of("0123456789", 1) == std::string_view::npos);
}

// A file of a kind: its rows' cells with where they stand.
class Row {
 public:
  Row(const CsvRecords& records, const Columns& titles) : records_(records), titles_(titles) {}
  [[nodiscard]] std::string text(std::size_t column) const { return std::string(records_.cells()[column]); }
  [[nodiscard]] tl::unexpected<Error> wrong(std::size_t column, const std::string& needed) const {
    return bad_input(records_.name() + " line " + std::to_string(records_.line()) + ", column " +
                     titles_[column] + ": " + needed);
  }
  template <typename Number>
  Status number(std::size_t column, std::optional<Number>& out) const {
    const std::string_view cell = records_.cells()[column];
    if (cell.empty()) return {};
    Number value{};
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || end != cell.data() + cell.size() ||
        !std::isfinite(static_cast<double>(value)))
      return wrong(column, "not a number");
    out = value;
    return {};
  }
  // What every row begins with.
  [[nodiscard]] Status check() const {
    if (records_.cells().size() != titles_.size())
      return bad_input(records_.name() + " line " + std::to_string(records_.line()) + " has " +
                       std::to_string(records_.cells().size()) + " cells, the first line " +
                       std::to_string(titles_.size()));
    return {};
  }
  [[nodiscard]] Status check_words() const {
    if (!is_utc(records_.cells()[1])) return wrong(1, "give a time like 2026-01-31T12:04:00Z");
    for (const std::size_t column : {2U, 3U}) {
      if (const Status good = check_person(text(column)); !good)
        return wrong(column, "give letters, digits, '.', '_' and '-' only");
    }
    return {};
  }

 private:
  const CsvRecords& records_;
  const Columns& titles_;
};

Result<Response> response_of(const Row& row, std::size_t columns) {
  Response response{row.text(2), row.text(3), row.text(4), row.text(1), {}};
  for (std::size_t i = kFirstItem; i < columns; ++i) {
    if (Status good = row.number(i, response.answers.emplace_back()); !good)
      return tl::make_unexpected(good.error());
  }
  return response;
}

Result<ScaleScore> score_of(const Row& row) {
  ScaleScore score{row.text(2), row.text(3), row.text(4), row.text(1), row.text(7), {}, {}, 0, 0};
  if (const Status good = check_person(score.scale); !good)
    return row.wrong(4, "give letters, digits, '.', '_' and '-' only");
  if (!score.category.empty() && score.category != "low" && score.category != "moderate" &&
      score.category != "high")
    return row.wrong(7, "give low, moderate, high, or nothing");
  std::optional<std::int64_t> answered, items;
  for (const Status& good : {row.number(5, score.score), row.number(6, score.percent),
                             row.number(8, answered), row.number(9, items)}) {
    if (!good) return tl::make_unexpected(good.error());
  }
  score.answered = answered.value_or(0);
  score.items = items.value_or(0);
  return score;
}

}  // namespace

Result<Surveys> read_surveys(std::unique_ptr<std::istream> input, const std::string& name,
                             const std::string& person) {
  CsvRecords records(std::move(input), name);
  const Result<bool> begun = records.next();
  if (!begun) return tl::make_unexpected(begun.error());
  Columns titles;
  if (*begun) titles.assign(records.cells().begin(), records.cells().end());
  const bool scores = titles == kScoreColumns;
  bool responses = titles.size() > kFirstItem &&
                   std::equal(kResponseColumns.begin(), kResponseColumns.end(), titles.begin());
  for (std::size_t i = kFirstItem; i < titles.size(); ++i)
    responses = responses && titles[i] == "item" + std::to_string(i - kFirstItem + 1);
  if (!scores && !responses)
    return bad_input(name +
                     " is neither responses nor scores of a questionnaire: its first line must be "
                     "person,time_utc,instrument,version,language,item1,… or "
                     "person,time_utc,instrument,version,scale,score,percent,category,answered,items");
  Surveys surveys;
  for (;;) {
    const Result<bool> more = records.next();
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) break;
    const Row row(records, titles);
    if (Status good = row.check(); !good) return tl::make_unexpected(good.error());
    if (row.text(0) != person) continue;
    if (Status good = row.check_words(); !good) return tl::make_unexpected(good.error());
    if (scores) {
      Result<ScaleScore> one = score_of(row);
      if (!one) return tl::make_unexpected(one.error());
      surveys.scores.push_back(std::move(*one));
    } else {
      Result<Response> one = response_of(row, titles.size());
      if (!one) return tl::make_unexpected(one.error());
      surveys.responses.push_back(std::move(*one));
    }
  }
  if (surveys.responses.empty() && surveys.scores.empty())
    return bad_input("nothing in " + name + " is of the person " + person + "; check the pseudonym");
  return surveys;
}

Result<Surveys> read_surveys(const std::filesystem::path& file, const std::string& person) {
  auto input = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*input) return bad_input("cannot open " + file.string() + ": check that it exists and may be read");
  return read_surveys(std::move(input), file.string(), person);
}

bool Consent::covers(const std::string& time) const {
  const std::string day = time.substr(0, 10);  // days of this form sort as text
  return status == "active" && day >= from && (until.empty() || day <= until);
}

Result<Consent> read_consent(const std::filesystem::path& file) {
  const std::string name = file.string();
  std::ifstream input{file, std::ios::binary};
  if (!input) return bad_input("cannot open " + name + ": check that it exists and may be read");
  Consent consent;
  try {
    const auto json = nlohmann::json::parse(input);
    if (json.at("schema") != "pyrometer-consent/1")
      return bad_input(name + ": schema must be pyrometer-consent/1");
    for (const auto& [key, value] : json.items()) {
      std::string* to = key == "person"    ? &consent.person
                        : key == "scope"   ? &consent.scope
                        : key == "status"  ? &consent.status
                        : key == "purpose" ? &consent.purpose
                        : key == "given"   ? &consent.given
                        : key == "from"    ? &consent.from
                        : key == "until"   ? &consent.until
                                           : nullptr;
      if (to != nullptr) {
        *to = value.get<std::string>();
      } else if (key != "schema") {
        return bad_input(
            std::string(name).append(": the key ").append(key).append(" is not known; see docs/fhir.md"));
      }
    }
  } catch (const nlohmann::json::exception& error) {
    return bad_input(name + " is no consent; docs/fhir.md shows one", error.what());
  }
  if (consent.scope != "research" && consent.scope != "treatment" && consent.scope != "patient-privacy")
    return bad_input(name + ": scope must be research, treatment or patient-privacy");
  if (consent.status != "active" && consent.status != "inactive")
    return bad_input(name + ": status must be active or inactive");
  if (consent.purpose.find_first_not_of(" \t\r\n") == std::string::npos)
    return bad_input(name + ": purpose must say what the data may be used for");
  if (const Status good = check_person(consent.person); !good)
    return bad_input(name + ": " + good.error().message);
  if (!is_date(consent.given) || !is_date(consent.from) ||
      (!consent.until.empty() && !is_date(consent.until)))
    return bad_input(name + ": given, from and until must be days like 2026-01-31 (until may be absent)");
  if (!consent.until.empty() && consent.until < consent.from)
    return bad_input(name + ": until is before from");
  return consent;
}

}  // namespace pyro::fhir

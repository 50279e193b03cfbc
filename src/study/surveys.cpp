#include <set>
#include <tuple>

#include "csv_table.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/zone.hpp"
#include "pyro/study/library.hpp"
#include "text.hpp"

namespace pyro::study {
namespace {

constexpr char kSurveyHeader[] =
    "person,time_utc,instrument,version,scale,score,percent,category,answered,items\n";

using SurveyKey = std::tuple<std::string, UtcTime, std::string, std::string>;
SurveyKey key_of(const SurveyScore& one) {
  return {one.person, one.time, one.instrument, one.scale};
}

Result<SurveyScore> read_survey(const CsvTable& table) {
  SurveyScore one;
  one.person = table.text("person");
  if (!is_name(one.person)) return table.wrong("person", "is no name of a person (letters, digits, _ - .)");
  for (const auto& [column, into] : {std::pair{"instrument", &one.instrument},
                                     {"version", &one.version},
                                     {"scale", &one.scale},
                                     {"category", &one.category}})
    *into = table.text(column);
  if (one.instrument.empty()) return table.wrong("instrument", "is empty");
  const Result<UtcTime> time = utc_of(table.text("time_utc"), Zone{});
  if (!time) return table.wrong("time_utc", time.error().message);
  one.time = *time;
  const Result<double> score = table.needed_number("score");
  if (!score) return tl::make_unexpected(score.error());
  one.score = *score;
  const Result<std::optional<double>> percent = table.number("percent");
  if (!percent) return tl::make_unexpected(percent.error());
  if (*percent && (**percent < 0 || **percent > 100)) return table.wrong("percent", "is not within 0 to 100");
  one.percent = *percent;
  for (const auto& [column, into] : {std::pair{"answered", &one.answered}, {"items", &one.items}}) {
    const Result<double> count = table.needed_number(column);
    if (!count) return tl::make_unexpected(count.error());
    if (*count < 0 || *count > 10'000 || *count != std::floor(*count))
      return table.wrong(column, "is not a count");
    *into = static_cast<std::int64_t>(*count);
  }
  if (one.answered > one.items) return table.wrong("answered", "has more answers than the scale has items");
  return one;
}

}  // namespace

Result<std::vector<SurveyScore>> read_surveys(const std::filesystem::path& csv) {
  Result<CsvTable> table = CsvTable::open(csv);
  if (!table) return tl::make_unexpected(table.error());
  if (const Status all = table->need({"person", "time_utc", "instrument", "version", "scale", "score",
                                      "percent", "category", "answered", "items"});
      !all)
    return tl::make_unexpected(all.error());
  std::vector<SurveyScore> scores;
  std::set<SurveyKey> seen;
  for (;;) {
    const Result<bool> more = table->next();
    if (!more) return tl::make_unexpected(more.error());
    if (!*more) return scores;
    Result<SurveyScore> one = read_survey(*table);
    if (!one) return tl::make_unexpected(one.error());
    if (!seen.insert(key_of(*one)).second)
      return bad_input(table->where() + ": this scale of this person and time stands above already");
    scores.push_back(std::move(*one));
  }
}

Result<std::vector<SurveyScore>> Study::surveys() const {
  const std::filesystem::path file = folder_ / "surveys.csv";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::vector<SurveyScore>{};
  return read_surveys(file);
}

Result<std::int64_t> Study::add_surveys(const std::filesystem::path& csv) {
  Result<std::vector<SurveyScore>> all = surveys();
  if (!all) return tl::make_unexpected(all.error());
  Result<std::vector<SurveyScore>> fresh = read_surveys(csv);
  if (!fresh) return tl::make_unexpected(fresh.error());
  std::set<SurveyKey> known;
  for (const SurveyScore& one : *all) known.insert(key_of(one));
  for (const SurveyScore& one : *fresh) {
    if (known.contains(key_of(one)))
      return bad_input(csv.string() + ": " + one.instrument + " " + one.scale + " of " + one.person + " at " +
                       utc_text(one.time) + " is in the study already; nothing was added");
  }
  all->insert(all->end(), fresh->begin(), fresh->end());
  std::string text = kSurveyHeader;
  for (const SurveyScore& one : *all) {
    append_cell(text, one.person), text += ',';
    append_cell(text, utc_text(one.time)), text += ',';
    for (const std::string* word : {&one.instrument, &one.version, &one.scale})
      append_cell(text, *word), text += ',';
    append_cell(text, one.score), text += ',';
    append_cell(text, one.percent.value_or(std::nan(""))), text += ',';
    append_cell(text, one.category), text += ',';
    append_cell(text, one.answered), text += ',';
    append_cell(text, one.items), text += '\n';
  }
  if (const Status written = replace_file(folder_ / "surveys.csv", text); !written)
    return tl::make_unexpected(written.error());
  return static_cast<std::int64_t>(fresh->size());
}

}  // namespace pyro::study

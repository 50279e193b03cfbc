// A questionnaire as a data file says it: which items make which scale, how they are counted, what the score
// is called, and where all that was published. The wording stands elsewhere (wording.hpp): it is seldom ours.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"

namespace pyro::surveys {

enum class Category { low, moderate, high };
[[nodiscard]] std::string_view name_of(Category category);

enum class ScoreRule { sum, mean, percent };
[[nodiscard]] std::string_view name_of(ScoreRule rule);

struct Band {
  double from = 0;                   // the band's least score; it ends where the next begins
  std::optional<Category> category;  // level of this scale's score; none where the source names none
};

struct Scale {
  std::string id, title;
  bool total = false;      // may take items of several subscales
  std::vector<int> items;  // from 1
  ScoreRule rule = ScoreRule::sum;
  int minimum_answered = 1;      // with fewer answers there is no score
  bool higher_is_strain = true;  // false: a high score is good (accomplishment, well-being)
  std::vector<Band> bands;       // empty: the literature gives no agreed cut-offs, and cutoff_note says so
  std::string cutoff_source, cutoff_note;
};

// What a person reads; `answers` has a label per answer, from the least on, or is empty.
struct Wording {
  std::string instruction;
  std::vector<std::string> items, answers;
};

struct Instrument {
  std::string id, version, title, period;
  bool unvalidated = false;
  int items = 0;
  int answer_min = 0, answer_max = 0;
  std::string coding;  // which way the answers run
  std::vector<int> reverse;
  std::vector<Scale> scales;
  bool keep_apart = false;  // the scales must never be added to one total
  std::string missing_rule, missing_source;
  std::string licence, licence_holder, licence_note;
  std::string key_source;
  std::map<std::string, Wording> wording;  // by language; only where the wording is our own

  [[nodiscard]] bool is_reversed(int item) const;
  // An answer as it counts: min + max - answer for a reversed item.
  [[nodiscard]] int keyed(int item, int answer) const;
  // The scale's least and greatest possible score.
  [[nodiscard]] double least(const Scale& scale) const;
  [[nodiscard]] double greatest(const Scale& scale) const;
};

// The definition in `text`, checked against the JSON Schema (draft 7) in `schema_text` and then for what a
// schema cannot say: items that do not exist, scales that share an item, cut-offs that do not rise, a total
// where scales must be kept apart, wording under somebody else's licence. Errors (bad_input) begin with
// `name` and name the place.
[[nodiscard]] Result<Instrument> parse_instrument(std::string_view text, std::string_view schema_text,
                                                  const std::string& name);
// The same of a file; the schema is read from `schema`.
[[nodiscard]] Result<Instrument> load_instrument(const std::filesystem::path& file,
                                                 const std::filesystem::path& schema);

// Every definition in <folder>/instruments, in the order of their ids, checked against
// <folder>/instrument.schema.json. Errors: no such folder, a definition that is wrong, an id that is not its
// file's name.
[[nodiscard]] Result<std::vector<Instrument>> load_instruments(const std::filesystem::path& folder);

[[nodiscard]] nlohmann::ordered_json to_json(const Instrument& instrument);

}  // namespace pyro::surveys

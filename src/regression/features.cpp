#include "pyro/regression/features.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

namespace pyro::regression {
namespace {

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

const char* text_of(Kind kind) {
  switch (kind) {
    case Kind::number:
      return "number";
    case Kind::day:
      return "day";
    case Kind::word:
      break;
  }
  return "word";
}

bool any_fits(const std::vector<std::string>& patterns, const std::string& name) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) { return fits(pattern, name); });
}

// Empty, or the same wherever it is known.
bool says_nothing(const Column& column) {
  if (column.kind == Kind::word) return false;
  double seen = std::nan("");
  for (const double number : column.numbers) {
    if (std::isnan(number)) continue;
    if (!std::isnan(seen) && number != seen) return false;
    seen = number;
  }
  return true;
}

void add_column(const Column& column, Chosen& chosen) {
  if (says_nothing(column)) {
    chosen.left_out.push_back(column.name + ": the same in every row");
    return;
  }
  if (column.kind != Kind::word) {
    chosen.features.push_back({column.name, column.kind});
    return;
  }
  std::set<std::string> words(column.words.begin(), column.words.end());
  words.erase("");
  if (words.size() < 2) {
    chosen.left_out.push_back(column.name + ": the same in every row");
  } else if (words.size() > kMostWords) {
    chosen.left_out.push_back(column.name + ": " + std::to_string(words.size()) +
                              " different words are no figure");
  } else {
    for (auto word = std::next(words.begin()); word != words.end(); ++word)
      chosen.features.push_back({column.name, Kind::word, *word});
  }
}

}  // namespace

Result<Chosen> choose_features(const Table& table, const Choice& choice,
                               const std::vector<std::string>& never) {
  for (const auto* patterns : {&choice.with, &choice.without}) {
    for (const std::string& pattern : *patterns) {
      if (std::ranges::none_of(table.columns,
                               [&](const Column& column) { return fits(pattern, column.name); }))
        return bad_input(table.file + " has no column '" + pattern + "'");
    }
  }
  Chosen chosen;
  for (const Column& column : table.columns) {
    const bool wanted = choice.with.empty() || any_fits(choice.with, column.name);
    if (!wanted || any_fits(choice.without, column.name) ||
        std::ranges::find(never, column.name) != never.end())
      continue;
    add_column(column, chosen);
  }
  if (chosen.features.empty())
    return bad_input(table.file + " leaves no column to predict from; see --columns and --without");
  return chosen;
}

Result<Matrix> encode(const Table& table, const std::vector<Feature>& features) {
  Matrix matrix{table.rows, features.size(), std::vector<float>(table.rows * features.size(), kUnknown)};
  for (std::size_t k = 0; k < features.size(); ++k) {
    const Feature& feature = features[k];
    const Column* column = table.find(feature.column);
    if (column == nullptr)
      return bad_input(table.file + " has no column '" + feature.column + "', which the regression reads");
    // A column without any cell has no kind: it is read as numbers.
    const bool empty = column->kind == Kind::number &&
                       std::ranges::all_of(column->numbers, [](double number) { return std::isnan(number); });
    if (empty) continue;
    if (column->kind != feature.kind)
      return bad_input(table.file + ": column '" + feature.column + "' holds " + text_of(column->kind) +
                       "s where the regression expects " + text_of(feature.kind) + "s");
    for (std::size_t i = 0; i < table.rows; ++i) {
      float& value = matrix.values[i * features.size() + k];
      if (feature.kind != Kind::word) {
        value = static_cast<float>(column->numbers[i]);
      } else if (!column->words[i].empty()) {
        value = column->words[i] == feature.word ? 1.0F : 0.0F;
      }
    }
  }
  return matrix;
}

nlohmann::ordered_json to_json(const std::vector<Feature>& features) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Feature& feature : features) {
    nlohmann::ordered_json one{{"column", feature.column}, {"kind", text_of(feature.kind)}};
    if (feature.kind == Kind::word) one["word"] = feature.word;
    list.push_back(std::move(one));
  }
  return list;
}

std::vector<Feature> features_of(const nlohmann::json& json) {
  std::vector<Feature> features;
  features.reserve(json.size());
  for (const nlohmann::json& each : json) {
    Feature& feature = features.emplace_back(Feature{each.at("column").get<std::string>()});
    const auto kind = each.at("kind").get<std::string>();
    if (kind == text_of(Kind::day)) {
      feature.kind = Kind::day;
    } else if (kind == text_of(Kind::word)) {
      feature.kind = Kind::word;
      feature.word = each.at("word").get<std::string>();
    } else if (kind != text_of(Kind::number)) {
      throw std::invalid_argument("a figure of an unknown kind: " + kind);
    }
  }
  return features;
}

}  // namespace pyro::regression

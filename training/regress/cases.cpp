#include "regress/cases.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace pyro::training {

Result<Cases> cases_of(const regression::Table& table, std::vector<regression::Feature> features,
                       const std::string& target, const std::string& person) {
  const regression::Column* wanted = table.find(target);
  if (wanted == nullptr) {
    return bad_input(table.file + " has no column '" + target + "' to predict; name another by --target");
  }
  if (wanted->kind != regression::Kind::number) {
    return bad_input(table.file + ": '" + target + "' holds words or days; a regression predicts a number");
  }
  std::vector<std::string> names;
  if (!person.empty()) {
    Result<std::vector<std::string>> read = regression::names_of(table, person);
    if (!read) {
      return tl::make_unexpected(read.error());
    }
    names = std::move(*read);
  }
  const Result<regression::Matrix> all = regression::encode(table, features);
  if (!all) {
    return tl::make_unexpected(all.error());
  }
  Cases cases;
  cases.features = std::move(features);
  cases.target = target;
  cases.x.columns = all->columns;
  std::map<std::string, std::int32_t> known;
  for (std::size_t i = 0; i < table.rows; ++i) {
    if (std::isnan(wanted->numbers[i])) {
      continue;
    }
    const std::string name = names.empty() ? std::to_string(i + 1) : names[i];
    const auto [found, fresh] = known.emplace(name, static_cast<std::int32_t>(known.size()));
    if (fresh) {
      cases.persons.push_back(name);
    }
    cases.x.values.insert(cases.x.values.end(), all->row(i), all->row(i) + all->columns);
    ++cases.x.rows;
    cases.y.push_back(wanted->numbers[i]);
    cases.person.push_back(found->second);
    cases.line.push_back(i);
  }
  if (cases.persons.size() < kFewestPersons) {
    return bad_input(table.file + ": only " + std::to_string(cases.persons.size()) + " persons have a '" +
                     target + "'; at least " + std::to_string(kFewestPersons) +
                     " are needed to fit and judge by person");
  }
  const auto [least, greatest] = std::ranges::minmax(cases.y);
  if (least == greatest) {
    return bad_input(table.file + ": '" + target + "' is the same in every row; there is nothing to predict");
  }
  return cases;
}

double mean_of(std::span<const double> y, const Rows& rows) {
  double sum = 0;
  for (const std::size_t row : rows) {
    sum += y[row];
  }
  return sum / static_cast<double>(rows.size());
}

std::vector<std::int32_t> shuffled_persons(const Cases& cases, const Rows& rows, std::mt19937_64& random) {
  std::vector<bool> there(cases.persons.size());
  for (const std::size_t row : rows) {
    there[static_cast<std::size_t>(cases.person[row])] = true;
  }
  std::vector<std::int32_t> persons;
  for (std::size_t p = 0; p < there.size(); ++p) {
    if (there[p]) {
      persons.push_back(static_cast<std::int32_t>(p));
    }
  }
  std::shuffle(persons.begin(), persons.end(), random);
  return persons;
}

std::vector<Fold> folds_by_person(const Cases& cases, const Rows& rows, int count, std::mt19937_64& random) {
  std::vector<std::size_t> rows_of(cases.persons.size());
  for (const std::size_t row : rows) {
    ++rows_of[static_cast<std::size_t>(cases.person[row])];
  }
  std::vector<std::size_t> filled(static_cast<std::size_t>(count));
  std::vector<std::size_t> fold_of(cases.persons.size());
  for (const std::int32_t person : shuffled_persons(cases, rows, random)) {
    const auto emptiest = std::min_element(filled.begin(), filled.end());
    *emptiest += rows_of[static_cast<std::size_t>(person)];
    fold_of[static_cast<std::size_t>(person)] = static_cast<std::size_t>(emptiest - filled.begin());
  }
  std::vector<Fold> folds(static_cast<std::size_t>(count));
  for (const std::size_t row : rows) {
    const std::size_t own = fold_of[static_cast<std::size_t>(cases.person[row])];
    for (std::size_t f = 0; f < folds.size(); ++f) {
      (f == own ? folds[f].held : folds[f].fit).push_back(row);
    }
  }
  return folds;
}

std::vector<double> permuted_target(const Cases& cases, std::mt19937_64& random) {
  std::vector<Rows> rows_of(cases.persons.size());
  std::vector<double> mean(cases.persons.size());
  for (std::size_t row = 0; row < cases.size(); ++row) {
    const auto person = static_cast<std::size_t>(cases.person[row]);
    rows_of[person].push_back(row);
    mean[person] += cases.y[row];
  }
  for (std::size_t p = 0; p < mean.size(); ++p) {
    mean[p] /= static_cast<double>(rows_of[p].size());
  }
  std::vector<std::size_t> from(mean.size());
  std::iota(from.begin(), from.end(), std::size_t{0});
  std::shuffle(from.begin(), from.end(), random);
  std::vector<double> y(cases.size());
  for (std::size_t p = 0; p < mean.size(); ++p) {
    Rows order = rows_of[p];
    std::shuffle(order.begin(), order.end(), random);
    for (std::size_t k = 0; k < order.size(); ++k) {
      y[rows_of[p][k]] = mean[from[p]] + (cases.y[order[k]] - mean[p]);
    }
  }
  return y;
}

}  // namespace pyro::training

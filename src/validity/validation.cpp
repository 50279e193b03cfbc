#include "pyro/validity/validation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "pyro/stats/corrections.hpp"

namespace pyro::validity {
namespace {

template <typename T>
Maybe<T> maybe(Result<T> result) {
  if (result) return {std::move(*result), true, {}};
  return {{}, false, result.error().message};
}

// The pairs as columns, persons as numbers in the order in which they first stand.
struct Columns {
  std::vector<double> score, survey;
  std::vector<std::int32_t> person;
  std::size_t persons = 0;
};

Columns columns_of(const std::vector<Pair>& pairs) {
  Columns out;
  std::map<std::string_view, std::int32_t> numbers;
  for (const Pair& pair : pairs) {
    out.score.push_back(pair.score);
    out.survey.push_back(pair.survey);
    out.person.push_back(
        numbers.emplace(pair.person, static_cast<std::int32_t>(numbers.size())).first->second);
  }
  out.persons = numbers.size();
  return out;
}

// Errors of the statistics say x and y; people know their columns' names.
Status check_table(const PairTable& table, const Columns& columns) {
  if (columns.score.size() < 3)
    return bad_input(table.source + " has " + std::to_string(columns.score.size()) + " pairs of '" +
                     table.score + "' and '" + table.survey + "'; a correlation needs at least 3");
  for (const auto& [values, name] :
       {std::pair{&columns.score, &table.score}, {&columns.survey, &table.survey}}) {
    if (std::ranges::all_of(*values, [&](double value) { return value == values->front(); }))
      return bad_input(table.source + ": '" + *name + "' is the same in all " +
                       std::to_string(values->size()) + " pairs, so a correlation is undefined");
  }
  return stats::check_pairs(columns.score, columns.survey);
}

// Each person's first sessions, as many as most can give: two or more.
Retest retest_of(const std::vector<Pair>& pairs) {
  std::map<std::string_view, std::vector<const Pair*>> by_person;
  for (const Pair& pair : pairs) by_person[pair.person].push_back(&pair);
  Retest out;
  for (const auto& [person, own] : by_person) {
    if (own.size() < 2) continue;
    out.sessions = out.sessions == 0 ? own.size() : std::min(out.sessions, own.size());
  }
  std::vector<std::vector<double>> scores, surveys;
  for (const auto& [person, own] : by_person) {
    if (own.size() < 2) {
      ++out.without;
      continue;
    }
    std::vector<double>& score = scores.emplace_back();
    std::vector<double>& survey = surveys.emplace_back();
    for (std::size_t i = 0; i < out.sessions; ++i) {
      score.push_back(own[i]->score);
      survey.push_back(own[i]->survey);
    }
  }
  out.persons = scores.size();
  out.score = maybe(stats::icc(scores));
  out.survey = maybe(stats::icc(surveys));
  return out;
}

std::vector<GroupFigures> groups_of(const Validation& whole) {
  std::map<std::string, std::vector<Pair>> by_group;
  if (whole.table.group.empty()) return {};
  for (const Pair& pair : whole.table.pairs) by_group[pair.group].push_back(pair);
  std::vector<GroupFigures> out;
  std::vector<double> p;
  for (const auto& [name, pairs] : by_group) {
    const Columns columns = columns_of(pairs);
    GroupFigures& group = out.emplace_back();
    group.name = name.empty() ? "(none)" : name;
    group.n = pairs.size();
    group.persons = columns.persons;
    if (whole.repeats) {
      group.pearson = maybe(stats::between_correlation(columns.person, columns.score, columns.survey));
      group.spearman.why_not = "persons repeat";
    } else {
      group.pearson = maybe(stats::pearson(columns.score, columns.survey));
      group.spearman = maybe(stats::spearman(columns.score, columns.survey));
    }
    if (whole.settings.same_unit) group.mean_abs_diff = stats::mean_abs_diff(columns.score, columns.survey);
    p.push_back(group.pearson ? group.pearson->p : std::numeric_limits<double>::quiet_NaN());
  }
  const std::vector<double> holm = stats::holm(p), bh = stats::benjamini_hochberg(p);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].p_holm = holm[i], out[i].p_bh = bh[i];
  return out;
}

}  // namespace

double Validation::p() const {
  if (!repeats) return pearson.p;
  return repeated && repeated->within ? repeated->within->p : std::numeric_limits<double>::quiet_NaN();
}

Result<Validation> validate(PairTable table, const ValidationSettings& settings) {
  const Columns columns = columns_of(table.pairs);
  if (Status good = check_table(table, columns); !good) return tl::make_unexpected(good.error());
  Validation out;
  out.settings = settings;
  out.n = table.pairs.size();
  out.persons = columns.persons;
  out.repeats = out.persons < out.n;
  const auto &x = columns.score, &y = columns.survey;
  out.pearson = stats::pearson(x, y).value();
  out.spearman = stats::spearman(x, y).value();
  out.line = stats::fit_line(x, y).value();
  if (settings.same_unit) out.mean_abs_diff = stats::mean_abs_diff(x, y);
  const std::string repeats_why =
      "persons repeat, and their sessions are not independent: see repeated_measures";
  const std::string units_why = "score and survey count in different units";
  if (out.repeats) {
    RepeatedFigures& repeated = out.repeated.emplace();
    repeated.within = maybe(stats::repeated_correlation(columns.person, x, y));
    repeated.between = maybe(stats::between_correlation(columns.person, x, y));
    repeated.mixed = maybe(stats::mixed_model(columns.person, x, y));
    repeated.agreement.why_not = units_why;
    if (settings.same_unit) repeated.agreement = maybe(stats::repeated_agreement(columns.person, x, y));
    repeated.retest = retest_of(table.pairs);
    out.permutation.why_not = out.bland_altman.why_not = out.ccc.why_not = out.icc.why_not = repeats_why;
  } else {
    out.permutation = maybe(stats::permutation_test(x, y, settings.permutations, settings.seed));
    out.bland_altman.why_not = out.ccc.why_not = out.icc.why_not = units_why;
    if (settings.same_unit) {
      out.bland_altman = maybe(stats::bland_altman(x, y));
      out.ccc = maybe(stats::concordance(x, y));
      std::vector<std::vector<double>> measured;
      measured.reserve(x.size());
      for (std::size_t i = 0; i < x.size(); ++i) measured.push_back({x[i], y[i]});
      out.icc = maybe(stats::icc(measured));
    }
  }
  out.table = std::move(table);
  out.groups = groups_of(out);
  out.p_holm = out.p_bh = out.p();
  return out;
}

Result<std::vector<Validation>> validate_all(std::vector<PairTable> tables,
                                             const ValidationSettings& settings) {
  std::vector<Validation> out;
  std::vector<double> p;
  for (PairTable& table : tables) {
    Result<Validation> one = validate(std::move(table), settings);
    if (!one) return tl::make_unexpected(one.error());
    p.push_back(one->p());
    out.push_back(std::move(*one));
  }
  const std::vector<double> holm = stats::holm(p), bh = stats::benjamini_hochberg(p);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].p_holm = holm[i], out[i].p_bh = bh[i];
  return out;
}

Result<Summary> judge(double r, std::int64_t n) {
  if (!(std::abs(r) < 1)) return wrong_use("--r must lie between -1 and 1; exactly there it has no interval");
  if (n < 3) return wrong_use("--n must be at least 3: fewer pairs have no correlation");
  const auto count = static_cast<double>(n);
  return Summary{n, r, stats::fisher_interval(r, 1 / std::sqrt(count - 3)),
                 stats::correlation_p(r, count - 2)};
}

}  // namespace pyro::validity

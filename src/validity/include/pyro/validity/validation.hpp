// A score held against a questionnaire: every figure with its interval, and what the figures cannot show.
//
// Where persons repeat, their sessions are not independent: pooled figures then come without interval and p,
// and the answers stand in `repeated`, within and between persons apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/stats/agreement.hpp"
#include "pyro/stats/correlation.hpp"
#include "pyro/stats/icc.hpp"
#include "pyro/stats/regression.hpp"
#include "pyro/stats/repeated.hpp"
#include "pyro/validity/pairs.hpp"

namespace pyro::validity {

struct ValidationSettings {
  std::int64_t permutations = 10000;
  std::uint64_t seed = 1;
  bool same_unit = true;  // score and survey count in the same points; else agreement means nothing
};

// A figure, or why there is none.
template <typename T>
struct Maybe {
  T value = {};
  bool known = false;
  std::string why_not = {};
  explicit operator bool() const { return known; }
  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

struct GroupFigures {
  std::string name;
  std::size_t n = 0, persons = 0;
  // Of pairs; where persons repeat anywhere in the table, of persons' means.
  Maybe<stats::Correlation> pearson, spearman;
  std::optional<double> mean_abs_diff;
  double p_holm = 1, p_bh = 1;  // pearson's p, corrected over the groups; NaN without one
};

struct Retest {
  std::size_t sessions = 0;              // of each person that count: the first so many
  std::size_t persons = 0, without = 0;  // who has as many; who has not
  Maybe<stats::Icc> score, survey;
};

struct RepeatedFigures {
  Maybe<stats::RepeatedCorrelation> within;
  Maybe<stats::Correlation> between;
  Maybe<stats::MixedModel> mixed;
  Maybe<stats::RepeatedAgreement> agreement;
  Retest retest;
};

struct Validation {
  PairTable table;
  ValidationSettings settings;
  std::size_t n = 0, persons = 0;
  bool repeats = false;  // somebody has more than one pair

  stats::Correlation pearson, spearman;  // their interval and p count only where nobody repeats
  Maybe<stats::Permutation> permutation;
  stats::Line line;  // survey on score; its bands count only where nobody repeats
  // Only where both are in the same unit.
  std::optional<double> mean_abs_diff;
  Maybe<stats::BlandAltman> bland_altman;
  Maybe<stats::Concordance> ccc;
  Maybe<stats::Icc> icc;  // score and survey as two measurements of a person
  std::optional<RepeatedFigures> repeated;
  std::vector<GroupFigures> groups;
  // `p` corrected over all comparisons of a run; NaN without one.
  double p_holm = 1, p_bh = 1;

  // Against no connection: of pairs, or within persons where they repeat; NaN where that is unknown.
  [[nodiscard]] double p() const;
};

// Errors (bad_input) name the table and column: fewer than 3 pairs, a column whose values are all the same.
[[nodiscard]] Result<Validation> validate(PairTable table, const ValidationSettings& settings);
// The same for several tables, corrected for their number.
[[nodiscard]] Result<std::vector<Validation>> validate_all(std::vector<PairTable> tables,
                                                           const ValidationSettings& settings);

// What a published r and n alone show.
struct Summary {
  std::int64_t n = 0;
  double r = 0;
  stats::Interval interval;
  double p = 1;
};
// Errors (wrong_use): n < 3, r not between -1 and 1.
[[nodiscard]] Result<Summary> judge(double r, std::int64_t n);

}  // namespace pyro::validity

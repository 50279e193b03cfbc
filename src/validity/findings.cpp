#include <algorithm>

#include "pyro/stats/power.hpp"
#include "pyro/validity/report.hpp"
#include "words.hpp"

namespace pyro::validity {
namespace {

// How much an interval of a correlation leaves open.
std::string openness(const stats::Interval& interval) {
  if (interval.low <= 0 && interval.high >= 0)
    return "The interval holds 0: these pairs do not show that the two go together at all.";
  if (interval.high - interval.low > 0.4)
    return "The interval does not hold 0, but it is wide: that the two go together is shown, how closely is "
           "not.";
  return "The interval does not hold 0.";
}

std::string detectable(std::size_t n) {
  if (n < 4) return "With " + std::to_string(n) + " persons there is no power worth the name.";
  const auto count = static_cast<std::int64_t>(n);
  return std::to_string(n) + " persons find a true correlation of " +
         r_text(stats::detectable_correlation(count, 0.8)) +
         " with a chance of 80 %; weaker ones they miss more often than that.";
}

std::string agreement_words(const Validation& v) {
  if (!v.mean_abs_diff)
    return "Score and survey count in different units, so nothing is said about agreement.";
  std::string out = "Score and survey lie " + html::fixed(*v.mean_abs_diff, 2) + " points apart on average";
  if (v.bland_altman) {
    out += "; the score lies " + html::fixed(std::abs(v.bland_altman->bias.value), 2) + " points " +
           (v.bland_altman->bias.value < 0 ? "below" : "above") +
           " the survey, and 95 % of differences lie from " +
           points_text({v.bland_altman->lower.value, v.bland_altman->upper.value});
  }
  out += ".";
  if (v.ccc) {
    out += " Lin's concordance, which is 1 only where both give the same number, is " +
           r_text(v.ccc->ccc.value) + " (" + r_text(v.ccc->ccc.interval) + ").";
  }
  return out;
}

void add_repeated(std::vector<std::string>& out, const Validation& v, const RepeatedFigures& repeated) {
  out.push_back(
      std::to_string(v.n) + " pairs are of " + std::to_string(v.persons) +
      " persons. A person's sessions are not independent, and within a person the two may move otherwise "
      "than between persons: the pooled r = " +
      r_text(v.pearson.r) + " mixes both and stands without interval and p.");
  if (repeated.within) {
    out.push_back("Within persons (rmcorr): r = " + r_text(repeated.within->r) + " (" +
                  r_text(repeated.within->interval) + "), " + p_words(repeated.within->p) + ". " +
                  openness(repeated.within->interval));
  } else {
    out.push_back("Within persons nothing can be said: " + repeated.within.why_not + ".");
  }
  if (repeated.between) {
    out.push_back("Between persons (their means): r = " + r_text(repeated.between->r) + " (" +
                  r_text(repeated.between->interval) + "), " + p_words(repeated.between->p) + ". " +
                  openness(repeated.between->interval));
  } else {
    out.push_back("Between persons nothing can be said: " + repeated.between.why_not + ".");
  }
}

}  // namespace

std::vector<std::string> findings(const Validation& v) {
  std::vector<std::string> out;
  if (v.repeated) {
    add_repeated(out, v, *v.repeated);
  } else {
    std::string first = "r = " + r_text(v.pearson.r) + " over " + std::to_string(v.n) +
                        " pairs, one a person; the true correlation lies from " + r_text(v.pearson.interval) +
                        " with 95 % confidence; " + p_words(v.pearson.p);
    if (v.permutation)
      first += ", by permutation " + p_text(v.permutation->p) + " (" + (v.permutation->exact ? "all " : "") +
               html::grouped(v.permutation->tried) + (v.permutation->exact ? ")" : " drawn)");
    out.push_back(first + ".");
    out.push_back(openness(v.pearson.interval));
  }
  out.push_back(agreement_words(v));
  out.push_back(detectable(v.persons));
  if (v.table.left_out > 0)
    out.push_back("Rows left out because a value is missing, as asked: " + std::to_string(v.table.left_out) +
                  ". If values are missing for a reason, the figures are shifted by it.");
  return out;
}

std::vector<std::string> findings(const Summary& s) {
  const auto sentence = [&](double r) {
    return "a true correlation of " + r_text(r) + " with a chance of " +
           html::fixed(100 * stats::correlation_power(r, s.n), 0) + " %";
  };
  std::vector<std::string> out;
  out.push_back("r = " + html::fixed(s.r, 3) + " of " + std::to_string(s.n) +
                " pairs: the true correlation lies anywhere from " + r_text(s.interval) +
                " with 95 % confidence; " + p_words(s.p) + ".");
  out.push_back("It shows: " +
                std::string(s.interval.low <= 0 && s.interval.high >= 0
                                ? "little; no connection at all fits as well."
                                : "a connection, if the pairs are independent (one a person) and were "
                                  "not picked for it."));
  out.push_back(s.interval.high - s.interval.low > 0.4
                    ? "It does not show how close the connection is: " + r_text(s.interval.low) + " and " +
                          r_text(s.interval.high) + " fit the same data."
                    : "How close the connection is stands within the interval.");
  out.emplace_back(
      "It does not show agreement: r is the same when every score is off by the same points or half as "
      "large. That needs the pairs themselves (mean absolute difference, Bland-Altman, Lin's CCC).");
  out.emplace_back(
      "It does not show that other people, another questionnaire or another day would give the same.");
  if (s.n >= 4)
    out.push_back(std::to_string(s.n) + " pairs find " + sentence(0.5) + ", " + sentence(0.8) +
                  ": when so few find one, it tends to be overestimated.");
  if (std::abs(s.r) < 1 && s.r != 0)
    out.push_back("For an interval of 0.2 from end to end around r = " + html::fixed(s.r, 3) + ": " +
                  html::grouped(stats::pairs_for_width(s.r, 0.2)) +
                  " pairs. To find a true 0.5 with a chance of 80 %: " +
                  html::grouped(stats::pairs_for_power(0.5, 0.8)) +
                  "; a true 0.3: " + html::grouped(stats::pairs_for_power(0.3, 0.8)) + ".");
  return out;
}

}  // namespace pyro::validity

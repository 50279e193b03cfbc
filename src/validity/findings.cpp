#include <algorithm>

#include "pyro/stats/power.hpp"
#include "pyro/validity/report.hpp"
#include "words.hpp"

namespace pyro::validity {
namespace {

using Json = nlohmann::ordered_json;

// How much an interval of a correlation leaves open.
struct Openness {
  const char* sentence;
  const char* shows;
};

Openness openness(const stats::Interval& interval) {
  if (interval.low <= 0 && interval.high >= 0)
    return {"The interval holds 0: these pairs do not show that the two go together at all.", "nothing"};
  if (interval.high - interval.low > 0.4)
    return {
        "The interval does not hold 0, but it is wide: that the two go together is shown, how closely is "
        "not.",
        "not_how_closely"};
  return {"The interval does not hold 0.", "together"};
}

Finding detectable(std::size_t n) {
  if (n < 4)
    return {"With " + std::to_string(n) + " persons there is no power worth the name.",
            {{"what", "no_power"}, {"persons", n}}};
  const double r = stats::detectable_correlation(static_cast<std::int64_t>(n), 0.8);
  return {std::to_string(n) + " persons find a true correlation of " + r_text(r) +
              " with a chance of 80 %; weaker ones they miss more often than that.",
          {{"what", "power"}, {"persons", n}, {"r", r}}};
}

Finding agreement(const Validation& v) {
  if (!v.mean_abs_diff)
    return {"Score and survey count in different units, so nothing is said about agreement.",
            {{"what", "different_units"}}};
  Finding out{"Score and survey lie " + html::fixed(*v.mean_abs_diff, 2) + " points apart on average",
              {{"what", "agreement"}, {"apart", *v.mean_abs_diff}}};
  if (v.bland_altman) {
    const stats::Interval limits{v.bland_altman->lower.value, v.bland_altman->upper.value};
    const double bias = v.bland_altman->bias.value;
    out.sentence += "; the score lies " + html::fixed(std::abs(bias), 2) + " points " +
                    (bias < 0 ? "below" : "above") + " the survey, and 95 % of differences lie from " +
                    points_text(limits);
    out.statement["limits"] = {{"bias", bias}, {"lower", limits.low}, {"upper", limits.high}};
  }
  out.sentence += ".";
  if (v.ccc) {
    const stats::Estimate& ccc = v.ccc->ccc;
    out.sentence += " Lin's concordance, which is 1 only where both give the same number, is " +
                    r_text(ccc.value) + " (" + r_text(ccc.interval) + ").";
    out.statement["ccc"] = {{"value", ccc.value}, {"low", ccc.interval.low}, {"high", ccc.interval.high}};
  }
  return out;
}

// `what`: within or between.
template <typename Figure>
Finding correlation(const char* what, const std::string& name, const std::string& how,
                    const Maybe<Figure>& figure) {
  if (!figure)
    return {name + " nothing can be said: " + figure.why_not + ".",
            {{"what", std::string(what) + "_unknown"}, {"why", figure.why_not}}};
  const Openness open = openness(figure->interval);
  return {name + " " + how + ": r = " + r_text(figure->r) + " (" + r_text(figure->interval) + "), " +
              p_words(figure->p) + ". " + open.sentence,
          {{"what", what},
           {"r", figure->r},
           {"low", figure->interval.low},
           {"high", figure->interval.high},
           {"p", figure->p},
           {"shows", open.shows}}};
}

void add_repeated(std::vector<Finding>& out, const Validation& v, const RepeatedFigures& repeated) {
  out.push_back({std::to_string(v.n) + " pairs are of " + std::to_string(v.persons) +
                     " persons. A person's sessions are not independent, and within a person the two may "
                     "move otherwise "
                     "than between persons: the pooled r = " +
                     r_text(v.pearson.r) + " mixes both and stands without interval and p.",
                 {{"what", "pooled"}, {"pairs", v.n}, {"persons", v.persons}, {"r", v.pearson.r}}});
  out.push_back(correlation("within", "Within persons", "(rmcorr)", repeated.within));
  out.push_back(correlation("between", "Between persons", "(their means)", repeated.between));
}

}  // namespace

std::vector<Finding> findings(const Validation& v) {
  std::vector<Finding> out;
  if (v.repeated) {
    add_repeated(out, v, *v.repeated);
  } else {
    const stats::Correlation& pearson = v.pearson;
    Finding first{"r = " + r_text(pearson.r) + " over " + std::to_string(v.n) +
                      " pairs, one a person; the true correlation lies from " + r_text(pearson.interval) +
                      " with 95 % confidence; " + p_words(pearson.p),
                  {{"what", "correlation"},
                   {"pairs", v.n},
                   {"r", pearson.r},
                   {"low", pearson.interval.low},
                   {"high", pearson.interval.high},
                   {"p", pearson.p}}};
    if (v.permutation) {
      const stats::Permutation& by = *v.permutation;
      first.sentence += ", by permutation " + p_text(by.p) + " (" + (by.exact ? "all " : "") +
                        html::grouped(by.tried) + (by.exact ? ")" : " drawn)");
      first.statement["permutation"] = {{"p", by.p}, {"tried", by.tried}, {"exact", by.exact}};
    }
    first.sentence += ".";
    out.push_back(std::move(first));
    const Openness open = openness(pearson.interval);
    out.push_back({open.sentence, {{"what", "openness"}, {"shows", open.shows}}});
  }
  out.push_back(agreement(v));
  out.push_back(detectable(v.persons));
  if (v.table.left_out > 0)
    out.push_back({"Rows left out because a value is missing, as asked: " + std::to_string(v.table.left_out) +
                       ". If values are missing for a reason, the figures are shifted by it.",
                   {{"what", "left_out"}, {"rows", v.table.left_out}}});
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

#include <array>
#include <cmath>
#include <cstdarg>
#include <cstdio>

#include "pyro/base/notice.hpp"
#include "pyro/stats/power.hpp"
#include "pyro/validity/report.hpp"
#include "words.hpp"

namespace pyro::validity {
namespace {

[[gnu::format(printf, 1, 2)]] std::string printed(const char* format, ...) {
  std::array<char, 512> line{};
  va_list values;
  va_start(values, format);
  std::vsnprintf(line.data(), line.size(), format, values);
  va_end(values);
  return line.data();
}

std::string pairs_text(std::int64_t pairs) {
  return pairs > 0 ? html::grouped(pairs) : "-";
}

std::string power_lines(std::int64_t n) {
  std::string out =
      printed("\n%8s %16s %12s %12s %18s\n", "true r", ("power of n=" + std::to_string(n)).c_str(),
              "n for 80 %", "n for 90 %", "n for +/- 0.1");
  for (const double r : kPowerRows) {
    const double power = stats::correlation_power(r, n);
    out += printed("%8.1f %16s %12s %12s %18s\n", r,
                   std::isfinite(power) ? (html::fixed(100 * power, 0) + " %").c_str() : "-",
                   pairs_text(stats::pairs_for_power(r, 0.8)).c_str(),
                   pairs_text(stats::pairs_for_power(r, 0.9)).c_str(),
                   pairs_text(stats::pairs_for_width(r, 0.2)).c_str());
  }
  return out;
}

std::string figure(const char* name, const std::string& value, const std::string& more = {}) {
  return printed("  %-24s %10s  %s\n", name, value.c_str(), more.c_str());
}

std::string icc_lines(const char* of, const Maybe<stats::Icc>& icc) {
  if (!icc) return {};
  std::string out;
  for (const auto& [name, form] :
       {std::pair{"ICC(1,1)", &icc->one}, {"ICC(A,1)", &icc->agreement}, {"ICC(C,1)", &icc->consistency}}) {
    out +=
        figure((std::string(name) + " " + of).c_str(), r_text(form->icc.value), r_text(form->icc.interval));
  }
  return out;
}

std::string figures(const Validation& v) {
  const auto p_of = [](double p) { return "  " + p_words(p); };
  std::string out;
  if (v.repeated) {
    const RepeatedFigures& repeated = *v.repeated;
    out += figure("Pearson r, pooled", r_text(v.pearson.r), "no interval: persons repeat");
    if (repeated.within)
      out += figure("within persons, rmcorr", r_text(repeated.within->r),
                    r_text(repeated.within->interval) + p_of(repeated.within->p));
    if (repeated.between)
      out += figure("between persons, r", r_text(repeated.between->r),
                    r_text(repeated.between->interval) + p_of(repeated.between->p));
    if (repeated.mixed) {
      const stats::MixedModel& model = *repeated.mixed;
      out += figure("mixed model, within", html::fixed(model.within.value, 3),
                    points_text(model.within.interval) + p_of(model.within.p));
      out += figure("mixed model, between", html::fixed(model.between.value, 3),
                    points_text(model.between.interval) + p_of(model.between.p));
    }
    out += icc_lines("score", repeated.retest.score) + icc_lines("survey", repeated.retest.survey);
    if (repeated.agreement)
      out += figure("limits of agreement", html::fixed(repeated.agreement->bias, 2),
                    points_text({repeated.agreement->lower, repeated.agreement->upper}));
  } else {
    out += figure("Pearson r", r_text(v.pearson.r), r_text(v.pearson.interval) + p_of(v.pearson.p));
    if (v.permutation) out += figure("p by permutation", p_text(v.permutation->p));
    out += figure("Spearman rho", r_text(v.spearman.r), r_text(v.spearman.interval) + p_of(v.spearman.p));
  }
  if (v.mean_abs_diff) out += figure("mean absolute diff.", html::fixed(*v.mean_abs_diff, 2), "points");
  if (v.bland_altman) {
    const stats::BlandAltman& limits = *v.bland_altman;
    out +=
        figure("bias, score - survey", html::fixed(limits.bias.value, 2), points_text(limits.bias.interval));
    out += figure("lower limit", html::fixed(limits.lower.value, 2), points_text(limits.lower.interval));
    out += figure("upper limit", html::fixed(limits.upper.value, 2), points_text(limits.upper.interval));
  }
  if (v.ccc) out += figure("Lin's CCC", r_text(v.ccc->ccc.value), r_text(v.ccc->ccc.interval));
  return out + icc_lines("", v.icc);
}

std::string groups_text(const Validation& v) {
  if (v.groups.empty()) return {};
  std::string out = printed("\n  %-16s %6s %8s %16s %9s %9s %9s\n", v.table.group.c_str(), "n", "r", "95 %",
                            "p", "p Holm", "p B-H");
  for (const GroupFigures& group : v.groups) {
    out += printed("  %-16s %6zu ", group.name.c_str(), group.n);
    out += group.pearson ? printed("%8s %16s %9s %9s %9s\n", r_text(group.pearson->r).c_str(),
                                   r_text(group.pearson->interval).c_str(), p_text(group.pearson->p).c_str(),
                                   p_text(group.p_holm).c_str(), p_text(group.p_bh).c_str())
                         : group.pearson.why_not + "\n";
  }
  return out;
}

}  // namespace

std::string text_of(const std::vector<Validation>& validations) {
  std::string out;
  for (const Validation& v : validations) {
    out += v.table.score + " against " + v.table.survey +
           (v.table.instrument.empty() ? "" : " (" + v.table.instrument + ")") + ": " + std::to_string(v.n) +
           " pairs of " + std::to_string(v.persons) + " persons, " + v.table.source + "\n" + figures(v);
    if (validations.size() > 1)
      out += figure("p over all comparisons", p_text(v.p_holm), "Holm; Benjamini-Hochberg " + p_text(v.p_bh));
    out += groups_text(v) + "\n";
    for (const Finding& one : findings(v)) out += "- " + one.sentence + "\n";
    out += "\n";
  }
  out += std::string(kWhatRIsNot) + "\n";
  return out + power_lines(static_cast<std::int64_t>(validations.front().persons)) + "\n" + kNotice + "\n";
}

std::string text_of(const Summary& s) {
  std::string out;
  for (const std::string& sentence : findings(s)) out += "- " + sentence + "\n";
  return out + power_lines(s.n) + "\n" + kNotice + "\n";
}

}  // namespace pyro::validity

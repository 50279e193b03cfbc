#include <cmath>

#include "pyro/stats/power.hpp"
#include "pyro/validity/report.hpp"
#include "words.hpp"

namespace pyro::validity {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json{};
}

Json count_or_null(std::int64_t pairs) {
  return pairs > 0 ? Json(pairs) : Json{};
}

Json estimate_json(const stats::Estimate& estimate) {
  return {{"value", number(estimate.value)},
          {"low", number(estimate.interval.low)},
          {"high", number(estimate.interval.high)}};
}

// `pooled`: of pairs that are not independent, which have no interval and no p.
Json correlation_json(const stats::Correlation& correlation, bool pooled = false) {
  Json json{{"n", correlation.n},
            {"r", number(correlation.r)},
            {"low", nullptr},
            {"high", nullptr},
            {"p", nullptr}};
  if (pooled) {
    json["pooled"] = true;
  } else {
    json["low"] = number(correlation.interval.low);
    json["high"] = number(correlation.interval.high);
    json["p"] = number(correlation.p);
  }
  return json;
}

// The figure, or null; why stands under "notes" of the whole.
template <typename T, typename Write>
Json maybe_json(const Maybe<T>& maybe, Write write) {
  return maybe ? write(*maybe) : Json{};
}

Json form_json(const stats::IccForm& form) {
  Json json = estimate_json(form.icc);
  json["f"] = number(form.f);
  json["df1"] = form.df1;
  json["df2"] = form.df2;
  json["p"] = number(form.p);
  return json;
}

Json icc_json(const stats::Icc& icc) {
  return {{"persons", icc.persons},
          {"measurements", icc.measurements},
          {"icc_1_1", form_json(icc.one)},
          {"icc_a_1", form_json(icc.agreement)},
          {"icc_c_1", form_json(icc.consistency)}};
}

Json limits_json(const stats::BlandAltman& limits) {
  return {{"bias", limits.bias.value},
          {"bias_low", limits.bias.interval.low},
          {"bias_high", limits.bias.interval.high},
          {"sd", limits.sd},
          {"lower", limits.lower.value},
          {"lower_low", limits.lower.interval.low},
          {"lower_high", limits.lower.interval.high},
          {"upper", limits.upper.value},
          {"upper_low", limits.upper.interval.low},
          {"upper_high", limits.upper.interval.high}};
}

Json ccc_json(const stats::Concordance& ccc) {
  Json json = estimate_json(ccc.ccc);
  json["precision"] = ccc.precision;
  json["accuracy"] = ccc.accuracy;
  return json;
}

Json effect_json(const stats::Effect& effect) {
  return {{"value", number(effect.value)},
          {"se", number(effect.standard_error)},
          {"low", number(effect.interval.low)},
          {"high", number(effect.interval.high)},
          {"df", effect.df},
          {"p", number(effect.p)}};
}

Json mixed_json(const stats::MixedModel& model) {
  return {{"n", model.n},
          {"persons", model.persons},
          {"intercept", effect_json(model.intercept)},
          {"within", effect_json(model.within)},
          {"between", effect_json(model.between)},
          {"person_variance", model.person_variance},
          {"residual_variance", model.residual_variance},
          {"icc", number(model.icc())}};
}

Json rmcorr_json(const stats::RepeatedCorrelation& within) {
  return {{"n", within.n},
          {"persons", within.persons},
          {"r", within.r},
          {"low", within.interval.low},
          {"high", within.interval.high},
          {"df", within.df},
          {"p", number(within.p)}};
}

Json repeated_json(const RepeatedFigures& repeated) {
  const Retest& retest = repeated.retest;
  return {{"rmcorr", maybe_json(repeated.within, rmcorr_json)},
          {"between", maybe_json(repeated.between, [](const auto& r) { return correlation_json(r); })},
          {"mixed", maybe_json(repeated.mixed, mixed_json)},
          {"agreement", maybe_json(repeated.agreement,
                                   [](const stats::RepeatedAgreement& a) {
                                     return Json{{"bias", a.bias},           {"sd", a.sd},
                                                 {"sd_within", a.sd_within}, {"sd_between", a.sd_between},
                                                 {"lower", a.lower},         {"upper", a.upper}};
                                   })},
          {"retest",
           {{"sessions", retest.sessions},
            {"persons", retest.persons},
            {"persons_without", retest.without},
            {"score", maybe_json(retest.score, icc_json)},
            {"survey", maybe_json(retest.survey, icc_json)}}}};
}

Json group_json(const GroupFigures& group) {
  const auto correlation = [](const auto& r) { return correlation_json(r); };
  Json json{{"group", group.name},
            {"n", group.n},
            {"persons", group.persons},
            {"pearson", maybe_json(group.pearson, correlation)},
            {"spearman", maybe_json(group.spearman, correlation)},
            {"mean_abs_diff", group.mean_abs_diff ? Json(*group.mean_abs_diff) : Json{}},
            {"p_holm", number(group.p_holm)},
            {"p_bh", number(group.p_bh)}};
  if (!group.pearson) json["why_not"] = group.pearson.why_not;
  return json;
}

Json power_json(std::int64_t n) {
  Json table = Json::array();
  for (const double r : kPowerRows) {
    table.push_back({{"r", r},
                     {"power", number(stats::correlation_power(r, n))},
                     {"n_for_80", count_or_null(stats::pairs_for_power(r, 0.8))},
                     {"n_for_90", count_or_null(stats::pairs_for_power(r, 0.9))},
                     {"n_for_width_0_2", count_or_null(stats::pairs_for_width(r, 0.2))}});
  }
  return {{"n", n},
          {"alpha", 0.05},
          {"detectable_80", number(stats::detectable_correlation(n, 0.8))},
          {"table", table}};
}

// Why a figure is null.
Json reasons_json(const Validation& v) {
  Json json = Json::object();
  const auto note = [&](const char* name, const auto& maybe) {
    if (!maybe && !maybe.why_not.empty()) json[name] = maybe.why_not;
  };
  note("permutation_p", v.permutation);
  note("bland_altman", v.bland_altman);
  note("ccc", v.ccc);
  note("icc", v.icc);
  if (v.repeated) {
    note("rmcorr", v.repeated->within);
    note("between", v.repeated->between);
    note("mixed", v.repeated->mixed);
    note("agreement", v.repeated->agreement);
    note("retest_score", v.repeated->retest.score);
    note("retest_survey", v.repeated->retest.survey);
  }
  return json;
}

}  // namespace

Json to_json(const Validation& v) {
  Json sentences = Json::array(), statements = Json::array();
  for (const Finding& one : findings(v)) {
    sentences.push_back(one.sentence);
    statements.push_back(one.statement);
  }
  Json pearson = correlation_json(v.pearson, v.repeats);
  pearson["permutation_p"] = v.permutation ? Json(v.permutation->p) : Json{};
  pearson["permutations"] = v.permutation ? Json(v.permutation->tried) : Json{};
  pearson["exact"] = v.permutation && v.permutation->exact;
  Json line{{"intercept", v.line.intercept.value},
            {"slope", v.line.slope.value},
            {"slope_low", v.repeats ? Json{} : number(v.line.slope.interval.low)},
            {"slope_high", v.repeats ? Json{} : number(v.line.slope.interval.high)}};
  Json groups = Json::array();
  for (const GroupFigures& group : v.groups) groups.push_back(group_json(group));
  return {{"source", v.table.source},
          {"score", v.table.score},
          {"survey", v.table.survey},
          {"instrument", v.table.instrument.empty() ? Json{} : Json(v.table.instrument)},
          {"n", v.n},
          {"persons", v.persons},
          {"left_out", v.table.left_out},
          {"repeated", v.repeats},
          {"confidence", stats::kConfidence},
          {"seed", v.settings.seed},
          {"pearson", std::move(pearson)},
          {"spearman", correlation_json(v.spearman, v.repeats)},
          {"mean_abs_diff", v.mean_abs_diff ? Json(*v.mean_abs_diff) : Json{}},
          {"bland_altman", maybe_json(v.bland_altman, limits_json)},
          {"ccc", maybe_json(v.ccc, ccc_json)},
          {"icc", maybe_json(v.icc, icc_json)},
          {"line", std::move(line)},
          {"repeated_measures", v.repeated ? repeated_json(*v.repeated) : Json{}},
          {"groups", std::move(groups)},
          {"power", power_json(static_cast<std::int64_t>(v.persons))},
          {"why_not", reasons_json(v)},
          {"findings", std::move(sentences)},
          {"statements", std::move(statements)}};
}

Json to_json(const std::vector<Validation>& validations) {
  if (validations.size() == 1) return to_json(validations.front());
  Json comparisons = Json::array();
  for (const Validation& v : validations) {
    Json json = to_json(v);
    json["p"] = number(v.p());
    json["p_holm"] = number(v.p_holm);
    json["p_bh"] = number(v.p_bh);
    comparisons.push_back(std::move(json));
  }
  return {{"comparisons", std::move(comparisons)}};
}

Json to_json(const Summary& s) {
  return {{"n", s.n},
          {"pearson",
           {{"n", s.n}, {"r", s.r}, {"low", s.interval.low}, {"high", s.interval.high}, {"p", number(s.p)}}},
          {"confidence", stats::kConfidence},
          {"n_for_width_0_2", count_or_null(stats::pairs_for_width(s.r, 0.2))},
          {"power", power_json(s.n)},
          {"findings", findings(s)}};
}

}  // namespace pyro::validity

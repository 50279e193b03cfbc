#include <algorithm>
#include <cmath>

#include "page_charts.hpp"
#include "pyro/html/table.hpp"
#include "pyro/stats/power.hpp"
#include "pyro/validity/report.hpp"
#include "words.hpp"

namespace pyro::validity {
namespace {

using html::Cell;

Cell numeric(const std::string& text) {
  Cell cell(text);
  cell.number = true;
  return cell;
}

std::string name_of(const Validation& v) {
  return v.table.score + " against " + v.table.survey;
}

html::Html sentences(const std::vector<std::string>& all) {
  html::Html out;
  for (const std::string& sentence : all) out.markup += html::paragraph(sentence).markup;
  return out;
}

html::Html tiles_of(const Validation& v) {
  std::vector<html::Tile> tiles;
  if (!v.repeated) {
    tiles.push_back(
        {r_text(v.pearson.r), "Pearson r", r_text(v.pearson.interval) + ", " + p_words(v.pearson.p)});
    tiles.push_back({r_text(v.spearman.r), "Spearman rho", r_text(v.spearman.interval)});
  } else {
    const RepeatedFigures& repeated = *v.repeated;
    if (repeated.within)
      tiles.push_back({r_text(repeated.within->r), "r within persons",
                       r_text(repeated.within->interval) + ", " + p_words(repeated.within->p)});
    if (repeated.between)
      tiles.push_back({r_text(repeated.between->r), "r between persons",
                       r_text(repeated.between->interval) + ", " + p_words(repeated.between->p)});
  }
  if (v.mean_abs_diff)
    tiles.push_back({html::fixed(*v.mean_abs_diff, 1), "points apart", "mean absolute difference"});
  if (v.ccc) tiles.push_back({r_text(v.ccc->ccc.value), "Lin's CCC", r_text(v.ccc->ccc.interval)});
  tiles.push_back({html::grouped(static_cast<long long>(v.n)), "pairs",
                   "of " + html::grouped(static_cast<long long>(v.persons)) + " persons"});
  return html::tiles(tiles);
}

void add_icc_rows(html::Table& table, const std::string& of, const Maybe<stats::Icc>& icc) {
  if (!icc) return;
  for (const auto& [name, form] : {std::pair{"ICC(1,1)", &icc->one},
                                   {"ICC(A,1), agreement", &icc->agreement},
                                   {"ICC(C,1), consistency", &icc->consistency}}) {
    table.rows.push_back({name + of, numeric(r_text(form->icc.value)), numeric(r_text(form->icc.interval)),
                          numeric(p_text(form->p))});
  }
}

// Every figure with its interval, in one table.
html::Html figures_table(const Validation& v) {
  html::Table table{"", {"figure", numeric("value"), numeric("95 % interval"), numeric("p")}, {}};
  const auto row = [&table](const std::string& name, const std::string& value, const std::string& interval,
                            const std::string& p) {
    table.rows.push_back({name, numeric(value), numeric(interval), numeric(p)});
  };
  const auto correlation = [&](const std::string& name, const auto& r) {
    row(name, r_text(r.r), r_text(r.interval), p_text(r.p));
  };
  if (v.repeated) {
    const RepeatedFigures& repeated = *v.repeated;
    row("Pearson r, pooled", r_text(v.pearson.r), "none: persons repeat", "–");
    row("Spearman rho, pooled", r_text(v.spearman.r), "none: persons repeat", "–");
    if (repeated.within) correlation("rmcorr, within persons", *repeated.within);
    if (repeated.between) correlation("Pearson r of persons' means", *repeated.between);
    if (repeated.mixed) {
      const stats::MixedModel& model = *repeated.mixed;
      for (const auto& [name, effect] : {std::pair{"mixed model: slope within persons", &model.within},
                                         {"mixed model: slope between persons", &model.between}}) {
        row(name, html::fixed(effect->value, 3),
            html::fixed(effect->interval.low, 3) + " to " + html::fixed(effect->interval.high, 3),
            p_text(effect->p));
      }
      row("mixed model: share of the rest that lies between persons", html::fixed(model.icc(), 2), "–", "–");
    }
    add_icc_rows(table, " of the score, retest", repeated.retest.score);
    add_icc_rows(table, " of the survey, retest", repeated.retest.survey);
    if (repeated.agreement) {
      const stats::RepeatedAgreement& limits = *repeated.agreement;
      row("bias, score − survey", html::fixed(limits.bias, 2), "–", "–");
      row("limits of agreement, repeated",
          html::fixed(limits.lower, 2) + " to " + html::fixed(limits.upper, 2), "–", "–");
    }
  } else {
    correlation("Pearson r", v.pearson);
    if (v.permutation)
      row(v.permutation->exact ? "by all permutations" : "by permutation", "–", "–",
          p_text(v.permutation->p));
    correlation("Spearman rho", v.spearman);
  }
  if (v.mean_abs_diff) row("mean absolute difference, points", html::fixed(*v.mean_abs_diff, 2), "–", "–");
  if (v.bland_altman) {
    for (const auto& [name, estimate] : {std::pair{"bias, score − survey", &v.bland_altman->bias},
                                         {"lower limit of agreement", &v.bland_altman->lower},
                                         {"upper limit of agreement", &v.bland_altman->upper}}) {
      row(name, html::fixed(estimate->value, 2), points_text(estimate->interval), "–");
    }
  }
  if (v.ccc) {
    row("Lin's CCC", r_text(v.ccc->ccc.value), r_text(v.ccc->ccc.interval), "–");
    row("of it accuracy C_b", html::fixed(v.ccc->accuracy, 3), "–", "–");
  }
  add_icc_rows(table, " of score and survey", v.icc);
  return html::table(table);
}

html::Html groups_table(const Validation& v) {
  html::Table table{
      v.repeats ? "r of persons' means in each group" : "",
      {v.table.group, numeric("pairs"), numeric("persons"), numeric("r"), numeric("95 % interval"),
       numeric("p"), numeric("p, Holm"), numeric("p, Benjamini–Hochberg"), numeric("points apart")},
      {}};
  for (const GroupFigures& group : v.groups) {
    std::vector<Cell> cells{group.name, Cell::count(static_cast<long long>(group.n)),
                            Cell::count(static_cast<long long>(group.persons))};
    if (group.pearson) {
      for (const std::string& text : {r_text(group.pearson->r), r_text(group.pearson->interval),
                                      p_text(group.pearson->p), p_text(group.p_holm), p_text(group.p_bh)})
        cells.push_back(numeric(text));
    } else {
      cells.insert(cells.end(),
                   {numeric("–"), Cell(group.pearson.why_not), numeric("–"), numeric("–"), numeric("–")});
    }
    cells.push_back(numeric(group.mean_abs_diff ? html::fixed(*group.mean_abs_diff, 2) : "–"));
    table.rows.push_back(std::move(cells));
  }
  return html::table(table);
}

html::Html power_table(std::int64_t n) {
  html::Table table{"",
                    {numeric("true r"), numeric("power of " + html::grouped(n)), numeric("n for 80 %"),
                     numeric("n for 90 %"), numeric("n for an interval of r ± 0.1")},
                    {}};
  const auto pairs = [](std::int64_t count) { return numeric(count > 0 ? html::grouped(count) : "–"); };
  for (const double r : kPowerRows) {
    const double power = stats::correlation_power(r, n);
    table.rows.push_back({numeric(html::fixed(r, 1)),
                          numeric(std::isfinite(power) ? html::fixed(100 * power, 0) + " %" : "–"),
                          pairs(stats::pairs_for_power(r, 0.8)), pairs(stats::pairs_for_power(r, 0.9)),
                          pairs(stats::pairs_for_width(r, 0.2))});
  }
  return html::table(table);
}

void add_power(html::Page& page, std::int64_t n) {
  page.section("Power and size", "power")
      .add(html::paragraph(
          "The chance that this many persons, one pair each, give p < 0.05 (two-sided) where the true "
          "correlation is r; how many would have a chance of 80 % or 90 %; and how many give an "
          "interval of 0.2 from end to end."))
      .add(power_table(n));
}

void add_comparison(html::Page& page, const Validation& v, const std::string& id) {
  page.section(name_of(v), id).add(tiles_of(v));
  if (v.repeats)
    page.add(html::warning(
        "Persons repeat in this table. Their sessions are not independent, so pooled figures stand "
        "without interval and p; read the rows within and between persons."));
  for (const Finding& one : findings(v)) page.add(html::paragraph(one.sentence));
  std::vector<html::Html> charts{scatter_chart(v)};
  if (v.settings.same_unit) charts.push_back(difference_chart(v));
  page.add(html::beside(charts));
  page.add(figures_table(v));
  if (!v.groups.empty()) page.add(html::subheading("By " + v.table.group)).add(groups_table(v));
  const html::Html trends = trend_charts(v);
  if (!trends.markup.empty()) page.add(html::subheading("Over time, person by person")).add(trends);
}

html::Html overview_table(const std::vector<Validation>& validations) {
  html::Table table{"p is corrected for the number of comparisons",
                    {"comparison", numeric("persons"), numeric("r"), numeric("95 % interval"), numeric("p"),
                     numeric("p, Holm"), numeric("p, Benjamini–Hochberg")},
                    {}};
  for (std::size_t i = 0; i < validations.size(); ++i) {
    const Validation& v = validations[i];
    const stats::RepeatedCorrelation* within =
        v.repeated && v.repeated->within ? &*v.repeated->within : nullptr;
    const std::string interval = within != nullptr ? r_text(within->interval)
                                 : v.repeats       ? "–"
                                                   : r_text(v.pearson.interval);
    table.rows.push_back({Cell(name_of(v), "#comparison-" + std::to_string(i + 1)),
                          Cell::count(static_cast<long long>(v.persons)),
                          numeric(r_text(within != nullptr ? within->r : v.pearson.r)), numeric(interval),
                          numeric(p_text(v.p())), numeric(p_text(v.p_holm)), numeric(p_text(v.p_bh))});
  }
  return html::table(table);
}

html::Html how(const ValidationSettings& settings) {
  return html::paragraph(
      "Intervals hold 95 %. Pearson's by Fisher's z, Spearman's with the width of Bonett and Wright (2000). "
      "Permutations: all of them up to 8 pairs, else " +
      html::grouped(settings.permutations) + " drawn with seed " + std::to_string(settings.seed) +
      ". Limits of agreement after Bland and Altman, their intervals exact for normal differences up to 200 "
      "pairs. "
      "Concordance after Lin (1989, 2000). ICC after McGraw and Wong (1996). Within persons: rmcorr after "
      "Bakdash and "
      "Marusich (2017), and a mixed model with a random intercept (REML) on the person's mean of the score "
      "and the "
      "distance from it.");
}

}  // namespace

html::Page page_of(const std::vector<Validation>& validations) {
  const Validation& first = validations.front();
  html::Page page("Score against questionnaire",
                  first.table.source + (first.table.instrument.empty() ? "" : " · " + first.table.instrument),
                  html::Shows::scores);
  if (validations.size() > 1) page.section("All comparisons", "all").add(overview_table(validations));
  for (std::size_t i = 0; i < validations.size(); ++i)
    add_comparison(page, validations[i], "comparison-" + std::to_string(i + 1));
  add_power(page, static_cast<std::int64_t>(first.persons));
  page.section("How to read it, and how it was computed", "how")
      .add(html::paragraph(kWhatRIsNot))
      .add(how(first.settings));
  return page;
}

html::Page page_of(const Summary& s) {
  html::Page page("What a correlation of " + html::fixed(s.r, 3) + " shows",
                  "a published figure of " + html::grouped(s.n) + " pairs", html::Shows::scores);
  page.section("What it shows, and what it does not", "shows")
      .add(html::tiles({{html::fixed(s.r, 3), "Pearson r", p_words(s.p)},
                        {r_text(s.interval), "95 % interval", "by Fisher's z"},
                        {html::grouped(s.n), "pairs"}}))
      .add(sentences(findings(s)));
  add_power(page, s.n);
  return page;
}

}  // namespace pyro::validity

#include <algorithm>
#include <cmath>

#include "page_pictures.hpp"
#include "pyro/datasets/audit.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/table.hpp"
#include "words.hpp"

namespace pyro::datasets {
namespace {

using html::Cell;

// "94.1 % (89.2 to 98.0)"
Cell estimate_cell(const Estimate& estimate) {
  Cell cell(estimate.n == 0 ? "–"
                            : percent(estimate.value) + " (" + html::fixed(100 * estimate.interval.low, 1) +
                                  " to " + html::fixed(100 * estimate.interval.high, 1) + ")");
  cell.number = true;
  return cell;
}

std::string id_of(const Attribute& attribute) {
  std::string id;
  for (const char c : attribute.name) id += (c >= 'a' && c <= 'z') || c == '_' ? std::string(1, c) : "-";
  return id;
}

// The measures of which anything is known.
std::vector<Measure> measures_of(const Audit& audit) {
  std::vector<Measure> measures;
  for (int m = 0; m < kMeasures; ++m) {
    if (audit.all.estimates[static_cast<std::size_t>(m)].n > 0) measures.push_back(static_cast<Measure>(m));
  }
  return measures;
}

const Estimate& estimate_of(const GroupFigures& group, Measure measure) {
  return group.estimates[static_cast<std::size_t>(measure)];
}

html::Html groups_table(const Audit& audit, const Attribute& attribute) {
  html::Table table{
      "Means with 95 % bootstrap intervals over pictures", {attribute.name, "pictures"}, {}, true};
  for (const Measure measure : measures_of(audit))
    table.header.emplace_back(std::string(text_of(measure).title) + ", %");
  const auto row = [&](const std::string& name, const GroupFigures& group) {
    std::vector<Cell> cells{name, Cell::count(group.pictures)};
    for (const Measure measure : measures_of(audit))
      cells.push_back(estimate_cell(estimate_of(group, measure)));
    table.rows.push_back(std::move(cells));
  };
  for (const GroupFigures& group : attribute.groups) row(group.name, group);
  row("everybody", audit.all);
  return html::table(table);
}

html::Html gaps_table(const Attribute& attribute) {
  html::Table table{"Largest gaps between groups of at least " + std::to_string(kLeastInGroup) + " pictures",
                    {"measure", "highest", "lowest", "gap, points", "95 % interval", "p", "p, corrected"},
                    {}};
  const auto p = [](double value) { return value < 0.01 ? Cell::value(value, 3) : Cell::value(value, 2); };
  for (const Gap& gap : attribute.gaps) {
    table.rows.push_back(
        {std::string(text_of(gap.measure).title), gap.highest, gap.lowest, Cell::value(100 * gap.value, 1),
         html::fixed(100 * gap.interval.low, 1) + " to " + html::fixed(100 * gap.interval.high, 1), p(gap.p),
         p(gap.p_holm)});
  }
  return html::table(table);
}

html::Html measure_chart(const Attribute& attribute, Measure measure) {
  html::BarChart chart{std::string(text_of(measure).title) + ", of " + std::string(text_of(measure).over),
                       {"%", false, 0},
                       {},
                       {{"", {}, {}, {}}},
                       {},
                       {attribute.groups.size() > 6 ? 1040 : 500, 260}};
  html::BarSeries& bars = chart.series.front();
  bars.name = text_of(measure).title;
  for (const GroupFigures& group : attribute.groups) {
    const Estimate& estimate = estimate_of(group, measure);
    chart.categories.push_back(group.name);
    bars.values.push_back(100 * estimate.value);
    bars.low.push_back(100 * estimate.interval.low);
    bars.high.push_back(100 * estimate.interval.high);
  }
  return html::chart(chart);
}

// What was said, in each group: rows are groups, so that each can be read as a whole.
html::Html said_table(const Attribute& attribute, const Audit& audit) {
  html::Table table{"What was said of the usable faces", {attribute.name, "faces"}, {}, true};
  for (std::size_t c = 0; c < records::kClasses; ++c) table.header.emplace_back(class_name(c));
  const auto row = [&](const std::string& name, const GroupFigures& group) {
    std::vector<Cell> cells{name, Cell::count(estimate_of(group, Measure::confidence).n)};
    for (const double share : group.said) cells.push_back(Cell::percent(share));
    table.rows.push_back(std::move(cells));
  };
  for (const GroupFigures& group : attribute.groups) row(group.name, group);
  row("everybody", audit.all);
  return html::table(table);
}

html::Html failures_table(const Attribute& attribute, const Audit& audit) {
  html::Table table{"Pictures without a usable face, by reason", {attribute.name}, {}, true};
  for (const auto& [why, count] : audit.all.failures) table.header.emplace_back(why);
  const auto row = [&](const std::string& name, const GroupFigures& group) {
    std::vector<Cell> cells{name};
    for (const auto& [why, all] : audit.all.failures) {
      const auto own = group.failures.find(why);
      cells.push_back(Cell::count(own == group.failures.end() ? 0 : own->second));
    }
    table.rows.push_back(std::move(cells));
  };
  for (const GroupFigures& group : attribute.groups) row(group.name, group);
  row("everybody", audit.all);
  return html::table(table);
}

void add_overview(html::Page& page, const Audit& audit) {
  page.section("Overview", "overview");
  std::vector<html::Tile> tiles{{html::grouped(audit.all.pictures), "pictures"}};
  for (const Measure measure : measures_of(audit)) {
    const Gap* largest = nullptr;
    const Attribute* where = nullptr;
    for (const Attribute& attribute : audit.attributes) {
      const auto gap = std::ranges::find(attribute.gaps, measure, &Gap::measure);
      if (gap == attribute.gaps.end() || (largest != nullptr && gap->value <= largest->value)) continue;
      largest = &*gap;
      where = &attribute;
    }
    if (largest == nullptr) continue;
    tiles.push_back({html::fixed(100 * largest->value, 1) + " points",
                     "largest gap: " + std::string(text_of(measure).title),
                     where->name + ": " + largest->highest + " above " + largest->lowest,
                     largest->p_holm < 0.05 ? html::Tint::warning : html::Tint::accent});
  }
  page.add(html::tiles(tiles));
  for (const std::string& warning : audit.warnings) page.add(html::warning(warning));
  page.add(
      html::paragraph("A gap is the difference between the groups with the highest and the lowest mean. Its "
                      "interval is that of the "
                      "difference between these two; since they were picked for being far apart, p says how "
                      "often a random deal of "
                      "the same pictures to groups of these sizes gives a gap as large. Corrected: also for "
                      "the number of gaps on this "
                      "page (Holm). A gap that is not significant is not shown to be absent: the intervals "
                      "say how large it could be."
                      " An interval from 100 to 100 % only says that none of these pictures failed: of n "
                      "pictures without a failure, "
                      "up to 3 in n may fail."));
}

void add_attribute(html::Page& page, const Audit& audit, const Attribute& attribute) {
  page.section(attribute.name, id_of(attribute));
  if (attribute.not_told > 0)
    page.add(html::paragraph(html::grouped(attribute.not_told) +
                             " pictures do not tell it and are left out here."));
  page.add(groups_table(audit, attribute));
  if (!attribute.gaps.empty()) page.add(gaps_table(attribute));
  std::vector<html::Html> charts;
  for (const Measure measure : measures_of(audit)) {
    // Shares of nearly all are told by the table; what differs between groups is worth a picture.
    if (measure == Measure::accuracy || measure == Measure::confidence || measure == Measure::negative) {
      charts.push_back(measure_chart(attribute, measure));
    }
  }
  page.add(html::beside(charts));
  page.add(said_table(attribute, audit));
  if (!audit.all.failures.empty()) page.add(failures_table(attribute, audit));
}

void add_failures(html::Page& page, const Audit& audit, const std::vector<Item>& items,
                  const std::vector<Prediction>& predictions, int most) {
  if (audit.all.failures.empty()) return;
  page.section("Faces that were not usable", "failures");
  for (const auto& [why, count] : audit.all.failures) {
    std::vector<html::Picture> pictures;
    for (std::size_t i = 0; i < items.size() && std::ssize(pictures) < most; ++i) {
      const std::string& reason = predictions[i].missed_because;
      if (predictions[i].label != kMissed || (reason.empty() ? "not told" : reason) != why) continue;
      html::Picture picture = picture_of(items[i], false);
      picture.badge.clear();
      picture.caption.clear();
      for (const Group& group : items[i].groups)
        picture.caption += (picture.caption.empty() ? "" : ", ") + group.value;
      picture.title = items[i].name;
      pictures.push_back(std::move(picture));
    }
    const auto shown = static_cast<long long>(pictures.size());
    page.add(html::folded(why + " · " + html::grouped(count) +
                              (shown < count ? ", the first " + html::grouped(shown) : std::string()),
                          html::picture_grid(pictures, 84)));
  }
}

}  // namespace

html::Page audit_page(const Audit& audit, const std::vector<Item>& items,
                      const std::vector<Prediction>& predictions, int most) {
  html::Page page("Fairness audit of " + audit.model,
                  html::grouped(audit.all.pictures) + " pictures of " + audit.set + ", head " + audit.head +
                      (audit.labelled ? "" : ", expressions not told") + ", seed " +
                      std::to_string(audit.seed),
                  html::Shows::scores);
  add_overview(page, audit);
  for (const Attribute& attribute : audit.attributes) add_attribute(page, audit, attribute);
  add_failures(page, audit, items, predictions, most);
  return page;
}

}  // namespace pyro::datasets

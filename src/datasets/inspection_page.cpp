#include <algorithm>

#include "page_pictures.hpp"
#include "pyro/datasets/inspect.hpp"
#include "pyro/datasets/random.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/pictures.hpp"
#include "pyro/html/table.hpp"

namespace pyro::datasets {
namespace {

using html::Cell;

std::string shown_split(const std::string& split) {
  return split.empty() ? "(no split)" : split;
}

html::Html counts_table(const Inspection& seen) {
  html::Table table{"", {"class"}, {}, true};
  for (const SplitCounts& split : seen.splits) table.header.emplace_back(shown_split(split.name));
  if (seen.splits.size() > 1) table.header.emplace_back("all");
  table.header.emplace_back("share");
  const auto row = [&](const std::string& name, auto count) {
    std::vector<Cell> cells{name};
    std::int64_t all = 0;
    for (const SplitCounts& split : seen.splits) {
      cells.push_back(Cell::count(count(split)));
      all += count(split);
    }
    if (seen.splits.size() > 1) cells.push_back(Cell::count(all));
    cells.push_back(Cell::percent(static_cast<double>(all) /
                                  static_cast<double>(std::max<std::int64_t>(1, seen.pictures))));
    table.rows.push_back(std::move(cells));
  };
  for (std::size_t c = 0; c < records::kClasses; ++c)
    row(class_name(c), [c](const SplitCounts& split) { return split.classes[c]; });
  row("all", [](const SplitCounts& split) { return split.pictures; });
  return html::table(table);
}

html::Html counts_chart(const Inspection& seen) {
  html::BarChart chart{"", {"pictures"}, {}, {}, {}, {620, 300}};
  for (std::size_t c = 0; c < records::kClasses; ++c) {
    chart.categories.push_back(class_name(c));
    if (seen.splits.size() == 1) chart.category_tints.push_back(html::emotion_tint(static_cast<int>(c)));
  }
  for (std::size_t s = 0; s < seen.splits.size(); ++s) {
    const SplitCounts& split = seen.splits[s];
    chart.series.push_back({shown_split(split.name),
                            {split.classes.begin(), split.classes.end()},
                            {},
                            {},
                            html::series_tint(s)});
  }
  return html::chart(chart);
}

html::Html twins_table(const Inspection& seen) {
  html::Table table{"",
                    {"", "groups", "pictures in them", "groups across classes", "pictures in those",
                     "groups across splits"},
                    {}};
  const auto row = [&](const char* name, const GroupCounts& counts) {
    table.rows.push_back({name, Cell::count(counts.groups), Cell::count(counts.pictures),
                          Cell::count(counts.across_classes), Cell::count(counts.pictures_across_classes),
                          Cell::count(counts.across_splits)});
  };
  row("same pixels", seen.exact);
  row("nearly the same", seen.near);
  return html::table(table);
}

html::Html leaks_table(const Inspection& seen) {
  html::Table table{
      "", {"pictures of", "that are also in", "same pixels", "nearly the same", "persons in both"}, {}};
  for (const Leak& leak : seen.leaks) {
    table.rows.push_back({shown_split(leak.other), shown_split(leak.split), Cell::count(leak.exact),
                          Cell::count(leak.near), Cell::count(leak.persons)});
  }
  return html::table(table);
}

class PageMaker {
 public:
  PageMaker(html::Page& page, const std::vector<Item>& items, const PageOptions& options)
      : page_(page), items_(items), options_(options) {}

  // A section of those groups that `wanted` picks; none where there are none.
  void groups(const std::string& title, const std::string& id, const std::string& text,
              const std::vector<Members>& all, bool (*wanted)(const std::vector<Item>&, const Members&)) {
    std::vector<const Members*> picked;
    for (const Members& group : all) {
      if (wanted(items_, group)) picked.push_back(&group);
    }
    if (picked.empty()) return;
    const std::size_t shown = std::min(picked.size(), static_cast<std::size_t>(options_.most_groups));
    page_.section(title, id).add(html::paragraph(text));
    std::vector<std::vector<html::Picture>> boxes;
    for (std::size_t g = 0; g < shown; ++g) {
      const Members& group = *picked[g];
      boxes.emplace_back();
      constexpr std::size_t kMost = 12;
      for (std::size_t i = 0; i < std::min(group.size(), kMost); ++i)
        boxes.back().push_back(picture_of(items_[group[i]], true));
    }
    page_.add(html::picture_groups(boxes, 64));
    if (shown < picked.size()) {
      page_.add(html::paragraph("The first " + html::grouped(static_cast<long long>(shown)) + " of " +
                                html::grouped(static_cast<long long>(picked.size())) +
                                " groups; all of them are in the answer of --json."));
    }
  }

  void sheets() {
    page_.section("Contact sheets", "sheets")
        .add(html::paragraph("Pictures of each class, drawn at random: does the label say what one sees?"));
    for (std::size_t c = 0; c < records::kClasses; ++c) {
      std::vector<std::size_t> of;
      for (std::size_t i = 0; i < items_.size(); ++i) {
        if (static_cast<std::size_t>(items_[i].label) == c) of.push_back(i);
      }
      if (of.empty()) continue;
      const auto all = static_cast<long long>(of.size());
      Random random(mix(options_.seed, c));
      shuffle(std::span(of), random);
      of.resize(std::min(of.size(), static_cast<std::size_t>(options_.sheet)));
      std::ranges::sort(of);
      std::vector<html::Picture> pictures;
      pictures.reserve(of.size());
      for (const std::size_t i : of) pictures.push_back(picture_of(items_[i], true));
      page_.add(html::subheading(class_name(c) + " · " +
                                     html::grouped(static_cast<long long>(pictures.size())) + " of " +
                                     html::grouped(all),
                                 "class-" + class_name(c)));
      page_.add(html::picture_grid(pictures, 72));
    }
  }

 private:
  html::Page& page_;
  const std::vector<Item>& items_;
  const PageOptions& options_;
};

void add_people(html::Page& page, const Inspection& seen) {
  if (seen.persons == 0 && seen.groups.empty()) return;
  page.section("People", "people");
  if (seen.persons > 0) {
    page.add(html::paragraph(html::grouped(seen.persons) + " persons are known; " +
                             html::grouped(seen.without_person) + " pictures tell none."));
    if (!seen.leaking_persons.empty()) {
      std::string names;
      constexpr std::size_t kMost = 40;
      for (std::size_t i = 0; i < std::min(kMost, seen.leaking_persons.size()); ++i)
        names.append(i > 0 ? ", " : "").append(seen.leaking_persons[i]);
      if (seen.leaking_persons.size() > kMost) names += ", …";
      page.add(html::warning(html::grouped(static_cast<long long>(seen.leaking_persons.size())) +
                             " persons stand in more than one split: " + names));
    }
  }
  std::vector<html::Html> tables;
  for (const auto& [column, values] : seen.groups) {
    html::Table table{"", {column, "pictures"}, {}};
    for (const auto& [value, count] : values) table.rows.push_back({value, Cell::count(count)});
    tables.push_back(html::table(table));
  }
  page.add(html::beside(tables));
}

// Of the leaks into the smaller of two splits (the one that is judged on) that with most exact twins.
const Leak* worst_leak(const Inspection& seen) {
  const auto pictures = [&](const std::string& name) {
    return std::ranges::find(seen.splits, name, &SplitCounts::name)->pictures;
  };
  const Leak* worst = nullptr;
  for (const Leak& leak : seen.leaks) {
    if (pictures(leak.other) <= pictures(leak.split) && (worst == nullptr || leak.exact > worst->exact))
      worst = &leak;
  }
  return worst;
}

bool within_class_and_split(const std::vector<Item>& items, const Members& group) {
  return !across_classes(items, group) && !across_splits(items, group);
}

bool only_across_splits(const std::vector<Item>& items, const Members& group) {
  return !across_classes(items, group) && across_splits(items, group);
}

}  // namespace

html::Page inspection_page(const std::string& title, const Inspection& seen, const std::vector<Item>& items,
                           const Twins& twins, const PageOptions& options) {
  html::Page page(title, html::grouped(seen.pictures) + " labelled pictures", html::Shows::scores);
  const Leak* worst = worst_leak(seen);
  const auto tint = [](std::int64_t bad) { return bad > 0 ? html::Tint::warning : html::Tint::good; };
  std::vector<html::Tile> tiles{{html::grouped(seen.pictures), "pictures"},
                                {html::grouped(seen.distinct), "different pictures"},
                                {html::grouped(seen.exact.across_classes), "pictures in several classes",
                                 "same pixels, other label", tint(seen.exact.across_classes)},
                                {html::grouped(seen.near.across_classes), "near twins in several classes",
                                 "groups", tint(seen.near.across_classes)}};
  if (worst != nullptr) {
    tiles.push_back({html::grouped(worst->exact), "exact twins across splits",
                     "pictures of " + shown_split(worst->other) + " that are in " + shown_split(worst->split),
                     tint(worst->exact)});
  }
  if (seen.broken > 0) tiles.push_back({html::grouped(seen.broken), "unreadable", "", html::Tint::warning});
  page.section("Overview", "overview").add(html::tiles(tiles));
  page.add(html::beside({counts_table(seen), counts_chart(seen)}));
  add_people(page, seen);
  page.section("Twins", "twins");
  page.add(html::paragraph(
      "Pictures that occur more than once. Same pixels: equal after decoding. Nearly the same: close in "
      "their perceptual "
      "hash and alike at low resolution, so another cut, size or compression of one photograph."));
  page.add(twins_table(seen));
  if (!seen.leaks.empty()) {
    page.add(
        html::warning("Figures measured on one split are flattered by what was learnt from its twins in "
                      "another: leave them out."));
    page.add(leaks_table(seen));
  }
  PageMaker maker(page, items, options);
  maker.groups("One picture, several classes", "conflicts",
               "The same pixels under different labels: at most one of them can be right.", twins.exact,
               across_classes);
  maker.groups("Exact twins across splits", "across-splits",
               "The same pixels and the same label in several splits.", twins.exact, only_across_splits);
  maker.groups("Near twins, several classes", "near-conflicts", "One photograph under different labels.",
               twins.near, across_classes);
  maker.groups("Near twins across splits", "near-across-splits",
               "One photograph, the same label, several splits.", twins.near, only_across_splits);
  maker.groups("Near twins within a class", "near-within", "One photograph several times.", twins.near,
               within_class_and_split);
  maker.sheets();
  if (!twins.broken.empty()) {
    html::Table table{"", {"file", "why"}, {}};
    for (const Broken& broken : twins.broken)
      table.rows.push_back({items[broken.item].name, broken.error.text()});
    page.section("Unreadable", "unreadable").add(html::table(table));
  }
  return page;
}

}  // namespace pyro::datasets

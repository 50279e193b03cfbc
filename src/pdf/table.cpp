// Tables: columns as wide as they need or can have, rows that go over to the next sheet with their heading.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "setter.hpp"

namespace pyro::pdf {
namespace {

constexpr double kInsetY = 2.6;
// Left and right of a cell's words, in sizes of its letters.
constexpr double kCellInset = 0.65;

struct CellSource {
  std::string words;
  bool number, bold, heading;
  int target;  // the anchor that it leads to; 0: none
};
using RowSource = std::vector<CellSource>;

struct Columns {
  double font = 8.5;
  std::vector<double> widths;  // with the insets
};

// The largest letters at which no word must be broken.
template <typename StyleOf>
Columns columns_of(const std::vector<RowSource>& rows, double width, const StyleOf& style_of) {
  Columns columns;
  std::size_t count = 0;
  for (const RowSource& row : rows) count = std::max(count, row.size());
  if (count == 0) return columns;
  for (const double font : {8.5, 7.5, 6.5, 5.5}) {
    std::vector<double> natural(count, 0), least(count, 0);
    // One unbroken word (a path, a checksum) may not take all the width.
    const double longest_word = width / std::min(3.0, static_cast<double>(count));
    for (const RowSource& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        const Style style = style_of(row[i], font);
        const double wide = Text::natural_width(row[i].words, style) + 2 * kCellInset * font;
        natural[i] = std::max(natural[i], wide);
        const double narrow = row[i].number && !row[i].heading
                                  ? wide
                                  : Text::least_width(row[i].words, style) + 2 * kCellInset * font;
        least[i] = std::max(least[i], std::min(narrow, longest_word));
      }
    }
    columns.font = font;
    const double wanted = std::accumulate(natural.begin(), natural.end(), 0.0);
    const double needed = std::accumulate(least.begin(), least.end(), 0.0);
    columns.widths = natural;
    if (wanted <= width) return columns;
    // What is left beyond the least goes to the columns by what they lack.
    const double share = (width - needed) / std::max(wanted - needed, 1e-9);
    for (std::size_t i = 0; i < count; ++i) columns.widths[i] = least[i] + share * (natural[i] - least[i]);
    if (needed <= width) return columns;
    for (std::size_t i = 0; i < count; ++i) columns.widths[i] = least[i] * width / needed;
  }
  return columns;
}

struct Row {
  std::vector<Text> texts;
  std::vector<CellSource> cells;
  std::vector<double> widths;
  Colour link;
  int lines = 1;
  double pitch = 0, inset = 0;

  void draw(cairo_t* cairo, double x, double y, int first, int count) const {
    cairo_tag_begin(cairo, "TR", nullptr);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const char* tag = cells[i].heading ? "TH" : "TD";
      cairo_tag_begin(cairo, tag, nullptr);
      const bool leads = cells[i].target > 0 && first < texts[i].lines();  // cairo wants no empty link
      if (leads) begin_link(cairo, cells[i].target);
      if (first < texts[i].lines()) texts[i].draw(cairo, x + inset, y + kInsetY, first, count);
      if (leads) end_link(cairo);
      cairo_tag_end(cairo, tag);
      x += widths[i];
    }
    cairo_tag_end(cairo, "TR");
  }
};

}  // namespace

Boxes Setter::caption_of(const xmlNode* table, double width) {
  const auto captions = children(table, "caption");
  if (captions.empty()) return {};
  Boxes boxes = lines(Text(text(captions.front()), style(8.5, "soft"), width), 10, "P");
  for (Box& box : boxes) box.with_next = true;
  return boxes;
}

Boxes Setter::table(const xmlNode* table, double width) {
  std::vector<RowSource> sources;
  std::vector<bool> totals;
  const auto heads = children(table, "thead");
  std::size_t head_rows = 0;
  for (const xmlNode* part : children(table)) {
    if (!is(part, "thead") && !is(part, "tbody")) continue;
    for (const xmlNode* row : children(part, "tr")) {
      RowSource source;
      for (const xmlNode* cell : children(row)) {
        const xmlNode* link = find(cell, "a");
        const std::string to = link != nullptr ? attribute(link, "href") : "";
        const auto found = to.starts_with('#') ? anchors_.find(to.substr(1)) : anchors_.end();
        source.push_back({text(cell), has_class(cell, "n"), has_class(row, "total") || is(cell, "th"),
                          is(cell, "th"), found == anchors_.end() ? 0 : found->second});
      }
      if (source.empty()) continue;
      head_rows += is(part, "thead") ? 1 : 0;
      sources.push_back(std::move(source));
      totals.push_back(has_class(row, "total"));
    }
  }
  const auto style_of = [&](const CellSource& cell, double font) {
    Style one = style(font, cell.target > 0 ? "accent" : "ink", cell.bold);
    one.pitch = 1.3;
    if (cell.number) one.align = Align::right;
    return one;
  };
  const Columns columns = columns_of(sources, width, style_of);
  const double wide = std::accumulate(columns.widths.begin(), columns.widths.end(), 0.0);
  Boxes boxes = caption_of(table, width);
  const Colour line = theme_.colour("rule");
  const int group = new_group();
  std::shared_ptr<const Box> head;
  for (std::size_t r = 0; r < sources.size(); ++r) {
    auto row = std::make_shared<Row>();
    const bool heading = r < head_rows, total = totals[r];
    row->inset = kCellInset * columns.font;
    for (std::size_t i = 0; i < sources[r].size(); ++i) {
      const Style one = style_of(sources[r][i], columns.font);
      row->texts.emplace_back(sources[r][i].words, one, columns.widths[i] - 2 * row->inset);
      row->lines = std::max(row->lines, row->texts.back().lines());
      row->pitch = std::max(row->pitch, row->texts.back().pitch());
    }
    row->cells = std::move(sources[r]);
    row->widths = columns.widths;
    // A row of many lines goes over several sheets.
    const int at_once = std::max(
        1, static_cast<int>((tallest_ * (heading ? 0.25 : 0.5) - 2 * kInsetY) / std::max(row->pitch, 1.0)));
    for (int first = 0; first < row->lines; first += at_once) {
      const int count = std::min(at_once, row->lines - first);
      const bool last = first + count >= row->lines;
      Box box;
      box.height = count * row->pitch + 2 * kInsetY;
      box.space = boxes.empty() ? 8 : r == 0 && first == 0 ? 2 : 0;
      box.tag = "Table";
      box.group = group;
      box.head = head;
      box.draw = [row, first, count, last, heading, line, wide, total, high = box.height](
                     cairo_t* cairo, double x, double y) {
        if (total) rule(cairo, line, x, y, wide, 1.2);
        row->draw(cairo, x, y, first, count);
        if (last) rule(cairo, line, x, y + high, wide, heading ? 1.2 : 0.5);
      };
      const bool before_total = r + 1 < sources.size() && totals[r + 1];
      box.with_next = heading || (last && before_total);
      boxes.push_back(std::move(box));
    }
    if (heading && head_rows == 1 && row->lines <= at_once) head = std::make_shared<const Box>(boxes.back());
  }
  return boxes;
}

Boxes Setter::matrix(const xmlNode* table, double width) {
  struct Field {
    Text count, share;
    double shade;
    bool hit;
  };
  struct Line {
    Text name;
    std::vector<Field> fields;
  };
  const auto heads = children(table, "thead"), bodies = children(table, "tbody");
  if (heads.empty() || bodies.empty()) return {};
  std::vector<std::string> columns;
  for (const xmlNode* row : children(heads.front(), "tr"))
    for (const xmlNode* cell : children(row)) columns.push_back(text(cell));
  if (columns.empty()) return {};
  double names = Text::natural_width(columns.front(), style(7.5, "ink", true));
  for (const xmlNode* row : children(bodies.front(), "tr")) {
    const auto cells = children(row, "th");
    if (!cells.empty())
      names = std::max(names, Text::natural_width(text(cells.front()), style(7.5, "ink", true)));
  }
  names = std::min(names + 8, width / 3);
  const auto fields = static_cast<double>(std::max<std::size_t>(1, columns.size() - 1));
  const double wide = std::min(52.0, (width - names) / fields), high = std::clamp(wide * 0.56, 12.0, 28.0);
  const double font = std::clamp(wide / 6, 4.0, 8.5);
  const Colour heat = theme_.colour("heat"), outline = theme_.colour("soft");
  const int group = new_group();

  auto head = std::make_shared<std::vector<Text>>();
  Style bold = style(std::min(7.5, font), "ink", true);
  bold.pitch = 1.2;
  bold.most_lines = 3;
  double head_high = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    Style one = bold;
    one.align = i == 0 ? Align::right : Align::centre;
    head->emplace_back(columns[i], one, i == 0 ? names - 8 : wide - 2);
    head_high = std::max(head_high, head->back().height());
  }
  Boxes boxes = caption_of(table, width);
  Box top;
  top.height = head_high + 4;
  top.space = boxes.empty() ? 8 : 2;
  top.with_next = true;
  top.tag = "Table";
  top.group = group;
  top.draw = [head, names, wide](cairo_t* cairo, double x, double y) {
    cairo_tag_begin(cairo, "TR", nullptr);
    for (std::size_t i = 0; i < head->size(); ++i) {
      cairo_tag_begin(cairo, "TH", nullptr);
      (*head)[i].draw(cairo, i == 0 ? x : x + names + wide * static_cast<double>(i - 1) + 1, y);
      cairo_tag_end(cairo, "TH");
    }
    cairo_tag_end(cairo, "TR");
  };
  const auto head_box = std::make_shared<const Box>(top);
  boxes.push_back(std::move(top));
  for (const xmlNode* row : children(bodies.front(), "tr")) {
    Style right = bold;
    right.align = Align::right;
    const auto cells = children(row, "th");
    auto line =
        std::make_shared<Line>(Line{Text(cells.empty() ? "" : text(cells.front()), right, names - 8), {}});
    for (const xmlNode* cell : children(row, "td")) {
      const std::string value = attribute(cell, "style");
      const auto at = value.find("--v:");
      const double shade = at == std::string::npos ? 0 : std::atof(value.c_str() + at + 4);
      Style one = style(font);
      one.align = Align::centre;
      one.pitch = 1.15;
      if (has_class(cell, "hot")) one.colour = {1, 1, 1};
      Style small = one;
      small.size = font * 0.78;
      const xmlNode* share = find(cell, "small");
      const std::string percent = share != nullptr ? text(share) : "";
      std::string count = text(cell);
      if (count.ends_with(percent)) count.resize(count.size() - percent.size());
      line->fields.push_back(
          {Text(count, one, wide - 2), Text(percent, small, wide - 2), shade, has_class(cell, "hit")});
    }
    Box box;
    box.height = std::max(high, line->name.height() + 2);
    box.tag = "Table";
    box.group = group;
    box.head = head_box;
    box.draw = [line, names, wide, heat, outline, tall = box.height](cairo_t* cairo, double x, double y) {
      cairo_tag_begin(cairo, "TR", nullptr);
      cairo_tag_begin(cairo, "TH", nullptr);
      line->name.draw(cairo, x, y + (tall - line->name.height()) / 2);
      cairo_tag_end(cairo, "TH");
      double at = x + names;
      for (const Field& field : line->fields) {
        fill(cairo, heat.faint(field.shade * 0.97 + 0.03), at + 0.75, y + 0.75, wide - 1.5, tall - 1.5);
        if (field.hit) {
          outline.use(cairo);
          cairo_set_line_width(cairo, 0.75);
          cairo_rectangle(cairo, at + 2, y + 2, wide - 4, tall - 4);
          cairo_stroke(cairo);
        }
        cairo_tag_begin(cairo, "TD", nullptr);
        const double up = (tall - field.count.height() - field.share.height()) / 2;
        field.count.draw(cairo, at + 1, y + up);
        field.share.draw(cairo, at + 1, y + up + field.count.height());
        cairo_tag_end(cairo, "TD");
        at += wide;
      }
      cairo_tag_end(cairo, "TR");
    };
    boxes.push_back(std::move(box));
  }
  return boxes;
}

}  // namespace pyro::pdf

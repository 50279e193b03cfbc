#include "setter.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::pdf {
namespace {

void gather_anchors(const xmlNode* element, std::map<std::string, int>& anchors) {
  if (is(element, "section") || is(element, "h3")) {
    if (const std::string id = attribute(element, "id"); !id.empty())
      anchors.try_emplace(id, static_cast<int>(anchors.size()) + 1);
  }
  for (const xmlNode* one : children(element)) gather_anchors(one, anchors);
}

// Text that stands in the element itself, not in elements inside it.
bool has_own_text(const xmlNode* element) {
  for (const xmlNode* one = element->children; one != nullptr; one = one->next) {
    if (one->type == XML_TEXT_NODE && !text(one).empty()) return true;
  }
  return false;
}

void append(Boxes& to, Boxes more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

void rule(cairo_t* cairo, const Colour& colour, double x, double y, double width, double thickness) {
  fill(cairo, colour, x, y - thickness / 2, width, thickness);
}

void fill(cairo_t* cairo, const Colour& colour, double x, double y, double width, double height) {
  colour.use(cairo);
  cairo_rectangle(cairo, x, y, width, height);
  cairo_fill(cairo);
}

Setter::Setter(const Theme& theme, const xmlNode* body, double tallest) : theme_(theme), tallest_(tallest) {
  gather_anchors(body, anchors_);
}

Style Setter::style(double size, const char* colour, bool bold) const {
  Style style;
  style.size = size;
  style.bold = bold;
  style.colour = theme_.colour(colour);
  return style;
}

int Setter::anchor_of(const xmlNode* element) {
  const auto found = anchors_.find(attribute(element, "id"));
  return found != anchors_.end() && placed_.insert(found->second).second ? found->second : 0;
}

std::vector<int> Setter::lost_anchors() const {
  std::vector<int> lost;
  for (const auto& [id, anchor] : anchors_)
    if (!placed_.contains(anchor)) lost.push_back(anchor);
  return lost;
}

Boxes Setter::lines(const Text& text, double space, const std::string& tag, double indent) {
  Boxes boxes;
  const int count = text.lines(), group = new_group();
  for (int line = 0; line < count; ++line) {
    Box box;
    box.height = text.pitch();
    box.space = line == 0 ? space : 0;
    box.tag = tag;
    box.group = group;
    box.with_next = count > 1 && (line == 0 || line == count - 2);
    box.draw = [text, line, indent](cairo_t* cairo, double x, double y) {
      text.draw(cairo, x + indent, y, line, 1);
    };
    boxes.push_back(std::move(box));
  }
  return boxes;
}

Boxes Setter::title(const xmlNode* header, double width) {
  Boxes boxes;
  for (const xmlNode* one : children(header)) {
    if (is(one, "h1")) {
      Style large = style(20, "ink", true);
      large.pitch = 1.2;
      append(boxes, lines(Text(text(one), large, width), 0, "H1"));
    } else if (is(one, "p")) {
      append(boxes, lines(Text(text(one), style(kBody, "soft"), width), 4, "P"));
    }  // the links to the sections are bookmarks here
  }
  return boxes;
}

Result<Boxes> Setter::inside(const xmlNode* element, double width) {
  Boxes boxes;
  if (element == nullptr) return boxes;
  for (const xmlNode* one : children(element)) {
    Result<Boxes> more = this->element(one, width);
    if (!more) return more;
    // A short word on what follows goes with the heading above it.
    const bool under_heading = !boxes.empty() && boxes.back().tag.starts_with('H');
    if (under_heading && is(one, "p") && more->size() <= 4 && !more->empty()) more->back().with_next = true;
    append(boxes, std::move(*more));
  }
  return boxes;
}

Result<Boxes> Setter::element(const xmlNode* one, double width) {
  if (is(one, "section")) return section(one, width);
  if (is(one, "h2") || is(one, "h3")) return heading(one, width);
  if (is(one, "pre")) return verbatim(one, width);
  if (is(one, "details")) return folded(one, width);
  if (is(one, "table")) return has_class(one, "matrix") ? matrix(one, width) : table(one, width);
  if (is(one, "figure")) return has_class(one, "chart") ? chart(one, width) : picture(one, width);
  if (is(one, "ul") && has_class(one, "pictures")) return picture_grid(one, width, 0);
  if (is(one, "div")) {
    if (has_class(one, "warn")) return warning(one, width);
    if (has_class(one, "beside")) return beside(one, width);
    if (has_class(one, "tiles")) return tiles(one, width);
    if (has_class(one, "picture-groups")) return picture_groups(one, width);
    if (!has_own_text(one)) return inside(one, width);
  }
  // Whatever else there may be is shown as its text: nothing on the page is silently missing on paper.
  const std::string words = text(one);
  return words.empty() ? Boxes{} : paragraph(words, width);
}

Result<Boxes> Setter::section(const xmlNode* section, double width) {
  Result<Boxes> boxes = inside(section, width);
  if (!boxes) return boxes;
  const auto first = std::ranges::find_if(*boxes, [](const Box& box) { return !box.between; });
  if (first != boxes->end() && first->anchor == 0) first->anchor = anchor_of(section);
  return boxes;
}

Boxes Setter::heading(const xmlNode* heading, double width) {
  const bool large = is(heading, "h2");
  const std::string words = text(heading);
  Style bold = style(large ? 14 : 11, "ink", true);
  bold.pitch = 1.25;
  Boxes boxes;
  if (large) {  // a line between sections
    Box across;
    across.space = 16;
    across.height = 11;
    across.with_next = true;
    across.between = true;
    across.draw = [width, colour = theme_.colour("rule")](cairo_t* cairo, double x, double y) {
      rule(cairo, colour, x, y, width, 0.75);
    };
    boxes.push_back(std::move(across));
  }
  Boxes text = lines(Text(words, bold, width), large ? 0 : 12, large ? "H2" : "H3");
  for (Box& box : text) box.with_next = true;
  if (large) text.front().bookmark = words;
  text.front().anchor = anchor_of(heading);
  append(boxes, std::move(text));
  return boxes;
}

Boxes Setter::paragraph(const std::string& text, double width) {
  // As on the page, a line of text is not longer than the eye follows.
  return lines(Text(text, style(kBody), std::min(width, 430.0)), 6, "P");
}

Boxes Setter::warning(const xmlNode* box, double width) {
  constexpr double kInset = 11, kPadding = 5;
  const Text words(text(box), style(kBody), std::min(width, 455.0) - kInset - 8);
  Boxes boxes = lines(words, 12, "P", kInset);
  const Colour colour = theme_.colour("warning");
  for (Box& line : boxes) {
    const bool first = &line == &boxes.front(), last = &line == &boxes.back();
    const double above = first ? kPadding : 0, high = words.pitch() + above + (last ? kPadding : 0);
    line.height = high;
    line.draw = [text = line.draw, above, high, colour, wide = std::min(width, 455.0)](cairo_t* cairo,
                                                                                       double x, double y) {
      fill(cairo, colour.faint(0.07), x, y, wide, high);
      fill(cairo, colour, x, y, 3, high);
      text(cairo, x, y + above);
    };
  }
  return boxes;
}

Boxes Setter::verbatim(const xmlNode* pre, double width) {
  constexpr double kInset = 8, kPadding = 5;
  Style fixed = style(7.5);
  fixed.mono = true;
  const Text words(raw_text(pre), fixed, width - 2 * kInset);
  Boxes boxes = lines(words, 8, "P", kInset);
  const Colour paper = theme_.colour("grid").faint(0.6);
  for (Box& line : boxes) {
    const double above = &line == &boxes.front() ? kPadding : 0;
    const double high = words.pitch() + above + (&line == &boxes.back() ? kPadding : 0);
    line.height = high;
    line.draw = [text = line.draw, above, high, paper, width](cairo_t* cairo, double x, double y) {
      fill(cairo, paper, x, y, width, high);
      text(cairo, x, y + above);
    };
  }
  return boxes;
}

Result<Boxes> Setter::folded(const xmlNode* details, double width) {
  Boxes boxes;
  for (const xmlNode* one : children(details)) {
    if (is(one, "summary")) {
      Boxes summary = lines(Text(text(one), style(kBody, "ink", true), width), 10, "H4");
      for (Box& line : summary) line.with_next = true;
      append(boxes, std::move(summary));
      continue;
    }
    Result<Boxes> more = element(one, width);
    if (!more) return more;
    append(boxes, std::move(*more));
  }
  return boxes;
}

double Setter::wish(const xmlNode* element, double width) const {
  double widest = 0;
  for (const xmlNode* one : children(element)) {
    if (is(one, "svg")) {
      widest = std::max(widest, std::atof(attribute(one, "width").c_str()) * kPointsPerPixel);
    } else if (is(one, "p") || is(one, "pre") || is(one, "table") || has_class(one, "warn") ||
               has_class(one, "tiles") || has_class(one, "pictures")) {
      widest = std::max(widest, width);
    } else {
      widest = std::max(widest, wish(one, width));
    }
  }
  return widest;
}

Result<Boxes> Setter::beside(const xmlNode* flex, double width) {
  constexpr double kGap = 16;
  constexpr double kLeastScale = 0.8;  // a chart's letters are 9 points high, and at least 7 when it shrinks
  const std::vector<const xmlNode*> pieces = children(flex);
  Boxes boxes;
  for (std::size_t i = 0; i < pieces.size();) {
    // As many in a row as fit.
    std::size_t end = i;
    double wished = 0;
    while (end < pieces.size()) {
      const double more = wish(pieces[end], width);
      const double room = width - kGap * static_cast<double>(end - i);
      if (end > i && (more == 0 || (wished + more) * kLeastScale > room)) break;
      wished += more;
      ++end;
    }
    const double scale =
        std::min(1.0, (width - kGap * static_cast<double>(end - i - 1)) / std::max(wished, 1.0));
    struct Column {
      Boxes boxes;
      double x;
    };
    auto columns = std::make_shared<std::vector<Column>>();
    double x = 0, high = 0;
    for (std::size_t k = i; k < end && end - i > 1; ++k) {
      const double wide = wish(pieces[k], width) * scale;
      Result<Boxes> column = inside(pieces[k], wide);
      if (!column) return column;
      high = std::max(high, height_of(*column));
      columns->push_back({std::move(*column), x});
      x += wide + kGap;
    }
    if (columns->empty() || high > tallest_) {
      for (; i < end; ++i) {
        Result<Boxes> alone = inside(pieces[i], width);
        if (!alone) return alone;
        append(boxes, std::move(*alone));
      }
      continue;
    }
    Box row;
    row.height = high;
    row.space = 10;
    row.group = new_group();
    row.draw = [columns](cairo_t* cairo, double left, double y) {
      for (const Column& column : *columns) pdf::draw(cairo, column.boxes, left + column.x, y);
    };
    boxes.push_back(std::move(row));
    i = end;
  }
  return boxes;
}

Boxes Setter::tiles(const xmlNode* tiles, double width) {
  constexpr double kGap = 8, kInset = 8, kLeast = 108;
  struct Placed {
    Text value, label, detail;
    bool detailed;
    Colour tint;
  };
  const std::vector<const xmlNode*> all = children(tiles);
  if (all.empty()) return {};
  const auto most = static_cast<std::size_t>((width + kGap) / (kLeast + kGap));
  // As even rows as there can be: six tiles are three and three, not four and two.
  const std::size_t rows = (all.size() + most - 1) / most, across = (all.size() + rows - 1) / rows;
  const double wide = (width - kGap * static_cast<double>(across - 1)) / static_cast<double>(across);
  const int group = new_group();
  Boxes boxes;
  for (std::size_t from = 0; from < all.size(); from += across) {
    auto row = std::make_shared<std::vector<Placed>>();
    double high = 0;
    for (std::size_t i = from; i < std::min(all.size(), from + across); ++i) {
      Style large = style(16, "ink", true);
      large.pitch = 1.2;
      large.most_lines = 3;
      Style label = style(8.5), small = style(kSmall, "soft");
      label.most_lines = small.most_lines = 8;
      const auto part = [&](const char* name) {
        const auto found = children(all[i], name);
        return found.empty() ? std::string{} : text(found.front());
      };
      const std::string detail = part("small");
      Placed tile{Text(part("b"), large, wide - 2 * kInset), Text(part("span"), label, wide - 2 * kInset),
                  Text(detail, small, wide - 2 * kInset), !detail.empty(),
                  theme_.tint(attribute(all[i], "class"))};
      high = std::max(high, tile.value.height() + tile.label.height() +
                                (tile.detailed ? tile.detail.height() : 0) + 2 * kInset);
      row->push_back(std::move(tile));
    }
    Box box;
    box.height = high;
    box.space = kGap;
    box.tag = "P";
    box.group = group;
    box.draw = [row, wide, high, line = theme_.colour("rule")](cairo_t* cairo, double x, double y) {
      for (const Placed& tile : *row) {
        line.use(cairo);
        cairo_set_line_width(cairo, 0.75);
        cairo_rectangle(cairo, x, y, wide, high);
        cairo_stroke(cairo);
        fill(cairo, tile.tint, x - 0.375, y - 0.375, wide + 0.75, 2.25);
        double at = y + kInset;
        tile.value.draw(cairo, x + kInset, at);
        tile.label.draw(cairo, x + kInset, at += tile.value.height());
        if (tile.detailed) tile.detail.draw(cairo, x + kInset, at + tile.label.height());
        x += wide + kGap;
      }
    };
    boxes.push_back(std::move(box));
  }
  boxes.back().height += 5;  // room below the frame
  return boxes;
}

}  // namespace pyro::pdf

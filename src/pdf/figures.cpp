// Charts as vectors, and the pictures that lie in the page.
#include <librsvg/rsvg.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "setter.hpp"

namespace pyro::pdf {
namespace {

using Surface = std::shared_ptr<cairo_surface_t>;

// The picture of a "data:image/png;base64,…"; null where it is none.
Surface decoded(const std::string& uri) {
  constexpr std::string_view kStart = "data:image/png;base64,";
  if (!uri.starts_with(kStart)) return nullptr;
  struct Bytes {
    std::unique_ptr<guchar, void (*)(gpointer)> data{nullptr, g_free};
    gsize size = 0, at = 0;
  } bytes;
  bytes.data.reset(g_base64_decode(uri.c_str() + kStart.size(), &bytes.size));
  const auto read = [](void* from, unsigned char* to, unsigned int count) {
    auto& source = *static_cast<Bytes*>(from);
    if (source.size - source.at < count) return CAIRO_STATUS_READ_ERROR;
    std::memcpy(to, source.data.get() + source.at, count);
    source.at += count;
    return CAIRO_STATUS_SUCCESS;
  };
  Surface surface(cairo_image_surface_create_from_png_stream(read, &bytes), cairo_surface_destroy);
  return cairo_surface_status(surface.get()) == CAIRO_STATUS_SUCCESS ? surface : nullptr;
}

struct Extent {
  double width, height;
};
Extent extent_of(const Surface& surface) {
  if (!surface) return {1, 1};
  return {static_cast<double>(std::max(1, cairo_image_surface_get_width(surface.get()))),
          static_cast<double>(std::max(1, cairo_image_surface_get_height(surface.get())))};
}

// As large as fits, in the middle of its width.
void paint(cairo_t* cairo, const Surface& surface, double x, double y, double width, double height) {
  if (!surface) return;
  const Extent extent = extent_of(surface);
  const double scale = std::min(width / extent.width, height / extent.height);
  cairo_save(cairo);
  cairo_translate(cairo, x + (width - extent.width * scale) / 2, y);
  cairo_scale(cairo, scale, scale);
  cairo_set_source_surface(cairo, surface.get(), 0, 0);
  // Filled, not painted: a paint that is alone in its structure element breaks cairo 1.16's structure.
  cairo_rectangle(cairo, 0, 0, extent.width, extent.height);
  cairo_fill(cairo);
  cairo_restore(cairo);
}

// A picture in its frame of words: what is below it.
struct Item {
  Surface surface;
  double width, picture_height;
  Text badge, caption;
  bool badged, captioned;
  Colour tint;

  [[nodiscard]] double height() const {
    return picture_height + (badged ? badge.height() + 2 : 0) + (captioned ? caption.height() + 1 : 0);
  }
  void draw(cairo_t* cairo, double x, double y) const {
    paint(cairo, surface, x, y, width, picture_height);
    y += picture_height + 2;
    if (badged) {
      fill(cairo, tint, x, y + 0.5, 2.5, badge.height() - 1);
      badge.draw(cairo, x + 5.5, y);
      y += badge.height();
    }
    if (captioned) caption.draw(cairo, x, y);
  }
};

// "--side:72px" → 54 points.
double side_of(const xmlNode* element) {
  const std::string style = attribute(element, "style");
  const auto at = style.find("--side:");
  const double side = at == std::string::npos ? 0 : std::atof(style.c_str() + at + 7) * kPointsPerPixel;
  return side >= 12 ? side : 54;
}

}  // namespace

Result<Boxes> Setter::chart(const xmlNode* figure, double width) {
  const auto drawings = children(figure, "svg");
  if (drawings.empty()) return Boxes{};
  const std::string svg = source(drawings.front());
  GError* error = nullptr;
  const std::shared_ptr<RsvgHandle> handle(
      rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error),
      [](RsvgHandle* one) {
        if (one != nullptr) g_object_unref(one);
      });
  const double own_width = std::max(1.0, std::atof(attribute(drawings.front(), "width").c_str()));
  const double own_height = std::max(1.0, std::atof(attribute(drawings.front(), "height").c_str()));
  // Letters of a wide chart that is made to fit must still be read; the charts leave them this much room.
  const double letters = std::clamp(0.62 * own_width / width, 1.0, 1.3);
  const std::string css =
      theme_.chart_style() + "svg{font-size:" + std::to_string(12 * letters).substr(0, 4) + "px}";
  if (!handle || !rsvg_handle_set_stylesheet(handle.get(), reinterpret_cast<const guint8*>(css.data()),
                                             css.size(), &error)) {
    const std::string why = error != nullptr ? error->message : "";
    g_clear_error(&error);
    return failed("a chart of the page cannot be drawn: report this, with the page", why);
  }
  rsvg_handle_set_dpi(handle.get(), 96);

  Boxes above;
  const auto titles = children(figure, "figcaption");
  if (!titles.empty()) {
    Style bold = style(9, "ink", true);
    bold.most_lines = 4;
    above = lines(Text(text(titles.front()), bold, width), 0, "Caption");
  }
  for (const xmlNode* legend : children(figure, "ul")) {
    struct Key {
      Text name;
      Colour tint;
      std::string kind;
      double x, y;
    };
    auto keys = std::make_shared<std::vector<Key>>();
    double x = 0, y = 0;
    Style small = style(kSmall, "soft");
    small.most_lines = 1;
    for (const xmlNode* one : children(legend, "li")) {
      const double wide = std::min(Text::natural_width(text(one), small), width - 20);
      if (x > 0 && x + 18 + wide > width) x = 0, y += 11;
      const xmlNode* stroke = find(one, "i");
      keys->push_back({Text(text(one), small, wide), theme_.tint(attribute(one, "class")),
                       stroke != nullptr ? attribute(stroke, "class") : "", x, y});
      x += 18 + wide + 12;
    }
    Box box;
    box.height = y + 12;
    box.tag = "P";
    box.group = new_group();
    box.draw = [keys](cairo_t* cairo, double left, double top) {
      for (const Key& key : *keys) {
        const double at_x = left + key.x, at_y = top + key.y;
        key.tint.use(cairo);
        if (key.kind == "dot") {
          cairo_arc(cairo, at_x + 7, at_y + 5.2, 3, 0, 2 * M_PI);
          cairo_fill(cairo);
        } else {
          const double dashes[] = {4, 2.5};
          cairo_set_dash(cairo, dashes, key.kind == "dash" ? 2 : 0, 0);
          cairo_set_line_width(cairo, 2);
          cairo_move_to(cairo, at_x, at_y + 5.2);
          cairo_line_to(cairo, at_x + 13, at_y + 5.2);
          cairo_stroke(cairo);
          cairo_set_dash(cairo, nullptr, 0, 0);
        }
        key.name.draw(cairo, at_x + 18, at_y);
      }
    };
    above.push_back(std::move(box));
  }
  const double top = height_of(above) + (above.empty() ? 0 : 2);
  // Never larger than on the page, nor than the sheet.
  const double scale =
      std::min({kPointsPerPixel, width / own_width, std::max(20.0, tallest_ - top) / own_height});
  Box box;
  box.height = top + own_height * scale;
  box.space = 12;
  box.tag = "Figure";
  box.group = new_group();
  box.draw = [above = std::move(above), top, handle, wide = own_width * scale, high = own_height * scale](
                 cairo_t* cairo, double x, double y) {
    pdf::draw(cairo, above, x, y);
    const RsvgRectangle place{x, y + top, wide, high};
    rsvg_handle_render_document(handle.get(), cairo, &place, nullptr);
  };
  Boxes boxes;
  boxes.push_back(std::move(box));
  return boxes;
}

Boxes Setter::picture_grid(const xmlNode* list, double width, double side) {
  static constexpr double kGap = 7.5;
  if (side == 0) side = std::min(side_of(list), width);
  const auto across = static_cast<std::size_t>(std::max(1.0, std::floor((width + kGap) / (side + kGap))));
  const auto all = children(list, "li");
  const int group = new_group();
  Boxes boxes;
  for (std::size_t from = 0; from < all.size(); from += across) {
    auto row = std::make_shared<std::vector<Item>>();
    double high = 0;
    for (std::size_t i = from; i < std::min(all.size(), from + across); ++i) {
      const xmlNode* image = find(all[i], "img");
      Surface surface = image != nullptr ? decoded(attribute(image, "src")) : nullptr;
      const Extent extent = extent_of(surface);
      const auto badges = children(all[i], "span"), captions = children(all[i], "div");
      Style words = style(6.5, "soft");
      words.pitch = 1.2;
      words.most_lines = 30;
      Style badge_style = words;
      badge_style.colour = theme_.colour("ink");
      const std::string badge = badges.empty() ? "" : text(badges.front());
      std::string caption = captions.empty() ? "" : text(captions.front());
      if (!surface && image != nullptr && caption.empty()) caption = attribute(image, "alt");
      row->push_back({surface, side, std::min(side * extent.height / extent.width, tallest_ / 2),
                      Text(badge, badge_style, side - 5.5), Text(caption, words, side), !badge.empty(),
                      !caption.empty(), theme_.tint(attribute(all[i], "class"))});
      high = std::max(high, row->back().height());
    }
    Box box;
    box.height = std::min(high, tallest_);
    box.space = from == 0 ? 8 : kGap;
    box.tag = "Figure";
    box.group = group;
    box.draw = [row, side](cairo_t* cairo, double x, double y) {
      for (const Item& item : *row) {
        item.draw(cairo, x, y);
        x += side + kGap;
      }
    };
    boxes.push_back(std::move(box));
  }
  return boxes;
}

Boxes Setter::picture_groups(const xmlNode* groups, double width) {
  static constexpr double kInset = 6, kGap = 7.5;
  const double side = side_of(groups);
  struct Framed {
    Boxes boxes;
    double x, width, height;
  };
  const Colour line = theme_.colour("rule");
  Boxes boxes;
  auto row = std::make_shared<std::vector<Framed>>();
  double x = 0, high = 0;
  const auto end_row = [&] {
    if (row->empty()) return;
    Box box;
    box.height = high;
    box.space = kGap;
    box.tag = "Figure";
    box.group = new_group();
    box.draw = [row, line](cairo_t* cairo, double left, double y) {
      for (const Framed& one : *row) {
        line.use(cairo);
        cairo_set_line_width(cairo, 0.75);
        cairo_rectangle(cairo, left + one.x, y, one.width, one.height);
        cairo_stroke(cairo);
        double at = y + kInset;
        for (const Box& inner : one.boxes) {
          inner.draw(cairo, left + one.x + kInset, at);
          at += inner.height + kGap;
        }
      }
    };
    boxes.push_back(std::move(box));
    row = std::make_shared<std::vector<Framed>>();
    x = high = 0;
  };
  for (const xmlNode* group : children(groups, "ul")) {
    const auto count = static_cast<double>(children(group, "li").size());
    if (count == 0) continue;
    const double wide = std::min(count * (side + kGap) - kGap + 2 * kInset, width);
    Boxes inner = picture_grid(group, wide - 2 * kInset + 0.01, side);
    double tall = 2 * kInset - kGap;
    for (const Box& one : inner) tall += one.height + kGap;
    if (tall > tallest_) {  // too many for one frame
      end_row();
      boxes.insert(boxes.end(), inner.begin(), inner.end());
      continue;
    }
    if (x > 0 && x + wide > width) end_row();
    row->push_back({std::move(inner), x, wide, tall});
    x += wide + kGap;
    high = std::max(high, tall);
  }
  end_row();
  return boxes;
}

Boxes Setter::picture(const xmlNode* figure, double width) {
  const xmlNode* image = find(figure, "img");
  const Surface surface = image != nullptr ? decoded(attribute(image, "src")) : nullptr;
  const auto badges = children(figure, "span"), captions = children(figure, "figcaption");
  std::string caption = captions.empty() ? "" : text(captions.front());
  if (!surface && image != nullptr && caption.empty()) caption = attribute(image, "alt");
  Boxes boxes;
  const int group = new_group();
  if (surface) {
    const Extent extent = extent_of(surface);
    const double asked = std::atof(attribute(image, "width").c_str());
    double wide = std::min((asked > 0 ? asked : extent.width) * kPointsPerPixel, width);
    wide = std::min(wide, tallest_ * 0.8 * extent.width / extent.height);
    Box box;
    box.height = wide * extent.height / extent.width;
    box.space = 10;
    box.with_next = !caption.empty() || !badges.empty();
    box.tag = "Figure";
    box.group = group;
    box.draw = [surface, wide, high = box.height](cairo_t* cairo, double x, double y) {
      paint(cairo, surface, x, y, wide, high);
    };
    boxes.push_back(std::move(box));
  }
  if (!badges.empty()) {
    Boxes badge = lines(Text(text(badges.front()), style(8), width - 6), 3, "P", 6);
    for (Box& line : badge) {
      line.with_next = line.with_next || !caption.empty();
      line.draw = [words = line.draw, high = line.height, tint = theme_.tint(attribute(figure, "class"))](
                      cairo_t* cairo, double x, double y) {
        fill(cairo, tint, x, y, 2.5, high);
        words(cairo, x, y);
      };
    }
    boxes.insert(boxes.end(), badge.begin(), badge.end());
  }
  if (!caption.empty()) {
    const Boxes words = lines(Text(caption, style(8, "soft"), width), 2, "P");
    boxes.insert(boxes.end(), words.begin(), words.end());
  }
  return boxes;
}

}  // namespace pyro::pdf

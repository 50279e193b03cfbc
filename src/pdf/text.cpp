#include "text.hpp"

#include <pango/pangocairo.h>

#include <algorithm>

namespace pyro::pdf {
namespace {

// Nothing is rounded to a screen's pixels.
PangoContext* context() {
  thread_local const std::unique_ptr<PangoContext, void (*)(gpointer)> kept(
      [] {
        PangoContext* made = pango_font_map_create_context(pango_cairo_font_map_get_default());
        cairo_font_options_t* options = cairo_font_options_create();
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
        pango_cairo_context_set_font_options(made, options);
        cairo_font_options_destroy(options);
        pango_cairo_context_set_resolution(made, 72);
        pango_context_set_round_glyph_positions(made, FALSE);
        return made;
      }(),
      g_object_unref);
  return kept.get();
}

std::shared_ptr<PangoLayout> layout_of(const std::string& utf8, const Style& style) {
  std::shared_ptr<PangoLayout> layout(pango_layout_new(context()), g_object_unref);
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family_static(font, style.mono ? kMono : kSans);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  pango_layout_set_alignment(layout.get(), style.align == Align::right    ? PANGO_ALIGN_RIGHT
                                           : style.align == Align::centre ? PANGO_ALIGN_CENTER
                                                                          : PANGO_ALIGN_LEFT);
  pango_layout_set_text(layout.get(), utf8.data(), static_cast<int>(utf8.size()));
  return layout;
}

double width_of(PangoLayout* layout) {
  PangoRectangle logical;
  pango_layout_get_extents(layout, nullptr, &logical);
  return static_cast<double>(logical.width) / PANGO_SCALE;
}

}  // namespace

Text::Text(const std::string& utf8, const Style& style, double width)
    : layout_(layout_of(utf8, style)), colour_(style.colour) {
  // A little more than asked: what was measured to fit does fit.
  pango_layout_set_width(layout_.get(), static_cast<int>((std::max(width, 1.0) + 0.05) * PANGO_SCALE));
  pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
  if (style.most_lines > 0) {
    pango_layout_set_single_paragraph_mode(layout_.get(), TRUE);
    pango_layout_set_height(layout_.get(), -style.most_lines);
    pango_layout_set_ellipsize(layout_.get(), PANGO_ELLIPSIZE_END);
  }
  lines_ = std::max(1, pango_layout_get_line_count(layout_.get()));
  PangoRectangle logical;
  pango_layout_get_extents(layout_.get(), nullptr, &logical);
  // Letters of another font may be taller than the style's.
  pitch_ = std::max(style.size * style.pitch, static_cast<double>(logical.height) / PANGO_SCALE / lines_);
  ink_width_ = static_cast<double>(logical.width) / PANGO_SCALE;
}

void Text::draw(cairo_t* cairo, double x, double y, int first, int count) const {
  colour_.use(cairo);
  const std::unique_ptr<PangoLayoutIter, void (*)(PangoLayoutIter*)> line(
      pango_layout_get_iter(layout_.get()), pango_layout_iter_free);
  int number = 0;
  do {
    if (number < first) continue;
    if (number - first >= count) return;
    PangoRectangle logical;
    pango_layout_iter_get_line_extents(line.get(), nullptr, &logical);
    const double above = static_cast<double>(pango_layout_iter_get_baseline(line.get()) - logical.y);
    const double spare = pitch_ * PANGO_SCALE - logical.height;
    cairo_move_to(cairo, x + static_cast<double>(logical.x) / PANGO_SCALE,
                  y + (number - first) * pitch_ + (above + spare / 2) / PANGO_SCALE);
    pango_cairo_show_layout_line(cairo, pango_layout_iter_get_line_readonly(line.get()));
  } while (++number, pango_layout_iter_next_line(line.get()));
}

double Text::natural_width(const std::string& utf8, const Style& style) {
  return width_of(layout_of(utf8, style).get());
}

double Text::least_width(const std::string& utf8, const Style& style) {
  const auto layout = layout_of(utf8, style);
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD);
  pango_layout_set_width(layout.get(), 1);
  return width_of(layout.get());
}

}  // namespace pyro::pdf

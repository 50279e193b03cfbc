#include "panel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pyro::overlay {
namespace {

constexpr double kPad = 14;

// A card with its title; returns where its content begins.
double card(cairo_t* cr, const Rect& area, std::string_view title, std::string_view note = "") {
  fill_rect(cr, area, 10, kCard);
  text(cr, area.x + kPad, area.y + 22, title, 12.5, kText, Align::left, true);
  if (!note.empty()) text(cr, area.x + area.width - kPad, area.y + 22, note, 11, kMuted, Align::right);
  return area.y + 36;
}

void bar(cairo_t* cr, const Rect& track, double share, Colour colour) {
  fill_rect(cr, track, track.height / 2, kTrack);
  if (std::isfinite(share) && share > 0) {
    const double width = track.width * std::min(share, 1.0);
    fill_rect(cr, {track.x, track.y, width, track.height}, track.height / 2, colour);
  }
}

void labelled_bar(cairo_t* cr, const Rect& area, std::string_view label, double share,
                  const std::string& value, Colour colour) {
  constexpr double kLabel = 86, kValue = 46;
  text(cr, area.x, area.y + 10, label, 12, kMuted);
  bar(cr, {area.x + kLabel, area.y + 2, area.width - kLabel - kValue, 9}, share, colour);
  text(cr, area.x + area.width, area.y + 10, value, 12, kText, Align::right);
}

void fact(cairo_t* cr, double x, double y, std::string_view label, const std::string& value) {
  text(cr, x, y, label, 11, kMuted);
  text(cr, x, y + 17, value, 14, kText, Align::left, true);
}

}  // namespace

std::string_view hint(records::GapReason reason) {
  using records::GapReason;
  switch (reason) {
    case GapReason::none:
      return "";
    case GapReason::no_face:
      return "no face in view";
    case GapReason::too_small:
      return "too small: come closer";
    case GapReason::blurred:
      return "blurred: hold still or focus";
    case GapReason::turned_away:
      return "turned away: face the camera";
    case GapReason::too_dark:
      return "too dark: more light on the face";
    case GapReason::too_bright:
      return "too bright: less light";
    case GapReason::occluded:
      return "covered: uncover the face";
    case GapReason::outside_frame:
      return "partly outside the picture";
    case GapReason::lost:
      return "lost for a moment";
  }
  return "";
}

void draw_expression_card(cairo_t* cr, const Rect& area, const records::Observation& face) {
  const std::string who = "Person " + std::to_string(face.face.face_id + 1);
  double y = card(cr, area, "Expression", who);
  for (std::size_t i = 0; i < records::kEmotionNames.size(); ++i, y += 20) {
    const double p = face.valid ? static_cast<double>(face.expression.p[i]) : std::nan("");
    labelled_bar(cr, {area.x + kPad, y, area.width - 2 * kPad, 14}, records::kEmotionNames[i], p,
                 number(100 * p, 0, " %"), kEmotionColours[i]);
  }
}

void draw_gauge_card(cairo_t* cr, const Rect& area, const records::Observation& face) {
  const double top = card(cr, area, "Strain index", "last 60 s");
  constexpr double kFrom = std::numbers::pi, kTo = 2 * std::numbers::pi;
  const double radius = 62, x = area.x + 88, y = top + radius + 6;
  cairo_set_line_width(cr, 13);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  set_colour(cr, kTrack);
  cairo_new_path(cr);  // text leaves a current point, to which an arc would draw a line
  cairo_arc(cr, x, y, radius, kFrom, kTo);
  cairo_stroke(cr);
  if (std::isfinite(face.score.index)) {
    set_colour(cr, kAccent);
    cairo_arc(cr, x, y, radius, kFrom, kFrom + (kTo - kFrom) * std::clamp(face.score.index / 100, 0.0, 1.0));
    cairo_stroke(cr);
  }
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
  text(cr, x, y - 6, number(face.score.index, 0), 30, kText, Align::centre, true);
  text(cr, x, y + 14, "of 100", 11, kMuted, Align::centre);
  const double facts = area.x + 186;
  fact(cr, facts, top + 8, "score now", number(face.score.step, 2));
  fact(cr, facts + 82, top + 8, "mean", number(face.score.mean, 2));
  fact(cr, facts, top + 50, "volatility", number(face.score.volatility, 3));
  fact(cr, facts + 82, top + 50, "final", number(face.score.final, 2));
}

void draw_fatigue_card(cairo_t* cr, const Rect& area, const records::Observation& face) {
  double y = card(cr, area, "Fatigue cues");
  const records::FatigueCues& cues = face.fatigue;
  const Rect line{area.x + kPad, y, area.width - 2 * kPad, 14};
  labelled_bar(cr, line, "eyes open", cues.eye_openness, number(100.0 * cues.eye_openness, 0, " %"), kAccent);
  labelled_bar(cr, {line.x, y + 20, line.width, 14}, "mouth open", cues.mouth_openness,
               number(100.0 * cues.mouth_openness, 0, " %"), kAccent);
  labelled_bar(cr, {line.x, y + 40, line.width, 14}, "PERCLOS", cues.perclos,
               number(100.0 * cues.perclos, 1, " %"), kWarning);
  y += 72;
  const double step = (area.width - 2 * kPad) / 4;
  fact(cr, line.x, y, "blinks/min", number(cues.blink_rate_per_min, 0));
  fact(cr, line.x + step, y, "last blink", number(cues.blink_duration_ms, 0, " ms"));
  fact(cr, line.x + 2 * step + 12, y, "yawns", std::to_string(cues.yawns));
  fact(cr, line.x + 3 * step + 12, y, "nods", std::to_string(cues.nods));
}

void draw_people_card(cairo_t* cr, const Rect& area, std::span<const records::Observation> faces,
                      int shown_id) {
  double y = card(cr, area, "People in view", faces.size() > 1 ? "largest face shown above" : "") + 10;
  for (const records::Observation& face : faces) {
    if (face.face.face_id < 0 || y > area.y + area.height - 6) continue;
    const Colour colour = person_colour(face.face.face_id);
    fill_rect(cr, {area.x + kPad, y - 9, 10, 10}, 5, colour);
    const std::string who = "Person " + std::to_string(face.face.face_id + 1);
    text(cr, area.x + kPad + 18, y, who, 12, kText, Align::left, face.face.face_id == shown_id);
    std::string state(hint(face.face.quality.reason));
    if (face.valid && face.expression.known()) {
      state = std::string(records::kEmotionNames[static_cast<std::size_t>(face.expression.label())]) +
              " · index " + number(face.score.index, 0);
    }
    text(cr, area.x + area.width - kPad, y, state, 12, face.valid ? kMuted : kWarning, Align::right);
    y += 20;
  }
}

void draw_plot(cairo_t* cr, const Rect& area, const History& history, double now_s, double span_s,
               double score_min, double score_max) {
  card(cr, area, "Score", "thin: each frame   thick: index of the last 60 s");
  const Rect plot{area.x + 44, area.y + 36, area.width - 44 - 44, area.height - 36 - 24};
  const auto x_of = [&](double time_s) { return plot.x + plot.width * (1 - (now_s - time_s) / span_s); };
  const auto y_of_index = [&](double index) { return plot.y + plot.height * (1 - index / 100); };
  const auto y_of_step = [&](double step) {
    return plot.y + plot.height * (1 - (step - score_min) / (score_max - score_min));
  };
  cairo_set_line_width(cr, 1);
  for (int i = 0; i <= 2; ++i) {
    const double y = plot.y + plot.height * i / 2;
    set_colour(cr, kTrack);
    cairo_move_to(cr, plot.x, std::round(y) + 0.5);
    cairo_line_to(cr, plot.x + plot.width, std::round(y) + 0.5);
    cairo_stroke(cr);
    text(cr, plot.x - 8, y + 4, number(score_max - (score_max - score_min) * i / 2, 1), 10.5, kMuted,
         Align::right);
    text(cr, plot.x + plot.width + 8, y + 4, number(100 - 50.0 * i, 0), 10.5, kMuted);
  }
  for (int i = 0; i <= 4; ++i) {
    const double back_s = span_s * (4 - i) / 4;
    text(cr, plot.x + plot.width * i / 4, area.y + area.height - 8, i == 4 ? "now" : number(-back_s, 0, " s"),
         10.5, kMuted,
         i == 0   ? Align::left
         : i == 4 ? Align::right
                  : Align::centre);
  }
  cairo_save(cr);
  cairo_rectangle(cr, plot.x, plot.y - 2, plot.width, plot.height + 4);
  cairo_clip(cr);
  // A gap is drawn as a gap: a line never bridges frames without a score.
  const auto curve = [&](const std::deque<PlotPoint>& points, auto value, auto y_of, double width,
                         Colour colour, double alpha) {
    set_colour(cr, colour, alpha);
    cairo_set_line_width(cr, width);
    bool pen_down = false;
    for (const PlotPoint& point : points) {
      const double y = static_cast<double>(value(point));
      if (!std::isfinite(y)) {
        pen_down = false;
        continue;
      }
      if (pen_down) {
        cairo_line_to(cr, x_of(point.time_s), y_of(y));
      } else {
        cairo_move_to(cr, x_of(point.time_s), y_of(y));
      }
      pen_down = true;
    }
    cairo_stroke(cr);
  };
  for (const auto& [face_id, points] : history) {
    const Colour colour = person_colour(face_id);
    curve(
        points, [](const PlotPoint& p) { return p.step; }, y_of_step, 1, colour, 0.55);
    curve(
        points, [](const PlotPoint& p) { return p.index; }, y_of_index, 2.6, colour, 1);
  }
  cairo_restore(cr);
}

}  // namespace pyro::overlay

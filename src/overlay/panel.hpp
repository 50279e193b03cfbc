// The cards beside the picture: expression bars, the index's gauge, fatigue cues, the other people, and the
// rolling plot.
#pragma once

#include <deque>
#include <map>
#include <span>

#include "draw.hpp"
#include "pyro/records/observation.hpp"

namespace pyro::overlay {

struct PlotPoint {
  double time_s;
  float step;   // S_t, NaN where the frame gave none: the line breaks there
  float index;  // rolling index, 0..100
};
using History = std::map<int, std::deque<PlotPoint>>;  // by face id

void draw_expression_card(cairo_t* cr, const Rect& area, const records::Observation& face);
void draw_gauge_card(cairo_t* cr, const Rect& area, const records::Observation& face);
void draw_fatigue_card(cairo_t* cr, const Rect& area, const records::Observation& face);
void draw_people_card(cairo_t* cr, const Rect& area, std::span<const records::Observation> faces,
                      int shown_id);
void draw_plot(cairo_t* cr, const Rect& area, const History& history, double now_s, double span_s,
               double score_min, double score_max);

// What the person could do about it: "turn to the camera"; empty when the face is usable.
[[nodiscard]] std::string_view hint(records::GapReason reason);

}  // namespace pyro::overlay

#include "pyro/overlay/overlay.hpp"

#include <algorithm>
#include <cmath>

#include "panel.hpp"
#include "pyro/records/notice.hpp"

namespace pyro::overlay {
namespace {

constexpr double kMargin = 12, kPanel = 360, kPlot = 168, kFooter = 30;

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct ContextDeleter {
  void operator()(cairo_t* cr) const { cairo_destroy(cr); }
};
using Surface = std::unique_ptr<cairo_surface_t, SurfaceDeleter>;
using Context = std::unique_ptr<cairo_t, ContextDeleter>;

void draw_face(cairo_t* cr, const records::Observation& seen, double scale, bool mesh) {
  const records::FaceMesh& face = seen.face;
  const Colour colour = seen.valid ? person_colour(face.face_id) : kMuted;
  if (mesh) draw_mesh(cr, face, colour, scale);
  set_colour(cr, colour);
  cairo_set_line_width(cr, 2 / scale);
  const double dash[] = {6 / scale, 5 / scale};
  cairo_set_dash(cr, dash, seen.valid ? 0 : 2, 0);
  cairo_rectangle(cr, face.box.x, face.box.y, face.box.width, face.box.height);
  cairo_stroke(cr);
  cairo_set_dash(cr, nullptr, 0, 0);

  std::string label = "Person " + std::to_string(face.face_id + 1) + " · ";
  if (seen.valid) {
    const auto best = static_cast<std::size_t>(seen.expression.label());
    label +=
        std::string(records::kEmotionNames[best]) + " " + number(100.0 * seen.expression.p[best], 0, " %");
  } else {
    label += hint(face.quality.reason);
  }
  const double size = 13 / scale, width = text_width(cr, label, size, true) + 14 / scale, height = 22 / scale;
  const double y = face.box.y > height + 4 / scale ? face.box.y - height - 3 / scale : face.box.y + 3 / scale;
  fill_rect(cr, {static_cast<double>(face.box.x), y, width, height}, 5 / scale, colour, 0.92);
  text(cr, face.box.x + 7 / scale, y + 15.5 / scale, label, size, kBackground, Align::left, true);
}

const records::Observation* largest(std::span<const records::Observation> faces) {
  const records::Observation* best = nullptr;
  for (const records::Observation& face : faces) {
    if (face.face.face_id >= 0 && (best == nullptr || face.face.box.height > best->face.box.height))
      best = &face;
  }
  return best;
}

}  // namespace

struct Overlay::Impl {
  OverlayOptions options;
  History history;
  double now_s = 0;
  records::Observation shown;  // the person in the cards; kept while nobody is seen, with its values unknown
  std::vector<std::uint8_t> frame_pixels;
  Surface canvas;

  void draw_video(cairo_t* cr, const records::Frame& frame, std::span<const records::Observation> faces,
                  const Rect& area) {
    to_bgrx(frame, frame_pixels);
    const Surface picture{cairo_image_surface_create_for_data(frame_pixels.data(), CAIRO_FORMAT_RGB24,
                                                              frame.width, frame.height, 4 * frame.width)};
    const double scale = std::min(area.width / frame.width, area.height / frame.height);
    cairo_save(cr);
    cairo_translate(cr, area.x + (area.width - scale * frame.width) / 2,
                    area.y + (area.height - scale * frame.height) / 2);
    cairo_scale(cr, scale, scale);
    cairo_rectangle(cr, 0, 0, frame.width, frame.height);
    cairo_clip(cr);
    cairo_set_source_surface(cr, picture.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BILINEAR);
    cairo_paint(cr);
    for (const records::Observation& face : faces) {
      if (face.face.face_id >= 0) draw_face(cr, face, scale, options.show_mesh);
    }
    cairo_restore(cr);
  }

  void draw_footer(cairo_t* cr, const StreamState& state) const {
    const double y = options.height - 10.0;
    text(cr, kMargin, y, records::kNotice, 11, kMuted);
    std::string right = options.model_line + " · " + number(state.frames_per_second, 0, " fps");
    if (state.dropped > 0) right += " · " + std::to_string(state.dropped) + " dropped";
    text(cr, options.width - kMargin, y, right, 11, kMuted, Align::right);
  }
};

Overlay::Overlay(OverlayOptions options) : impl_(std::make_unique<Impl>()) {
  impl_->canvas.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, options.width, options.height));
  impl_->options = std::move(options);
}
Overlay::~Overlay() = default;
Overlay::Overlay(Overlay&&) noexcept = default;
Overlay& Overlay::operator=(Overlay&&) noexcept = default;

void Overlay::add(std::span<const records::Observation> faces) {
  if (faces.empty()) return;
  Impl& impl = *impl_;
  impl.now_s = faces.front().time.count();
  for (const records::Observation& face : faces) {
    if (face.face.face_id < 0) continue;
    impl.history[face.face.face_id].push_back(
        {impl.now_s, static_cast<float>(face.score.step), static_cast<float>(face.score.index)});
  }
  const double oldest_s = impl.now_s - impl.options.plot_span.count();
  for (auto person = impl.history.begin(); person != impl.history.end();) {
    auto& points = person->second;
    // Somebody who is not seen has no score now; the break keeps the line from bridging the absence.
    if (points.back().time_s < impl.now_s && std::isfinite(points.back().step))
      points.push_back({impl.now_s, NAN, NAN});
    while (!points.empty() && points.front().time_s < oldest_s) points.pop_front();
    person = points.empty() ? impl.history.erase(person) : std::next(person);
  }
}

Picture Overlay::draw(const records::Frame& frame, std::span<const records::Observation> faces,
                      const StreamState& state) {
  Impl& impl = *impl_;
  const OverlayOptions& o = impl.options;
  const Context context{cairo_create(impl.canvas.get())};
  cairo_t* cr = context.get();
  set_colour(cr, kBackground);
  cairo_paint(cr);

  const double left = o.width - kPanel - 3 * kMargin, bottom = o.height - kFooter;
  const Rect video{kMargin, kMargin, left, bottom - kPlot - 2 * kMargin};
  fill_rect(cr, video, 6, rgb(0x000000));
  impl.draw_video(cr, frame, faces, video);
  if (state.recording) {
    fill_rect(cr, {video.x + 10, video.y + 10, 62, 22}, 11, kRecording);
    text(cr, video.x + 41, video.y + 25.5, "● REC", 12, kBackground, Align::centre, true);
  }
  draw_plot(cr, {kMargin, bottom - kPlot, left, kPlot}, impl.history, impl.now_s, o.plot_span.count(),
            o.score_min, o.score_max);

  if (const records::Observation* face = largest(faces)) {
    impl.shown = *face;
  } else {
    impl.shown.valid = false;
    impl.shown.fatigue.eye_openness = impl.shown.fatigue.mouth_openness = records::kNoValue;
    impl.shown.score.step = NAN;
  }
  const double x = o.width - kPanel - kMargin;
  double y = kMargin;
  const auto place = [&](double height) {
    const Rect area{x, y, kPanel, height};
    y += height + kMargin;
    return area;
  };
  draw_gauge_card(cr, place(136), impl.shown);
  draw_expression_card(cr, place(186), impl.shown);
  draw_fatigue_card(cr, place(140), impl.shown);
  draw_people_card(cr, place(bottom - y), faces, impl.shown.face.face_id);
  impl.draw_footer(cr, state);
  cairo_surface_flush(impl.canvas.get());
  return {o.width, o.height, cairo_image_surface_get_stride(impl.canvas.get()),
          cairo_image_surface_get_data(impl.canvas.get())};
}

Picture Overlay::draw_on_frame(const records::Frame& frame, std::span<const records::Observation> faces) {
  Impl& impl = *impl_;
  to_bgrx(frame, impl.frame_pixels);
  const Surface picture{cairo_image_surface_create_for_data(impl.frame_pixels.data(), CAIRO_FORMAT_RGB24,
                                                            frame.width, frame.height, 4 * frame.width)};
  const Context context{cairo_create(picture.get())};
  const double scale = std::max(1.0, 640.0 / frame.width);  // thin lines on small pictures
  for (const records::Observation& face : faces) {
    if (face.face.face_id >= 0) draw_face(context.get(), face, scale, impl.options.show_mesh);
  }
  cairo_surface_flush(picture.get());
  return {frame.width, frame.height, 4 * frame.width, impl.frame_pixels.data()};
}

}  // namespace pyro::overlay

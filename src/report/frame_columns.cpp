#include <array>
#include <cmath>

#include "pyro/report/schema.hpp"

namespace pyro::report {
namespace {

using records::Observation;
using FrameColumn = Column<Observation>;

// A frame without a face has none of a face's columns.
bool has_face(const Observation& row) {
  return row.face.box.width > 0;
}

Cell number(double value) {
  return std::isfinite(value) ? Cell{value} : Cell{};
}
Cell number(float value) {
  return std::isfinite(value) ? Cell{value} : Cell{};
}
// For the columns of which float64 is written (see schema.hpp).
Cell exact(float value) {
  return number(static_cast<double>(value));
}

template <auto Read>
Cell of_face(const Observation& row, int) {
  return has_face(row) ? Cell{Read(row)} : Cell{};
}

// Also of a face that a device found and whose box it does not send.
template <auto Read>
Cell of_pose(const Observation& row, int) {
  return row.face.face_id >= 0 || has_face(row) ? number(row.face.pose.*Read) : Cell{};
}

Cell probability(const Observation& row, int which) {
  return row.valid ? exact(row.expression.p[static_cast<std::size_t>(which)]) : Cell{};
}

Cell blendshape(const Observation& row, int which) {
  return row.face.has_blendshapes ? number(row.face.blendshapes[static_cast<std::size_t>(which)]) : Cell{};
}

constexpr std::array kFirst{
    FrameColumn{"frame", Type::int64, "", "0-based number of the frame in the order of presentation",
                [](const Observation& row, int) -> Cell { return row.frame; }},
    FrameColumn{"time_s", Type::float64, "s", "presentation time from the start of the source",
                [](const Observation& row, int) { return number(row.time.count()); }},
    FrameColumn{"utc", Type::utc, "UTC", "wall clock of the same instant, ISO 8601 with microseconds",
                [](const Observation& row, int) -> Cell { return row.utc; }},
    FrameColumn{"face_id", Type::int64, "", "the person within this run; empty for a frame without a face",
                [](const Observation& row, int) -> Cell {
                  return row.face.face_id >= 0 ? Cell{std::int64_t{row.face.face_id}} : Cell{};
                }},
    FrameColumn{"valid", Type::boolean, "", "1: the face could be read; 0: a gap, and reason says why",
                [](const Observation& row, int) -> Cell { return row.valid; }},
    FrameColumn{"reason", Type::text, "",
                "why not: no_face, too_small, blurred, turned_away, too_dark, too_bright, "
                "occluded, outside_frame, lost; empty when valid",
                [](const Observation& row, int) -> Cell {
                  const std::string_view reason = records::name_of(row.face.quality.reason);
                  return reason.empty() ? Cell{} : Cell{reason};
                }},
};

constexpr auto kProbabilities = [] {
  constexpr std::array<std::string_view, records::kClasses> kDescriptions{
      "probability of angry; the seven sum to 1",
      "probability of disgust",
      "probability of fear",
      "probability of happy",
      "probability of sad",
      "probability of surprise",
      "probability of neutral"};
  std::array<FrameColumn, records::kClasses> columns{};
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i] = {records::kEmotionNames[i], Type::float64, "0..1",
                  kDescriptions[i],          probability,   static_cast<int>(i)};
  }
  return columns;
}();

constexpr std::array kSignals{
    FrameColumn{"eye_openness", Type::float32, "0..1", "0 closed, 1 this person's open eye",
                [](const Observation& row, int) { return number(row.fatigue.eye_openness); }},
    FrameColumn{"mouth_openness", Type::float32, "0..1", "0 shut, 1 wide open",
                [](const Observation& row, int) { return number(row.fatigue.mouth_openness); }},
    FrameColumn{"perclos", Type::float64, "0..1", "share of the last 60 s with the eyes at least 80 % closed",
                [](const Observation& row, int) { return exact(row.fatigue.perclos); }},
    FrameColumn{"yaw_deg", Type::float32, "deg", "head turned to the person's left (image right) is positive",
                of_pose<&records::HeadPose::yaw_deg>},
    FrameColumn{"pitch_deg", Type::float32, "deg", "looking down is positive",
                of_pose<&records::HeadPose::pitch_deg>},
    FrameColumn{"roll_deg", Type::float32, "deg", "tilted clockwise in the image is positive",
                of_pose<&records::HeadPose::roll_deg>},
    FrameColumn{"score", Type::float64, "", "S_t of this frame",
                [](const Observation& row, int) { return number(row.score.step); }},
    FrameColumn{"index", Type::float64, "0..100", "index of the rolling window (60 s unless set otherwise)",
                [](const Observation& row, int) { return number(row.score.index); }},
    FrameColumn{"box_x", Type::float32, "px",
                "left edge of the face's box in the upright frame; may lie outside it",
                of_face<[](const Observation& row) { return number(row.face.box.x); }>},
    FrameColumn{"box_y", Type::float32, "px", "top edge",
                of_face<[](const Observation& row) { return number(row.face.box.y); }>},
    FrameColumn{"box_w", Type::float32, "px", "width",
                of_face<[](const Observation& row) { return number(row.face.box.width); }>},
    FrameColumn{"box_h", Type::float32, "px", "height",
                of_face<[](const Observation& row) { return number(row.face.box.height); }>},
    FrameColumn{"presence", Type::float32, "0..1", "the mesh network's confidence that this is a face",
                of_face<[](const Observation& row) { return number(row.face.quality.presence); }>},
    FrameColumn{"size_px", Type::float32, "px", "height of the face from forehead to chin",
                of_face<[](const Observation& row) { return number(row.face.quality.size_px); }>},
    FrameColumn{"sharpness", Type::float32, "", "normalised Laplacian energy of the face; higher is sharper",
                of_face<[](const Observation& row) { return number(row.face.quality.sharpness); }>},
    FrameColumn{"brightness", Type::float32, "0..1", "mean luma of the face",
                of_face<[](const Observation& row) { return number(row.face.quality.brightness); }>},
    FrameColumn{"contrast", Type::float32, "0..1", "standard deviation of that luma",
                of_face<[](const Observation& row) { return number(row.face.quality.contrast); }>},
    FrameColumn{"ear_right", Type::float32, "", "eye aspect ratio of the person's right eye",
                [](const Observation& row, int) { return number(row.fatigue.ear_right); }},
    FrameColumn{"ear_left", Type::float32, "", "of the left eye",
                [](const Observation& row, int) { return number(row.fatigue.ear_left); }},
    FrameColumn{"mar", Type::float32, "", "mouth aspect ratio of the inner lips",
                [](const Observation& row, int) { return number(row.fatigue.mar); }},
    FrameColumn{"mouth_tension", Type::float32, "0..1", "0 relaxed, 1 pressed or stretched",
                [](const Observation& row, int) { return number(row.fatigue.mouth_tension); }},
    FrameColumn{"eyes_closed", Type::boolean, "", "1: the eyes are at least 80 % closed",
                of_face<[](const Observation& row) { return row.fatigue.eyes_closed; }>},
    FrameColumn{"blink", Type::boolean, "", "1: a blink ended in this frame",
                of_face<[](const Observation& row) { return row.fatigue.blink; }>},
    FrameColumn{"blinks", Type::int64, "", "blinks of this person so far",
                of_face<[](const Observation& row) { return std::int64_t{row.fatigue.blinks}; }>},
    FrameColumn{"blink_rate_per_min", Type::float32, "1/min",
                "over the last 60 s, or since the start from 5 s on",
                [](const Observation& row, int) { return number(row.fatigue.blink_rate_per_min); }},
    FrameColumn{"blink_duration_ms", Type::float64, "ms", "duration of the last blink",
                [](const Observation& row, int) { return exact(row.fatigue.blink_duration_ms); }},
    FrameColumn{"yawning", Type::boolean, "", "1: in a yawn",
                of_face<[](const Observation& row) { return row.fatigue.yawning; }>},
    FrameColumn{"yawns", Type::int64, "", "yawns of this person so far",
                of_face<[](const Observation& row) { return std::int64_t{row.fatigue.yawns}; }>},
    FrameColumn{"nod", Type::boolean, "", "1: a nod ended in this frame",
                of_face<[](const Observation& row) { return row.fatigue.nod; }>},
    FrameColumn{"nods", Type::int64, "", "nods of this person so far",
                of_face<[](const Observation& row) { return std::int64_t{row.fatigue.nods}; }>},
    FrameColumn{"score_mean", Type::float64, "", "S_burnout of the rolling window",
                [](const Observation& row, int) { return number(row.score.mean); }},
    FrameColumn{"volatility", Type::float64, "", "V of the rolling window",
                [](const Observation& row, int) { return number(row.score.volatility); }},
    FrameColumn{"score_final", Type::float64, "", "S_final of the rolling window",
                [](const Observation& row, int) { return number(row.score.final); }},
    FrameColumn{"fatigue", Type::float64, "0..1", "F of this frame; extended profile only",
                [](const Observation& row, int) { return number(row.score.fatigue); }},
    FrameColumn{"score_z", Type::float64, "sd",
                "score_mean against the person's own baseline; extended profile only",
                [](const Observation& row, int) { return number(row.score.z); }},
};

// "bs_" and the name, for as long as the program runs.
constexpr auto kBlendshapeColumnNames = [] {
  std::array<std::array<char, 32>, records::kBlendshapes> texts{};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::size_t at = 0;
    for (const char c : std::string_view{"bs_"}) texts[i][at++] = c;
    for (const char c : records::kBlendshapeNames[i]) texts[i][at++] = c;
  }
  return texts;
}();

constexpr auto kAll = [] {
  std::array<FrameColumn, kFirst.size() + kProbabilities.size() + kSignals.size() + records::kBlendshapes>
      all{};
  std::size_t at = 0;
  for (const FrameColumn& column : kFirst) all[at++] = column;
  for (const FrameColumn& column : kProbabilities) all[at++] = column;
  for (const FrameColumn& column : kSignals) all[at++] = column;
  for (std::size_t i = 0; i < kBlendshapeColumnNames.size(); ++i) {
    all[at++] = {std::string_view{kBlendshapeColumnNames[i].data(), records::kBlendshapeNames[i].size() + 3},
                 Type::float32,
                 "0..1",
                 i == 0 ? "the network's own rest class, not an action"
                        : "facial action; left and right are the person's",
                 blendshape,
                 static_cast<int>(i)};
  }
  return all;
}();

}  // namespace

std::string_view name_of(Type type) {
  constexpr std::array<std::string_view, 6> kNames{"int64", "float64", "float32",
                                                   "bool",  "string",  "timestamp"};
  return kNames[static_cast<std::size_t>(type)];
}

std::span<const Column<Observation>> frame_columns() {
  return kAll;
}

}  // namespace pyro::report

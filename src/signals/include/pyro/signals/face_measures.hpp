// What one mesh says of eyes and mouth, without memory: ratios of distances, so the distance to the camera
// cancels. Distances are taken in three dimensions (the mesh's z has the scale of x and y): turning the head
// by 30° changes a two-dimensional eye aspect ratio by up to a factor of two, the three-dimensional one by a
// few per cent (docs/fatigue.md).
#pragma once

#include "pyro/records/face.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::signals {

struct EyePair {  // the person's sides
  float right = records::kNoValue, left = records::kNoValue;
};

// Eye aspect ratio (|p2 p6| + |p3 p5|) / (2 |p1 p4|) of Soukupová & Čech, "Real-Time Eye Blink Detection
// using Facial Landmarks", CVWW 2016: about 0.3 for an open eye, below 0.1 for a closed one. NaN where the
// mesh has no points.
[[nodiscard]] EyePair eye_aspect_ratio(const records::FaceMesh& face);

// The blendshapes eyeBlinkRight and eyeBlinkLeft, 0 open .. 1 closed; NaN without blendshapes.
[[nodiscard]] EyePair eye_blink(const records::FaceMesh& face);

// Mouth aspect ratio of the inner lips: mean of three heights over the width between the inner corners; 0
// shut, 0.2 a broad smile, 0.6 a yawn. NaN where the mesh has no points.
[[nodiscard]] float mouth_aspect_ratio(const records::FaceMesh& face);

// The strongest of the blendshapes for pressed, rolled-in and stretched lips (mean of both sides), 0..1; NaN
// without blendshapes.
[[nodiscard]] float mouth_tension(const records::FaceMesh& face);

// Whether a single picture shows a mouth open as in a yawn. The threshold is the upper end of the plateau on
// the train part of the yawn stills (docs/fatigue.md). A wide laugh or a vowel also opens a mouth that far:
// in moving pictures FatigueMeter decides by duration as well.
inline constexpr float kYawnStillMar = 0.25f;
[[nodiscard]] bool looks_like_yawn(const records::FaceMesh& face);

}  // namespace pyro::signals

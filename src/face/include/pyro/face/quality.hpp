// How far a face can be trusted: measures taken from its mesh and its own pixels, and the limits below which
// a frame counts as a gap instead of giving an expression.
#pragma once

#include "pyro/records/face.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::face {

// Fills all of mesh.quality except `presence` (which the mesh network set) and `reason`. Reads the luma of a
// 64×64 grid over the face, never outside the frame. What it cannot see: soft light from one side, make-up,
// and an occlusion that the mesh network takes for skin.
void measure_quality(const records::Frame& frame, records::FaceMesh& mesh);

// Limits of usable faces. Defaults: docs/quality in the comments beside each, found on the shared clips and
// photos.
struct QualityLimits {
  float min_inside_fraction = 0.85F;  // of the mesh's points inside the frame; below: outside_frame
  float min_size_px = 36;        // forehead to chin; below: too_small. The expression network reads 48 px
  float max_yaw_deg = 50;        // beyond, one half of the face is hidden: turned_away
  float max_pitch_deg = 40;      // likewise up and down
  float min_brightness = 0.12F;  // mean luma of the face; below: too_dark
  float max_brightness = 0.92F;  // above: too_bright
  float min_contrast = 0.03F;  // spread of that luma; below, the light hides the face: too_dark or too_bright
  float min_sharpness = 0.03F;  // below: blurred
  float min_presence = 0.75F;   // the mesh network doubts the face: occluded (the only hint there is)
  // Of a face that looks towards the camera the network is surer: over the shared clips' 3,000 such frames it
  // fell below this only while a hand lay over the eyes (23 of 48 such frames); a hand over the mouth it
  // takes for a mouth.
  float min_frontal_presence = 0.999F;
  float frontal_yaw_deg = 20;
};

// The first limit that this face misses, in the order in which they stand above; `none` if it misses none.
[[nodiscard]] records::GapReason judge_quality(const records::FaceMesh& mesh, const QualityLimits& limits);

}  // namespace pyro::face

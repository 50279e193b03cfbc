// Frame and face → the 48×48 grey picture that the expression network sees, framed as the faces of its
// training data are.
#pragma once

#include <optional>

#include "pyro/crop/expression_input.hpp"
#include "pyro/records/face.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::crop {

// The three points that place a face, in image pixels. From a mesh: centres between the eyes' corners and
// between the mouth's corners. Without a mesh: the detector's points (MTCNN: 5, BlazeFace: 6).
struct FacePoints {
  records::Point2 right_eye, left_eye, mouth;
};
[[nodiscard]] std::optional<FacePoints> face_points(const records::FaceMesh& face);

// Where FER2013's faces sit in their 48×48 pictures: medians over the 2,323 of 2,500 sampled training
// pictures in which our own face finder sees a face, as framing_figures (bench/) prints them. Spread between
// people and pictures: interquartile range 2 to 4 px in every figure, so the network has to bear that much
// anyway.
struct Framing {
  static constexpr float kCentreX = 24.1f;  // px, middle between the eyes and the mouth
  static constexpr float kCentreY = 28.0f;
  static constexpr float kSize = 18.9f;  // px, the larger of eye distance and eye–mouth distance: turning the
                                         // head shortens one of them, never both
};

// Luma only. The face is turned until its eyes are level and scaled to that framing; every output pixel is
// the mean over its footprint in the frame (no aliasing however large the face is); limited-range luma is
// expanded to 0..255. What lies outside the frame continues its border pixels; nothing is ever read outside.
// A face without points, or an empty frame, gives a picture of zeros. No allocation; thread-safe.
[[nodiscard]] GreyFace align(const records::Frame& frame, const records::FaceMesh& face);

}  // namespace pyro::crop

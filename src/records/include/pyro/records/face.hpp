// What is known of one face in one frame: where it is, its mesh, its pose, and how far it can be trusted.
// Image space: pixels of the upright frame, x right, y down, pixel centres at integer + 0.5 (the reference
// runtime's convention: a point at x = width lies on the right border).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace pyro::records {

struct Point2 {
  float x = 0, y = 0;
};
struct Point3 {
  float x = 0, y = 0, z = 0;
};

struct FaceBox {
  float x = 0, y = 0, width = 0, height = 0;  // px; may reach beyond the frame
  float score = 0;                            // the detector's confidence, 0..1
  // The detector's points. BlazeFace: right eye, left eye (the person's), nose tip, mouth, right ear, left
  // ear. MTCNN: right eye, left eye, nose, right mouth corner, left mouth corner.
  std::array<Point2, 6> points{};
  int point_count = 0;
};

// The square, turned region of the frame that a face network sees.
struct FaceRegion {
  Point2 centre;        // px
  float size = 0;       // px, side of the square
  float angle_rad = 0;  // clockwise in the image
};

// Head pose relative to the camera, from the rigid fit of the canonical face. Yaw > 0: the person turns to
// their left (image right); pitch > 0: looks down; roll > 0: head tilts to image-clockwise.
struct HeadPose {
  float yaw_deg = 0, pitch_deg = 0, roll_deg = 0;
  Point3 position_cm;  // of the head in camera space of the reference geometry (vertical field of view 63°)
};

// Why a frame (or a face in it) gives no expression. `none` means usable.
enum class GapReason : std::uint8_t {
  none,
  no_face,
  too_small,
  blurred,
  turned_away,
  too_dark,
  too_bright,
  occluded,
  outside_frame,
  lost
};
inline constexpr std::array<std::string_view, 10> kGapReasonNames{
    "",         "no_face",    "too_small", "blurred",       "turned_away",
    "too_dark", "too_bright", "occluded",  "outside_frame", "lost"};
[[nodiscard]] constexpr std::string_view name_of(GapReason reason) {
  return kGapReasonNames[static_cast<std::size_t>(reason)];
}

struct FaceQuality {
  float size_px = 0;          // face height, forehead to chin
  float sharpness = 0;        // normalised Laplacian energy of the face's luma, unit-free; higher is sharper
  float brightness = 0;       // mean luma of the face, 0..1 of full range
  float contrast = 0;         // standard deviation of that luma, 0..1
  float inside_fraction = 1;  // share of the mesh's points inside the frame
  float presence = 0;         // the mesh network's own confidence that this is a face, 0..1
  GapReason reason = GapReason::none;
};

inline constexpr int kMeshPoints = 478;      // 468 of the face and 2 × 5 of the irises
inline constexpr int kMeshPointsFast = 468;  // the fast path has no irises
inline constexpr int kBlendshapes = 52;
// The 52 facial-action dimensions in the face landmarker's order; left and right are the person's.
inline constexpr std::array<std::string_view, kBlendshapes> kBlendshapeNames{
    "_neutral",         "browDownLeft",      "browDownRight",      "browInnerUp",
    "browOuterUpLeft",  "browOuterUpRight",  "cheekPuff",          "cheekSquintLeft",
    "cheekSquintRight", "eyeBlinkLeft",      "eyeBlinkRight",      "eyeLookDownLeft",
    "eyeLookDownRight", "eyeLookInLeft",     "eyeLookInRight",     "eyeLookOutLeft",
    "eyeLookOutRight",  "eyeLookUpLeft",     "eyeLookUpRight",     "eyeSquintLeft",
    "eyeSquintRight",   "eyeWideLeft",       "eyeWideRight",       "jawForward",
    "jawLeft",          "jawOpen",           "jawRight",           "mouthClose",
    "mouthDimpleLeft",  "mouthDimpleRight",  "mouthFrownLeft",     "mouthFrownRight",
    "mouthFunnel",      "mouthLeft",         "mouthLowerDownLeft", "mouthLowerDownRight",
    "mouthPressLeft",   "mouthPressRight",   "mouthPucker",        "mouthRight",
    "mouthRollLower",   "mouthRollUpper",    "mouthShrugLower",    "mouthShrugUpper",
    "mouthSmileLeft",   "mouthSmileRight",   "mouthStretchLeft",   "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft",      "noseSneerRight"};

// One face's geometry. Points in image pixels; z in the same scale as x, smaller is nearer to the camera.
struct FaceMesh {
  std::int32_t face_id = -1;  // the track it belongs to; stable through short absences; -1 before tracking
  FaceBox box;                // bounding box of the mesh; score and points of the detector where it ran
  FaceRegion region;          // what the mesh network saw
  int point_count = 0;        // 478, 468, or 0 when only a detector ran
  std::array<Point3, kMeshPoints> points{};
  bool has_blendshapes = false;
  std::array<float, kBlendshapes> blendshapes{};  // 0..1 each, in the order of kBlendshapeNames
  HeadPose pose;
  FaceQuality quality;
};

}  // namespace pyro::records

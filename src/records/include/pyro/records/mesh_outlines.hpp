// The outlines of a face's features, as indices of the canonical mesh's points (MediaPipe's face mesh
// topology): what is drawn over a picture.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace pyro::records {

namespace outlines {
using Index = std::int16_t;
inline constexpr Index kFaceOval[] = {10,  338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397,
                                      365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58,
                                      132, 93,  234, 127, 162, 21,  54,  103, 67,  109, 10};
inline constexpr Index kOuterLips[] = {61,  146, 91,  181, 84, 17, 314, 405, 321, 375, 291,
                                       409, 270, 269, 267, 0,  37, 39,  40,  185, 61};
inline constexpr Index kInnerLips[] = {78,  95,  88,  178, 87, 14, 317, 402, 318, 324, 308,
                                       415, 310, 311, 312, 13, 82, 81,  80,  191, 78};
inline constexpr Index kRightEye[] = {33,  7,   163, 144, 145, 153, 154, 155, 133,
                                      173, 157, 158, 159, 160, 161, 246, 33};
inline constexpr Index kLeftEye[] = {263, 249, 390, 373, 374, 380, 381, 382, 362,
                                     398, 384, 385, 386, 387, 388, 466, 263};
inline constexpr Index kRightBrow[] = {46, 53, 52, 65, 55, 107, 66, 105, 63, 70, 46};
inline constexpr Index kLeftBrow[] = {276, 283, 282, 295, 285, 336, 296, 334, 293, 300, 276};
inline constexpr Index kNose[] = {168, 6, 197, 195, 5, 4, 1, 2};
inline constexpr Index kNoseBase[] = {98, 97, 2, 326, 327};
inline constexpr Index kRightIris[] = {469, 470, 471, 472, 469};
inline constexpr Index kLeftIris[] = {474, 475, 476, 477, 474};
}  // namespace outlines

// Closed ones end where they begin. The irises, which the fast mesh has not, come last.
inline constexpr std::array<std::span<const outlines::Index>, 11> kMeshOutlines{
    outlines::kFaceOval, outlines::kOuterLips, outlines::kInnerLips, outlines::kRightEye,
    outlines::kLeftEye,  outlines::kRightBrow, outlines::kLeftBrow,  outlines::kNose,
    outlines::kNoseBase, outlines::kRightIris, outlines::kLeftIris};

}  // namespace pyro::records

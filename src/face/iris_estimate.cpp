#include "iris_estimate.hpp"

#include <cmath>

namespace pyro::face {
namespace {

// Corners and the middle of the upper and lower lid, in image order for each eye.
struct EyePoints {
  std::size_t left_corner, right_corner, upper, lower;
};
constexpr EyePoints kRightEye{33, 133, 159, 145}, kLeftEye{362, 263, 386, 374};

// The iris is about 11.7 mm wide and the eye's opening about 30 mm: its radius is a fifth of the corners'
// distance.
constexpr float kRadiusShare = 0.2F;

}  // namespace

IrisEstimate estimate_irises(const records::FaceMesh& face) {
  IrisEstimate irises;
  std::size_t next = 0;
  for (const EyePoints& eye : {kRightEye, kLeftEye}) {
    const auto& a = face.points[eye.left_corner];
    const auto& b = face.points[eye.right_corner];
    const auto& upper = face.points[eye.upper];
    const auto& lower = face.points[eye.lower];
    const records::Point2 centre{(a.x + b.x + upper.x + lower.x) / 4, (a.y + b.y + upper.y + lower.y) / 4};
    const float along_x = (b.x - a.x) * kRadiusShare, along_y = (b.y - a.y) * kRadiusShare;
    // The mesh's order: centre, then towards the image's right, up, left, down of an upright face.
    irises[next++] = centre;
    irises[next++] = {centre.x + along_x, centre.y + along_y};
    irises[next++] = {centre.x + along_y, centre.y - along_x};
    irises[next++] = {centre.x - along_x, centre.y - along_y};
    irises[next++] = {centre.x - along_y, centre.y + along_x};
  }
  return irises;
}

}  // namespace pyro::face

// FaceMesh → the fixed vector of named measures that the landmark branch reads: distances, heights, depths
// and angles between points of the mesh, how the two sides differ, and the 52 facial actions.
//
// The mesh is first turned into the canonical face's frame by its head pose and divided by the distance
// between the eyes' centres, so that neither the distance to the camera, nor where in the frame the face is,
// nor how the head is turned changes a measure (as far as mesh and pose are right).
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "pyro/records/face.hpp"

namespace pyro::signals {

inline constexpr std::size_t kLandmarkFeatures = 228;
using LandmarkFeatures = std::array<float, kLandmarkFeatures>;

// "distance.mouth_width", "angle.mouth_corner.right", "height.brow_inner.difference" (the person's right
// minus left), "action.jawOpen": the order of the vector. Distances, heights and depths are in distances
// between the eyes' centres; heights count upwards, depths towards the viewer; angles are in radians, 0..π.
[[nodiscard]] const std::vector<std::string>& landmark_feature_names();

// NaN throughout without a mesh or where the eyes' centres coincide; without facial actions those are NaN.
[[nodiscard]] LandmarkFeatures landmark_features(const records::FaceMesh& face);

}  // namespace pyro::signals

// Where a head is and how it is turned, from its mesh: the rigid fit of the reference geometry's canonical
// face.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/records/face.hpp"

namespace pyro::face {

// camera_from_face: 3×4, row-major; rotation times a scale that is 1 within 1e-4, then the translation in cm.
// Camera space: x right, y up, the camera looks along −z with a vertical field of view of 63°. A face seen
// straight on has the identity rotation.
struct PoseFit {
  std::array<double, 12> camera_from_face{};
  records::HeadPose pose;
};

// Immutable after creation, safe to share between threads.
class PoseFitter {
 public:
  // The canonical face and the weights of its 33 stable points come from the model "face_geometry".
  static Result<PoseFitter> create(const infer::ModelStore& store);
  // From the bytes of that model (a protocol-buffer message). Errors (bad_input): cut off or not such a
  // message.
  static Result<PoseFitter> parse(std::span<const std::uint8_t> bytes);

  // Needs the first 468 points of the mesh. A mesh without extent gives a pose of zeros.
  [[nodiscard]] PoseFit fit(const records::FaceMesh& mesh, int frame_width, int frame_height) const;

 private:
  struct WeightedPoint {
    std::size_t index;         // of the mesh
    std::array<double, 3> at;  // cm, in the canonical face
    double weight;
  };
  struct Similarity;
  [[nodiscard]] Similarity align(std::span<const std::array<double, 3>> targets) const;

  std::vector<WeightedPoint> points_;
};

}  // namespace pyro::face

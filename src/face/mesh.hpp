// The mesh networks and the network of the 52 facial actions on top of them. Private to the room.
#pragma once

#include <array>
#include <optional>
#include <span>

#include "crop.hpp"
#include "pyro/base/result.hpp"
#include "pyro/face/face_finder.hpp"
#include "pyro/infer/network.hpp"
#include "pyro/records/face.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::face {

// Attention mesh (478 points with irises) or the older face mesh (468).
class MeshNet {
 public:
  static Result<MeshNet> create(const infer::ModelStore& store, const FaceOptions& options);

  // Looks for a face in this region: points, box, region and quality.presence of `face` are set; the rest is
  // left. True if the presence reaches min_presence.
  Result<bool> look(const records::Frame& frame, const records::FaceRegion& region, records::FaceMesh& face);

 private:
  MeshNet(infer::Network network, int side, int points, float min_presence)
      : network_(std::move(network)), side_(side), points_(points), min_presence_(min_presence) {}

  infer::Network network_;
  Cropper cropper_;
  int side_;
  int points_;
  float min_presence_;
};

// 146 of the mesh's points → 52 facial actions.
class BlendshapeNet {
 public:
  static Result<BlendshapeNet> create(const infer::ModelStore& store, const FaceOptions& options);
  Status run(records::FaceMesh& face);

 private:
  explicit BlendshapeNet(infer::Network network) : network_(std::move(network)) {}
  infer::Network network_;
};

}  // namespace pyro::face

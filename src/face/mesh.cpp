#include "mesh.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "crop.hpp"
#include "iris_estimate.hpp"

namespace pyro::face {
namespace {

// The mesh points that the network of the facial actions reads, in its order.
constexpr std::array<std::uint16_t, 146> kBlendshapePoints{
    0,   1,   4,   5,   6,   7,   8,   10,  13,  14,  17,  21,  33,  37,  39,  40,  46,  52,  53,  54,  55,
    58,  61,  63,  65,  66,  67,  70,  78,  80,  81,  82,  84,  87,  88,  91,  93,  95,  103, 105, 107, 109,
    127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163,
    168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283,
    284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334,
    336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389,
    390, 397, 398, 400, 402, 405, 409, 415, 454, 466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
};

float sigmoid(float value) {
  return 1 / (1 + std::exp(-value));
}

void set_box(records::FaceMesh& face) {
  float left = std::numeric_limits<float>::max(), top = left, right = std::numeric_limits<float>::lowest(),
        bottom = right;
  for (const auto& point : std::span(face.points).first(static_cast<std::size_t>(face.point_count))) {
    left = std::min(left, point.x);
    right = std::max(right, point.x);
    top = std::min(top, point.y);
    bottom = std::max(bottom, point.y);
  }
  face.box.x = left;
  face.box.y = top;
  face.box.width = right - left;
  face.box.height = bottom - top;
}

}  // namespace

Result<MeshNet> MeshNet::create(const infer::ModelStore& store, const FaceOptions& options) {
  const bool full = options.mesh == MeshKind::full;
  auto model = store.compile(full ? "face_mesh_478" : "face_mesh_468", {.precision = options.precision});
  if (!model) return tl::make_unexpected(model.error());
  auto network = infer::Network::create(*model);
  if (!network) return tl::make_unexpected(network.error());
  return MeshNet(std::move(*network), full ? 256 : 192,
                 full ? records::kMeshPoints : records::kMeshPointsFast, options.min_presence);
}

Result<bool> MeshNet::look(const records::Frame& frame, const records::FaceRegion& region,
                           records::FaceMesh& face) {
  cropper_.crop(frame, region, {side_, Border::replicate, 1 / 255.0F, 0}, network_.input());
  if (const Status ran = network_.run(); !ran) return tl::make_unexpected(ran.error());
  face.quality.presence = sigmoid(network_.output(1)[0]);
  if (!(face.quality.presence >= min_presence_)) return false;

  // Crop pixels → frame pixels. z has the scale of x and turns with nothing.
  const auto values = network_.output(0);
  const float scale = region.size / static_cast<float>(side_), half = static_cast<float>(side_) / 2;
  const float c = std::cos(region.angle_rad) * scale, s = std::sin(region.angle_rad) * scale;
  face.point_count = points_;
  for (std::size_t i = 0; i < static_cast<std::size_t>(points_); ++i) {
    const float x = values[3 * i] - half, y = values[3 * i + 1] - half;
    face.points[i] = {region.centre.x + c * x - s * y, region.centre.y + s * x + c * y,
                      values[3 * i + 2] * scale};
  }
  face.region = region;
  set_box(face);
  return true;
}

Result<BlendshapeNet> BlendshapeNet::create(const infer::ModelStore& store, const FaceOptions& options) {
  auto model = store.compile("face_blendshapes", {.precision = options.precision});
  if (!model) return tl::make_unexpected(model.error());
  auto network = infer::Network::create(*model);
  if (!network) return tl::make_unexpected(network.error());
  return BlendshapeNet(std::move(*network));
}

Status BlendshapeNet::run(records::FaceMesh& face) {
  const auto input = network_.input();
  IrisEstimate irises;
  if (face.point_count < records::kMeshPoints) irises = estimate_irises(face);
  for (std::size_t i = 0; i < kBlendshapePoints.size(); ++i) {
    const std::size_t index = kBlendshapePoints[i];
    const bool estimated = index >= static_cast<std::size_t>(face.point_count);
    const records::Point2 point = estimated ? irises[index - records::kMeshPointsFast]
                                            : records::Point2{face.points[index].x, face.points[index].y};
    input[2 * i] = point.x;
    input[2 * i + 1] = point.y;
  }
  if (const Status ran = network_.run(); !ran) return ran;
  std::ranges::copy(network_.output(), face.blendshapes.begin());
  face.has_blendshapes = true;
  return {};
}

}  // namespace pyro::face

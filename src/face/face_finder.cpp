#include "pyro/face/face_finder.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "blazeface.hpp"
#include "geometry.hpp"
#include "mesh.hpp"
#include "mtcnn.hpp"
#include "pyro/face/head_pose.hpp"
#include "pyro/face/quality.hpp"

namespace pyro::face {
namespace {

using records::FaceBox;
using records::FaceMesh;
using records::FaceRegion;

// Boxes around whole meshes that overlap more are the same face seen twice.
constexpr float kSameFace = 0.5F;
constexpr std::size_t kTriesPerFace = 2;

// A detection is a face that is already followed when its centre lies well within that face.
bool is_known(const FaceBox& detection, std::span<const FaceMesh> faces) {
  const auto centre = centre_of(detection);
  return std::ranges::any_of(faces, [&](const FaceMesh& face) {
    const auto known = centre_of(face.box);
    return overlap(detection, face.box) > kSameFace ||
           (std::abs(centre.x - known.x) < 0.4F * face.box.width &&
            std::abs(centre.y - known.y) < 0.4F * face.box.height);
  });
}

}  // namespace

FaceRegion region_of(const FaceMesh& mesh) {
  const auto& right = mesh.points[33];
  const auto& left = mesh.points[263];
  return region_around(mesh.box, level_angle(right.x, right.y, left.x, left.y));
}

struct FaceFinder::Impl {
  FaceOptions options;
  std::unique_ptr<Detector> detector;
  MeshNet mesh;
  std::optional<BlendshapeNet> blendshapes;
  PoseFitter poses;
  std::vector<FaceBox> detections;

  [[nodiscard]] bool moved(const FaceRegion& used, const FaceRegion& now) const {
    const float shift = std::hypot(now.centre.x - used.centre.x, now.centre.y - used.centre.y);
    const float turn = std::abs(wrapped(now.angle_rad - used.angle_rad)) * 180 / std::numbers::pi_v<float>;
    return shift > options.recheck_shift * used.size ||
           std::abs(now.size - used.size) > options.recheck_scale * used.size ||
           turn > options.recheck_turn_deg;
  }

  [[nodiscard]] bool looks_twice() const {
    return options.detector == DetectorKind::mtcnn || options.mesh == MeshKind::fast;
  }

  // A face that was known before, looked at again; false if it is gone.
  Result<bool> follow(const records::Frame& frame, const FaceRegion& region, FaceMesh& face) {
    auto there = mesh.look(frame, region, face);
    if (!there || !*there) return there;
    if (const FaceRegion corrected = pyro::face::region_of(face); moved(region, corrected)) {
      there = mesh.look(frame, corrected, face);
    }
    return there;
  }

  // Adds the face unless it is one that `out` has already; of two views of one face the surer one stays.
  static void add(const FaceMesh& face, std::vector<FaceMesh>& out) {
    const auto same = std::ranges::find_if(
        out, [&](const FaceMesh& other) { return overlap(face.box, other.box) > kSameFace; });
    if (same == out.end()) {
      out.push_back(face);
    } else if (face.quality.presence > same->quality.presence) {
      *same = face;
    }
  }
};

FaceFinder::FaceFinder(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FaceFinder::FaceFinder(FaceFinder&&) noexcept = default;
FaceFinder& FaceFinder::operator=(FaceFinder&&) noexcept = default;
FaceFinder::~FaceFinder() = default;

Result<FaceFinder> FaceFinder::create(const infer::ModelStore& store, const FaceOptions& options) {
  if (options.max_faces < 1) {
    return wrong_use("the most faces per frame must be at least 1, not " + std::to_string(options.max_faces));
  }
  auto detector = options.detector == DetectorKind::mtcnn ? Mtcnn::create(store, options)
                                                          : BlazeFace::create(store, options);
  if (!detector) return tl::make_unexpected(detector.error());
  auto mesh = MeshNet::create(store, options);
  if (!mesh) return tl::make_unexpected(mesh.error());
  std::optional<BlendshapeNet> blendshapes;
  if (options.blendshapes) {
    auto net = BlendshapeNet::create(store, options);
    if (!net) return tl::make_unexpected(net.error());
    blendshapes.emplace(std::move(*net));
  }
  auto poses = PoseFitter::create(store);
  if (!poses) return tl::make_unexpected(poses.error());
  return FaceFinder(std::make_unique<Impl>(
      Impl{options, std::move(*detector), std::move(*mesh), std::move(blendshapes), std::move(*poses), {}}));
}

Status FaceFinder::find(const records::Frame& frame, std::span<const FaceRegion> known, Search search,
                        std::vector<FaceMesh>& out) {
  Impl& self = *impl_;
  out.clear();
  const auto most = static_cast<std::size_t>(self.options.max_faces);
  for (const FaceRegion& region : known.first(std::min(known.size(), most))) {
    FaceMesh face;
    const auto there = self.follow(frame, region, face);
    if (!there) return tl::make_unexpected(there.error());
    if (*there) Impl::add(face, out);
  }
  if (search.extent == Search::Extent::none && out.empty() && !known.empty())
    search = Search::quick(frame.index);
  if (search.extent != Search::Extent::none && out.size() < most) {
    if (const Status ran = self.detector->detect(frame, search, self.detections); !ran) return ran;
    const std::size_t followed = out.size();
    std::size_t tried = 0;  // at every face that was asked for, and a few that the mesh network may reject
    for (const FaceBox& detection : self.detections) {
      if (is_known(detection, std::span(out).first(followed))) continue;
      if (out.size() == most || ++tried > kTriesPerFace * most) break;
      FaceMesh face;
      face.box = detection;
      const FaceRegion region = self.detector->region_of(detection);
      auto there = self.mesh.look(frame, region, face);
      // It is a face only if it still is one when looked at where its own landmarks say that it lies: on what
      // the detector mistook on the shared clips the second presence was under 0.04, on faces over 0.95. The
      // first look is what counts, as in the reference, but with MTCNN's boxes, which the mesh networks do
      // not know, and with the fast mesh, which is less settled on a detector's region.
      if (there && *there) {
        FaceMesh again = face;
        there = self.mesh.look(frame, pyro::face::region_of(face), again);
        if (self.looks_twice()) face = again;
      }
      if (!there) return tl::make_unexpected(there.error());
      if (*there) Impl::add(face, out);
    }
  }
  for (FaceMesh& face : out) {
    face.pose = self.poses.fit(face, frame.width, frame.height).pose;
    measure_quality(frame, face);
    if (!self.blendshapes) continue;
    if (const Status ran = self.blendshapes->run(face); !ran) return ran;
  }
  return {};
}

}  // namespace pyro::face

// Frame → the faces in it: where, their mesh, their 52 facial actions, their pose, and how far they can be
// trusted.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/records/face.hpp"
#include "pyro/records/frame.hpp"

namespace pyro::face {

enum class MeshKind {
  full,  // 478 points with irises, 256×256 crop: equal to the reference runtime
  fast   // 468 points, 192×192 crop: about a third of the cost; irises are estimated for the facial actions
         // only
};
enum class DetectorKind {
  blazeface,  // short range (faces of about 1/8 of what it looks at and more), 6 points
  mtcnn       // Zhang et al. 2016, 5 points, smaller faces, about twenty times the cost
};

// Where to look for faces that are not known yet.
struct Search {
  enum class Extent : std::uint8_t {
    none,     // nowhere, unless every known face is gone
    quick,    // in the whole frame, and in a few of its parts for small faces
    thorough  // in the whole frame and all of its parts
  };
  Extent extent = Extent::none;
  std::int64_t turn = 0;  // of a quick search: successive ones count up and so come round to every part

  static constexpr Search nowhere() { return {}; }
  static constexpr Search quick(std::int64_t turn) { return {Extent::quick, turn}; }
  static constexpr Search thorough() { return {Extent::thorough, 0}; }
};

struct FaceOptions {
  int max_faces = 4;               // most faces in one frame; the largest costs of all follow it
  MeshKind mesh = MeshKind::full;  // which mesh network
  DetectorKind detector = DetectorKind::blazeface;  // which detector
  bool blendshapes = true;                          // compute the 52 facial actions
  float min_detection_score = 0.5F;  // detector's confidence from which a face is looked at, 0..1
  bool small_faces =
      true;  // also look in parts of the frame; false: as the reference runtime, the whole only
  float min_presence = 0.5F;      // mesh network's own confidence from which it is a face, 0..1
  float detector_overlap = 0.5F;  // boxes that overlap more (intersection over union) are one face
  float mtcnn_min_face_px = 40;   // smallest face that MTCNN looks for; smaller costs more
  infer::Precision precision = infer::Precision::f32;
  // A face that moved since the region was made is looked at a second time, in its corrected region, when the
  // centre moved by more than this share of the region's side, its side changed by more than that share, or
  // it turned more.
  float recheck_shift = 0.12F;
  float recheck_scale = 0.15F;
  float recheck_turn_deg = 10;
};

// One instance per thread; keeps nothing from call to call, so results depend on the arguments alone.
class FaceFinder {
 public:
  // Errors: a model is missing, altered or cannot be compiled; max_faces < 1.
  static Result<FaceFinder> create(const infer::ModelStore& store, const FaceOptions& options);
  FaceFinder(FaceFinder&&) noexcept;
  FaceFinder& operator=(FaceFinder&&) noexcept;
  ~FaceFinder();

  // The faces of this frame into `out` (cleared first; its memory is reused). `known` are regions of faces
  // seen in an earlier frame (region_of their mesh there): each is looked at again, and dropped if there is
  // no face any more. The detector adds faces that are not known yet; once all known ones are gone it
  // searches quickly even if `search` is none. Order: the known ones in their order, then new ones, best
  // first. face_id stays -1 (see Tracker); quality.reason is `none` (see judge_quality). Errors: the engine
  // failed.
  Status find(const records::Frame& frame, std::span<const records::FaceRegion> known, Search search,
              std::vector<records::FaceMesh>& out);

 private:
  struct Impl;
  explicit FaceFinder(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The region in which to look for this face in a later frame: 1.5 times the square around all points, turned
// so that the line from the right eye's outer corner (33) to the left eye's (263) is level. The reference
// runtime's rule.
[[nodiscard]] records::FaceRegion region_of(const records::FaceMesh& mesh);

}  // namespace pyro::face

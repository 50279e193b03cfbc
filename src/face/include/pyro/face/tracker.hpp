// Who is who from frame to frame: gives each face the id of its track, through short occlusions and short
// absences.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "pyro/base/time.hpp"
#include "pyro/records/face.hpp"

namespace pyro::face {

struct TrackerOptions {
  Seconds keep_lost{10};  // how long a face that is gone can come back under its id
  // The same where no frame came at all since shortly after it was seen: a source that was interrupted says
  // nothing about who left. Below keep_lost it adds nothing.
  Seconds keep_over_pause{0};
  Seconds coast{1};                 // how long its place alone is enough; later its shape must fit too
  float reach = 0.8F;               // how far (in face sizes) a face may be from where it is expected
  float reach_growth_per_s = 0.5F;  // by how much that grows while it is not seen ...
  float most_reach = 3;             // ... and its limit
  // Root mean square difference of log distances between rigid points, up to which two shapes can be one
  // person. On the shared clips a person's single frame is within 0.041 of the own mean in 95 %, within 0.065
  // always; other people are within 0.065 in about half of the pairs. So it rejects clear strangers; it does
  // not identify people.
  float most_shape_difference = 0.065F;
};

// Sequential: one instance sees the frames of one source in order. Ids start at 0 and are never used twice.
class Tracker {
 public:
  explicit Tracker(TrackerOptions options = {});

  // Sets face_id of every face of this frame. Times must not go back. Works on the meshes of one frame at a
  // time; faces without a mesh (point_count 0) are matched by place alone.
  void assign(Seconds time, std::span<records::FaceMesh> faces);

 private:
  // Logarithms of distances between points that neither the jaw nor the lips move, minus their mean:
  // independent of size and, as far as the mesh's depth is right, of pose.
  static constexpr std::size_t kShapeValues = 24;
  using Shape = std::array<float, kShapeValues>;

  struct Track {
    std::int32_t id = 0;
    Seconds seen{0};
    records::Point2 centre;
    records::Point2 speed;  // px/s
    float size = 0;         // px
    Shape shape{};
    float shape_weight = 0;  // frames in the running mean, limited
  };
  struct Match {
    float cost;
    std::size_t track, face;
  };

  static Shape shape_of(const records::FaceMesh& face);
  static float difference(const Shape& a, const Shape& b);
  [[nodiscard]] bool match(const Track& track, Seconds time, const records::FaceMesh& face,
                           const Shape& shape, float& cost) const;
  void update(Track& track, Seconds time, const records::FaceMesh& face, const Shape& shape);

  TrackerOptions options_;
  std::int32_t next_id_ = 0;
  Seconds last_time_{0};  // of the last frame, with faces or without
  std::vector<Track> tracks_;
  std::vector<Shape> shapes_;
  std::vector<Match> matches_;
};

}  // namespace pyro::face

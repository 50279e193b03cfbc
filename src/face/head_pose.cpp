#include "pyro/face/head_pose.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <optional>

namespace pyro::face {
namespace {

using Vector3 = std::array<double, 3>;

constexpr std::size_t kCanonicalPoints = records::kMeshPointsFast;
constexpr std::size_t kFloatsPerVertex = 5;  // x, y, z, texture u, v
constexpr std::size_t kMostWeighted = 64;    // the bundle's file has 33
constexpr double kNear = 1;                  // distance of the image plane in the reference's camera, cm
constexpr double kFieldOfView = 63 * std::numbers::pi / 180;

// --- The metadata's wire format: protocol buffers, https://protobuf.dev/programming-guides/encoding/ ---

// One field at a time; false at the end or where the bytes make no sense (then `broken`).
class WireReader {
 public:
  explicit WireReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint64_t number = 0;                 // of a varint
  float real = 0;                           // of a 32-bit field
  std::span<const std::uint8_t> message{};  // of a length-delimited field
  std::uint32_t field = 0, type = 0;
  bool broken = false;

  bool next() {
    if (at_ >= bytes_.size() || broken) return false;
    const auto key = varint();
    if (!key) return false;
    field = static_cast<std::uint32_t>(*key >> 3);
    type = static_cast<std::uint32_t>(*key & 7);
    if (type == 0) {
      number = varint().value_or(0);
    } else if (type == 5 && bytes_.size() - at_ >= 4) {
      std::uint32_t bits = 0;
      for (std::size_t i = 0; i < 4; ++i) bits |= std::uint32_t{bytes_[at_ + i]} << (8 * i);
      real = std::bit_cast<float>(bits);
      at_ += 4;
    } else if (type == 2) {
      const auto length = varint();
      if (!length || *length > bytes_.size() - at_) return fail();
      message = bytes_.subspan(at_, static_cast<std::size_t>(*length));
      at_ += message.size();
    } else {
      return fail();
    }
    return !broken;
  }

 private:
  bool fail() {
    broken = true;
    return false;
  }
  std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const std::uint8_t byte = bytes_[at_++];
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80) == 0) return value;
    }
    broken = true;
    return std::nullopt;
  }

  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

// --- Best rotation ---

// The unit quaternion (w, x, y, z) that turns sources into targets best, from their covariance
// m[i][j] = Σ weight × source_i × target_j: the eigenvector of Horn's matrix with the largest eigenvalue
// (Horn 1987, "Closed-form solution of absolute orientation using unit quaternions"). Never a reflection.
std::array<double, 4> best_rotation(const std::array<Vector3, 3>& m) {
  using Matrix4 = std::array<std::array<double, 4>, 4>;
  Matrix4 n{{{m[0][0] + m[1][1] + m[2][2], m[1][2] - m[2][1], m[2][0] - m[0][2], m[0][1] - m[1][0]},
             {m[1][2] - m[2][1], m[0][0] - m[1][1] - m[2][2], m[0][1] + m[1][0], m[2][0] + m[0][2]},
             {m[2][0] - m[0][2], m[0][1] + m[1][0], -m[0][0] + m[1][1] - m[2][2], m[1][2] + m[2][1]},
             {m[0][1] - m[1][0], m[2][0] + m[0][2], m[1][2] + m[2][1], -m[0][0] - m[1][1] + m[2][2]}}};
  Matrix4 vectors{};
  for (std::size_t i = 0; i < 4; ++i) vectors[i][i] = 1;
  // Cyclic Jacobi; a 4×4 matrix is diagonal to double precision after a few sweeps.
  for (int sweep = 0; sweep < 20; ++sweep) {
    double off = 0, all = 0;
    for (std::size_t p = 0; p < 4; ++p) {
      for (std::size_t q = 0; q < 4; ++q) (p == q ? all : off) += n[p][q] * n[p][q];
    }
    if (off <= 1e-28 * all) break;
    for (std::size_t p = 0; p < 3; ++p) {
      for (std::size_t q = p + 1; q < 4; ++q) {
        if (n[p][q] == 0) continue;
        const double theta = (n[q][q] - n[p][p]) / (2 * n[p][q]);
        const double t = std::copysign(1.0, theta) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (std::size_t k = 0; k < 4; ++k) {
          const double kp = n[k][p], kq = n[k][q];
          n[k][p] = c * kp - s * kq;
          n[k][q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < 4; ++k) {
          const double pk = n[p][k], qk = n[q][k];
          n[p][k] = c * pk - s * qk;
          n[q][k] = s * pk + c * qk;
          const double vp = vectors[k][p], vq = vectors[k][q];
          vectors[k][p] = c * vp - s * vq;
          vectors[k][q] = s * vp + c * vq;
        }
      }
    }
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < 4; ++i) best = n[i][i] > n[best][best] ? i : best;
  return {vectors[0][best], vectors[1][best], vectors[2][best], vectors[3][best]};
}

std::array<Vector3, 3> matrix_of(const std::array<double, 4>& q) {
  const auto [w, x, y, z] = q;
  return {{{1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)},
           {2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)},
           {2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)}}};
}

float degrees(double angle_rad) {
  return static_cast<float>(angle_rad * 180 / std::numbers::pi);
}

}  // namespace

struct PoseFitter::Similarity {
  double scale = 0;
  std::array<Vector3, 3> rotation{};
  Vector3 translation{};
};

Result<PoseFitter> PoseFitter::create(const infer::ModelStore& store) {
  const auto bytes = store.read("face_geometry");
  if (!bytes) return tl::make_unexpected(bytes.error());
  return parse(*bytes);
}

Result<PoseFitter> PoseFitter::parse(std::span<const std::uint8_t> bytes) {
  const auto broken = [] {
    return bad_input(
        "model face_geometry: its file holds no canonical face; fetch it again with setup/fetch");
  };
  std::vector<float> vertices;
  PoseFitter fitter;
  bool for_landmarks = false;
  WireReader top(bytes);
  while (top.next()) {
    // The last field: this is the fit for landmarks with depth. Where it is missing the file is cut off.
    if (top.field == 3 && top.type == 0) for_landmarks = top.number == 1;
    if (top.type != 2) continue;
    WireReader inner(top.message);
    if (top.field == 1) {  // the canonical mesh
      while (inner.next()) {
        if (inner.field == 3 && inner.type == 5) vertices.push_back(inner.real);
      }
    } else if (top.field == 2) {  // one weighted point
      WeightedPoint point{};
      while (inner.next()) {
        if (inner.field == 1 && inner.type == 0) point.index = static_cast<std::size_t>(inner.number);
        if (inner.field == 2 && inner.type == 5) point.weight = static_cast<double>(inner.real);
      }
      fitter.points_.push_back(point);
    }
    if (inner.broken) return broken();
  }
  if (top.broken || !for_landmarks || vertices.size() != kCanonicalPoints * kFloatsPerVertex ||
      fitter.points_.size() < 3 || fitter.points_.size() > kMostWeighted) {
    return broken();
  }
  for (WeightedPoint& point : fitter.points_) {
    if (point.index >= kCanonicalPoints || !(point.weight > 0)) return broken();
    for (std::size_t i = 0; i < 3; ++i) {
      point.at[i] = static_cast<double>(vertices[point.index * kFloatsPerVertex + i]);
      if (!std::isfinite(point.at[i])) return broken();
    }
  }
  return fitter;
}

// The similarity that takes the canonical points to these targets with the least weighted squares. The scale
// is the one for scaled sources (not the symmetric one), as the reference takes it.
PoseFitter::Similarity PoseFitter::align(std::span<const Vector3> targets) const {
  double total = 0;
  Vector3 from{}, to{};
  for (std::size_t k = 0; k < points_.size(); ++k) {
    total += points_[k].weight;
    for (std::size_t i = 0; i < 3; ++i) {
      from[i] += points_[k].weight * points_[k].at[i];
      to[i] += points_[k].weight * targets[k][i];
    }
  }
  for (std::size_t i = 0; i < 3; ++i) from[i] /= total, to[i] /= total;

  std::array<Vector3, 3> covariance{};
  double spread = 0;
  for (std::size_t k = 0; k < points_.size(); ++k) {
    for (std::size_t i = 0; i < 3; ++i) {
      const double source = points_[k].weight * (points_[k].at[i] - from[i]);
      spread += source * (points_[k].at[i] - from[i]);
      for (std::size_t j = 0; j < 3; ++j) covariance[i][j] += source * (targets[k][j] - to[j]);
    }
  }
  Similarity fit;
  fit.rotation = matrix_of(best_rotation(covariance));
  double common = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) common += fit.rotation[j][i] * covariance[i][j];
  }
  fit.scale = common / spread;
  for (std::size_t j = 0; j < 3; ++j) {
    fit.translation[j] = to[j];
    for (std::size_t i = 0; i < 3; ++i) fit.translation[j] -= fit.scale * fit.rotation[j][i] * from[i];
  }
  return fit;
}

PoseFit PoseFitter::fit(const records::FaceMesh& mesh, int frame_width, int frame_height) const {
  const double height = 2 * kNear * std::tan(kFieldOfView / 2);
  const double per_px = height / frame_height;  // cm on the image plane
  double mean_z = 0;
  for (std::size_t i = 0; i < kCanonicalPoints; ++i) mean_z += static_cast<double>(mesh.points[i].z) * per_px;
  mean_z /= static_cast<double>(kCanonicalPoints);

  // On the image plane first; then, with the scale found there, at their distance from the camera; and once
  // more with that better scale.
  std::array<Vector3, kMostWeighted> targets{};
  const std::size_t count = points_.size();
  const auto place = [&](std::optional<double> scale) {
    for (std::size_t k = 0; k < count; ++k) {
      const records::Point3& point = mesh.points[points_[k].index];
      const double x = (static_cast<double>(point.x) - 0.5 * frame_width) * per_px;
      const double y = (0.5 * frame_height - static_cast<double>(point.y)) * per_px;
      const double z = static_cast<double>(point.z) * per_px;
      if (!scale) {
        targets[k] = {x, y, -z};
      } else {
        const double depth = (z - mean_z + kNear) / *scale;
        targets[k] = {x * depth / kNear, y * depth / kNear, -depth};
      }
    }
    return align(std::span(targets).first(count));
  };
  PoseFit result;
  const double first = place(std::nullopt).scale;
  if (!(first > 1e-9)) return result;
  const double second = place(first).scale;
  if (!(second > 1e-9)) return result;
  const Similarity fit = place(first * second);

  const auto& r = fit.rotation;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) result.camera_from_face[4 * i + j] = fit.scale * r[i][j];
    result.camera_from_face[4 * i + 3] = fit.translation[i];
  }
  // R = R_y(yaw) · R_x(pitch) · R_z(−roll): with y up, a turn of the image clockwise is negative.
  result.pose.yaw_deg = degrees(std::atan2(r[0][2], r[2][2]));
  result.pose.pitch_deg = degrees(std::asin(std::clamp(-r[1][2], -1.0, 1.0)));
  result.pose.roll_deg = degrees(-std::atan2(r[1][0], r[1][1]));
  result.pose.position_cm = {static_cast<float>(fit.translation[0]), static_cast<float>(fit.translation[1]),
                             static_cast<float>(fit.translation[2])};
  return result;
}

}  // namespace pyro::face

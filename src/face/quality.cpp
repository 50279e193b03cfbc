#include "pyro/face/quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "luma_grid.hpp"

namespace pyro::face {
namespace {

constexpr int kGridSide = 64;
constexpr std::size_t kForehead = 10, kChin = 152;

float distance(const records::Point3& a, const records::Point3& b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

}  // namespace

void measure_quality(const records::Frame& frame, records::FaceMesh& mesh) {
  records::FaceQuality& quality = mesh.quality;
  quality.size_px = distance(mesh.points[kForehead], mesh.points[kChin]);
  const auto width = static_cast<float>(frame.width), height = static_cast<float>(frame.height);
  const auto points = std::span(mesh.points).first(static_cast<std::size_t>(mesh.point_count));
  const auto inside = std::ranges::count_if(points, [&](const records::Point3& point) {
    return point.x >= 0 && point.y >= 0 && point.x <= width && point.y <= height;
  });
  quality.inside_fraction =
      points.empty() ? 0 : static_cast<float>(inside) / static_cast<float>(points.size());

  // A grid over the middle of the face, upright in the face: brows to mouth, cheek to cheek.
  LumaGrid<kGridSide> grid;
  const records::FaceRegion face{{mesh.box.x + mesh.box.width / 2, mesh.box.y + mesh.box.height / 2},
                                 0.8F * std::max(mesh.box.width, mesh.box.height),
                                 mesh.region.angle_rad};
  grid.sample(frame, face);
  double sum = 0, squares = 0;
  for (const float value : grid.values) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const double count = kGridSide * kGridSide;
  const double mean = sum / count, variance = std::max(0.0, squares / count - mean * mean);
  quality.brightness = static_cast<float>(mean);
  quality.contrast = static_cast<float>(std::sqrt(variance));

  // Energy of the discrete Laplacian over the variance: 0 for a smooth slope, 20 for white noise; independent
  // of gain and offset. Noise counts as sharp, so a dark noisy picture is left to the other limits.
  double energy = 0;
  for (int y = 1; y + 1 < kGridSide; ++y) {
    for (int x = 1; x + 1 < kGridSide; ++x) {
      const auto at = [&](int dx, int dy) {
        return grid.values[static_cast<std::size_t>((y + dy) * kGridSide + x + dx)];
      };
      const float laplacian = at(-1, 0) + at(1, 0) + at(0, -1) + at(0, 1) - 4 * at(0, 0);
      energy += static_cast<double>(laplacian * laplacian);
    }
  }
  energy /= (kGridSide - 2) * (kGridSide - 2);
  quality.sharpness = variance > 1e-6 ? static_cast<float>(energy / variance) : 0;
}

records::GapReason judge_quality(const records::FaceMesh& mesh, const QualityLimits& limits) {
  using enum records::GapReason;
  const records::FaceQuality& quality = mesh.quality;
  if (quality.inside_fraction < limits.min_inside_fraction) return outside_frame;
  if (quality.size_px < limits.min_size_px) return too_small;
  if (std::abs(mesh.pose.yaw_deg) > limits.max_yaw_deg ||
      std::abs(mesh.pose.pitch_deg) > limits.max_pitch_deg) {
    return turned_away;
  }
  if (quality.brightness < limits.min_brightness) return too_dark;
  if (quality.brightness > limits.max_brightness) return too_bright;
  if (quality.contrast < limits.min_contrast) return quality.brightness < 0.5F ? too_dark : too_bright;
  if (quality.sharpness < limits.min_sharpness) return blurred;
  const bool frontal = std::abs(mesh.pose.yaw_deg) <= limits.frontal_yaw_deg;
  if (quality.presence < (frontal ? limits.min_frontal_presence : limits.min_presence)) return occluded;
  return none;
}

}  // namespace pyro::face

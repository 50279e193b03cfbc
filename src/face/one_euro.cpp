#include "pyro/face/one_euro.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pyro::face {
namespace {

constexpr Seconds kForget{1};

// Share of the new value in an exponential mean whose cut-off frequency is this.
double share_of_new(double cutoff_hz, double step_s) {
  const double tau = 1 / (2 * std::numbers::pi * cutoff_hz);
  return 1 / (1 + tau / step_s);
}

}  // namespace

double OneEuro::filter(double value, Seconds time, const OneEuroOptions& options, double unit) {
  const double step = (time - last_time_).count();
  last_time_ = time;
  if (!started_ || step <= 0) {
    started_ = true;
    value_ = value;
    return value_;
  }
  const double speed = (value - value_) / step;
  speed_ += share_of_new(options.derivative_cutoff_hz, step) * (speed - speed_);
  const double cutoff = options.min_cutoff_hz + options.beta * std::abs(speed_) / unit;
  value_ += share_of_new(cutoff, step) * (value - value_);
  return value_;
}

void MeshSmoother::smooth(Seconds time, std::span<records::FaceMesh> faces) {
  std::erase_if(faces_, [&](const auto& entry) { return time - entry.second.seen > kForget; });
  for (records::FaceMesh& mesh : faces) {
    const double size = std::max({mesh.box.width, mesh.box.height, 1.0F});
    Face& face = faces_[mesh.face_id];
    face.seen = time;
    for (std::size_t i = 0; i < static_cast<std::size_t>(mesh.point_count); ++i) {
      auto& filters = face.points[i];
      records::Point3& point = mesh.points[i];
      const auto smoothed = [&](OneEuro& filter, float value) {
        return static_cast<float>(filter.filter(static_cast<double>(value), time, options_, size));
      };
      point = {smoothed(filters[0], point.x), smoothed(filters[1], point.y), smoothed(filters[2], point.z)};
    }
  }
}

}  // namespace pyro::face

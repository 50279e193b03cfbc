// Smoothing of what is shown, never of what is logged: the one-euro filter (Casiez, Roussel, Vogel 2012, "1 €
// Filter: a simple speed-based low-pass filter for noisy input in interactive systems").
#pragma once

#include <array>
#include <map>
#include <span>

#include "pyro/base/time.hpp"
#include "pyro/records/face.hpp"

namespace pyro::face {

struct OneEuroOptions {
  double min_cutoff_hz = 1.5;       // smoothing of a still value: lower is calmer and later
  double beta = 8;                  // how much quicker it follows per unit of speed
  double derivative_cutoff_hz = 1;  // smoothing of the speed
};

// One value. Times must not go back; a value at the same time as the last is taken as it is. `unit` is what
// counts as one unit of speed per second.
class OneEuro {
 public:
  [[nodiscard]] double filter(double value, Seconds time, const OneEuroOptions& options, double unit = 1);

 private:
  bool started_ = false;
  Seconds last_time_{0};
  double value_ = 0, speed_ = 0;
};

// Smooths the points of meshes face by face (by face_id). The speed is measured in face sizes per second, so
// that near and far faces are treated alike. Faces not seen for a second are forgotten.
class MeshSmoother {
 public:
  explicit MeshSmoother(OneEuroOptions options = {}) : options_(options) {}

  void smooth(Seconds time, std::span<records::FaceMesh> faces);

 private:
  struct Face {
    Seconds seen{0};
    std::array<std::array<OneEuro, 3>, records::kMeshPoints> points;
  };
  OneEuroOptions options_;
  std::map<std::int32_t, Face> faces_;
};

}  // namespace pyro::face

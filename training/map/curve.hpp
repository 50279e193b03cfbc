// How distance on the map becomes a weight: q = 1 / (1 + a d^(2b)), UMAP's smooth stand-in for "1 up to
// min_dist, then exp(-(d - min_dist) / spread)".
#pragma once

namespace pyro::training {

struct Curve {
  double a = 1, b = 1;

  [[nodiscard]] double at(double distance) const;
};

// Least squares over 300 distances in [0, 3 · spread], by Levenberg and Marquardt's method (Marquardt 1963).
// min_dist 0.1 and spread 1 give a 1.577, b 0.895.
[[nodiscard]] Curve fit_curve(double min_dist, double spread);

}  // namespace pyro::training

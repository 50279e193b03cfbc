#include "map/curve.hpp"

#include <cmath>

namespace pyro::training {
namespace {

constexpr int kPoints = 300;
constexpr int kMostSteps = 200;

}  // namespace

double Curve::at(double distance) const {
  return 1 / (1 + a * std::pow(distance, 2 * b));
}

Curve fit_curve(double min_dist, double spread) {
  const auto distance = [&](int i) { return 3 * spread * i / (kPoints - 1); };
  const auto residual = [&](const Curve& curve, double d) {
    return curve.at(d) - (d <= min_dist ? 1 : std::exp(-(d - min_dist) / spread));
  };
  const auto error = [&](const Curve& curve) {
    double sum = 0;
    for (int i = 0; i < kPoints; ++i) {
      sum += std::pow(residual(curve, distance(i)), 2);
    }
    return sum;
  };
  Curve curve;
  double damping = 1e-3;
  for (int step = 0; step < kMostSteps; ++step) {
    double aa = 0, ab = 0, bb = 0, ra = 0, rb = 0;  // JᵀJ and Jᵀr
    for (int i = 1; i < kPoints; ++i) {             // at 0 nothing depends on a or b
      const double d = distance(i);
      const double power = std::pow(d, 2 * curve.b);
      const double slope = -std::pow(curve.at(d), 2);  // of q by a · power
      const double by_a = slope * power;
      const double by_b = slope * curve.a * power * 2 * std::log(d);
      const double r = residual(curve, d);
      aa += by_a * by_a, ab += by_a * by_b, bb += by_b * by_b;
      ra += by_a * r, rb += by_b * r;
    }
    const double first = aa * (1 + damping);
    const double second = bb * (1 + damping);
    const double determinant = first * second - ab * ab;
    const Curve next{curve.a - (second * ra - ab * rb) / determinant,
                     curve.b - (first * rb - ab * ra) / determinant};
    const bool better = next.a > 0 && next.b > 0 && error(next) <= error(curve);
    if (better && std::abs(next.a - curve.a) + std::abs(next.b - curve.b) < 1e-12) {
      return next;
    }
    damping = better ? damping / 3 : damping * 4;
    curve = better ? next : curve;
  }
  return curve;
}

}  // namespace pyro::training

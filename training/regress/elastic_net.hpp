// The elastic net (Zou and Hastie 2005): least (1/2n) Σ (y - ŷ)² + λ (ρ Σ|b| + (1 - ρ)/2 Σ b²) over
// standardised figures, by cyclic coordinate descent on the covariances (Friedman, Hastie and Tibshirani
// 2010).
#pragma once

#include <array>
#include <span>
#include <vector>

#include "regress/cases.hpp"

namespace pyro::training {

// What of the figures does not depend on the target, so that a thousand targets can share it.
class Design {
 public:
  // Unknown figures become the median of the known ones; what is the same everywhere counts for nothing.
  Design(const regression::Matrix& x, const Rows& rows);

  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  [[nodiscard]] const std::vector<double>& fill() const { return fill_; }

 private:
  friend class ElasticNet;
  Rows rows_;
  std::vector<double> fill_, mean_, deviation_;  // deviation over n; 0: the same everywhere
  std::vector<float> z_;                         // standardised, row-major
  std::vector<double> covariance_;               // of the standardised
};

struct LinearModel {
  double intercept = 0;
  std::vector<double> weights, fill;  // for figures as they come

  [[nodiscard]] double operator()(const float* row) const;
};

// λ as a share of the least one at which every weight is 0, so that it means the same in every fold.
struct Penalty {
  double l1_share = 1;  // ρ, above 0
  double lambda_share = 1;
};
[[nodiscard]] const std::vector<double>& lambda_shares();  // from 1 down to 0.003
inline constexpr std::array<double, 3> kL1Shares = {0.1, 0.5, 1};

class ElasticNet {
 public:
  // `y` by row of all cases.
  ElasticNet(const Design& design, std::span<const double> y);

  [[nodiscard]] LinearModel fit(const Penalty& penalty) const;
  // The same, from the standardised weights of the λ before to those of this one. Begins with none (empty).
  [[nodiscard]] LinearModel step(const Penalty& penalty, std::vector<double>& weights) const;

 private:
  void descend(double lambda, double l1_share, std::vector<double>& weights) const;
  [[nodiscard]] double largest_lambda(double l1_share) const;
  [[nodiscard]] LinearModel model(const std::vector<double>& weights) const;

  const Design* design_;
  double mean_y_ = 0, deviation_y_ = 0;
  std::vector<double> with_y_;  // covariance of each standardised figure with y
};

}  // namespace pyro::training

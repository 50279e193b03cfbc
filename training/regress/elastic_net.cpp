#include "regress/elastic_net.hpp"

#include <algorithm>
#include <cmath>

#include "pyro/stats/moments.hpp"

namespace pyro::training {
namespace {

constexpr int kLambdas = 25;
constexpr double kLeastShare = 3e-3;
constexpr double kClose = 1e-6;    // of y's deviation: less than this moves nothing that anybody reads
constexpr int kMostSweeps = 1000;  // fewer figures than rows need some dozens

}  // namespace

const std::vector<double>& lambda_shares() {
  static const std::vector<double> shares = [] {
    std::vector<double> made;
    for (int i = 0; i < kLambdas; ++i) {
      made.push_back(std::pow(kLeastShare, static_cast<double>(i) / (kLambdas - 1)));
    }
    return made;
  }();
  return shares;
}

Design::Design(const regression::Matrix& x, const Rows& rows) : rows_(rows) {
  const std::size_t columns = x.columns;
  const auto n = static_cast<double>(rows.size());
  fill_.resize(columns);
  mean_.resize(columns);
  deviation_.resize(columns);
  z_.resize(rows.size() * columns);
  std::vector<double> known;
  for (std::size_t k = 0; k < columns; ++k) {
    known.clear();
    for (const std::size_t row : rows) {
      const float value = x.row(row)[k];
      if (std::isfinite(value)) {
        known.push_back(static_cast<double>(value));
      }
    }
    fill_[k] = known.empty() ? 0 : stats::median(known);
    const auto value_of = [&](std::size_t row) {
      const float value = x.row(row)[k];
      return std::isfinite(value) ? static_cast<double>(value) : fill_[k];
    };
    for (const std::size_t row : rows) {
      mean_[k] += value_of(row) / n;
    }
    double square = 0;
    for (const std::size_t row : rows) {
      square += (value_of(row) - mean_[k]) * (value_of(row) - mean_[k]) / n;
    }
    deviation_[k] = std::sqrt(square);
    if (deviation_[k] <= 1e-12 * std::max(1.0, std::abs(mean_[k]))) {
      deviation_[k] = 0;
      continue;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      z_[i * columns + k] = static_cast<float>((value_of(rows[i]) - mean_[k]) / deviation_[k]);
    }
  }
  covariance_.resize(columns * columns);
  std::vector<double> row(columns);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(z_.begin() + static_cast<std::ptrdiff_t>(i * columns), columns, row.begin());
    for (std::size_t a = 0; a < columns; ++a) {
      const double weight = row[a] / n;
      for (std::size_t b = 0; b < columns; ++b) {
        covariance_[a * columns + b] += weight * row[b];
      }
    }
  }
}

double LinearModel::operator()(const float* row) const {
  double value = intercept;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    value += weights[k] * (std::isfinite(row[k]) ? static_cast<double>(row[k]) : fill[k]);
  }
  return value;
}

ElasticNet::ElasticNet(const Design& design, std::span<const double> y)
    : design_(&design), with_y_(design.fill_.size()) {
  const auto n = static_cast<double>(design.rows());
  for (const std::size_t row : design.rows_) {
    mean_y_ += y[row] / n;
  }
  double square = 0;
  for (std::size_t i = 0; i < design.rows(); ++i) {
    const double distance = y[design.rows_[i]] - mean_y_;
    square += distance * distance / n;
    const float* z = design.z_.data() + i * with_y_.size();
    for (std::size_t k = 0; k < with_y_.size(); ++k) {
      with_y_[k] += static_cast<double>(z[k]) * distance / n;
    }
  }
  deviation_y_ = std::sqrt(square);
}

double ElasticNet::largest_lambda(double l1_share) const {
  double most = 0;
  for (const double covariance : with_y_) {
    most = std::max(most, std::abs(covariance));
  }
  return most / l1_share;
}

void ElasticNet::descend(double lambda, double l1_share, std::vector<double>& weights) const {
  const std::size_t columns = weights.size();
  const std::vector<double>& covariance = design_->covariance_;
  // How y still goes with each figure, beside what the weights explain.
  std::vector<double> left = with_y_;
  for (std::size_t k = 0; k < columns; ++k) {
    for (std::size_t j = 0; weights[k] != 0 && j < columns; ++j) {
      left[j] -= covariance[k * columns + j] * weights[k];
    }
  }
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    double moved = 0;
    for (std::size_t k = 0; k < columns; ++k) {
      const double own = covariance[k * columns + k];
      if (own == 0) {
        continue;
      }
      const double pull = left[k] + own * weights[k];
      const double beyond = std::max(0.0, std::abs(pull) - lambda * l1_share);
      const double weight = std::copysign(beyond, pull) / (own + lambda * (1 - l1_share));
      const double step = weight - weights[k];
      if (step == 0) {
        continue;
      }
      weights[k] = weight;
      moved = std::max(moved, std::abs(step));
      const double* row = covariance.data() + k * columns;
      for (std::size_t j = 0; j < columns; ++j) {
        left[j] -= row[j] * step;
      }
    }
    if (moved <= kClose * deviation_y_) {
      return;
    }
  }
}

LinearModel ElasticNet::model(const std::vector<double>& weights) const {
  LinearModel made{mean_y_, weights, design_->fill_};
  for (std::size_t k = 0; k < weights.size(); ++k) {
    made.weights[k] = design_->deviation_[k] > 0 ? weights[k] / design_->deviation_[k] : 0;
    made.intercept -= made.weights[k] * design_->mean_[k];
  }
  return made;
}

LinearModel ElasticNet::step(const Penalty& penalty, std::vector<double>& weights) const {
  weights.resize(with_y_.size());
  descend(largest_lambda(penalty.l1_share) * penalty.lambda_share, penalty.l1_share, weights);
  return model(weights);
}

LinearModel ElasticNet::fit(const Penalty& penalty) const {
  std::vector<double> weights;
  return step(penalty, weights);
}

}  // namespace pyro::training

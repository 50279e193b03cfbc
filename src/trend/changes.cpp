#include "pyro/trend/changes.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "numbers.hpp"

namespace pyro::trend {
namespace {

// Squared distances from the mean of any piece, in constant time.
class Costs {
 public:
  explicit Costs(std::span<const double> value) : sum_{0}, squares_{0} {
    double middle = 0;  // taken off first, so that large equal parts do not cancel
    for (const double v : value) middle += v / static_cast<double>(value.size());
    for (const double v : value) {
      sum_.push_back(sum_.back() + (v - middle));
      squares_.push_back(squares_.back() + (v - middle) * (v - middle));
    }
  }
  [[nodiscard]] double of(std::size_t from, std::size_t to) const {
    const double sum = sum_[to] - sum_[from];
    return squares_[to] - squares_[from] - sum * sum / static_cast<double>(to - from);
  }

 private:
  std::vector<double> sum_, squares_;
};

double mean_square_of_differences(std::span<const double> value, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = lag; i < value.size(); ++i)
    sum += (value[i] - value[i - lag]) * (value[i] - value[i - lag]);
  return sum / static_cast<double>(value.size() - lag);
}

}  // namespace

std::vector<std::size_t> cut_by_mean(std::span<const double> value, double penalty, std::size_t least) {
  struct Candidate {
    std::size_t start, until;  // beyond `until` it can no longer be the best last cut
  };
  constexpr std::size_t kAlways = static_cast<std::size_t>(-1);
  const std::size_t n = value.size();
  if (n < 2 * least) return {};
  const Costs costs(value);
  std::vector<double> best(n + 1, 0);
  std::vector<std::size_t> last(n + 1, 0);
  best[0] = -penalty;
  std::vector<Candidate> candidates{{0, kAlways}};
  for (std::size_t end = least; end <= n; ++end) {
    // A piece that begins within the first `least` values would leave too short a first one.
    if (end >= 2 * least) candidates.push_back({end - least, kAlways});
    std::erase_if(candidates, [end](const Candidate& c) { return c.until < end; });
    double lowest = std::numeric_limits<double>::infinity();
    for (const Candidate& c : candidates) {
      const double total = best[c.start] + costs.of(c.start, end) + penalty;
      if (total < lowest) lowest = total, last[end] = c.start;
    }
    best[end] = lowest;
    // Whoever is worse by now than a cut here stays so, but that cut can be used only `least` values on.
    for (Candidate& c : candidates) {
      if (c.until == kAlways && best[c.start] + costs.of(c.start, end) > lowest) c.until = end + least - 1;
    }
  }
  std::vector<std::size_t> cuts;
  for (std::size_t at = last[n]; at > 0; at = last[at]) cuts.push_back(at);
  std::ranges::reverse(cuts);
  return cuts;
}

Result<Changes> change_points(std::span<const double> value) {
  if (value.size() < 2 * kShortestStretch)
    return bad_input("change points need values on at least " + std::to_string(2 * kShortestStretch) +
                     " days; here are " + std::to_string(value.size()));
  if (stats::constant(value)) return bad_input("all values are alike, so none is a change");
  const std::vector<double> rank = ranks(value);
  const double m1 = mean_square_of_differences(rank, 1), m2 = mean_square_of_differences(rank, 2);
  Changes out;
  // m1 is 0 only of equal neighbours, which stats::constant has caught.
  out.lag1 = std::clamp(m2 / m1 - 1, 0.0, 0.9);
  const double variance = m1 / (2 * (1 - out.lag1));
  out.penalty = 3 * variance * (1 + out.lag1) / (1 - out.lag1) * std::log(static_cast<double>(value.size()));
  out.first = cut_by_mean(rank, out.penalty, kShortestStretch);
  return out;
}

}  // namespace pyro::trend

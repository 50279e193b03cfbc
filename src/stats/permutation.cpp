#include <algorithm>
#include <cmath>
#include <vector>

#include "pyro/stats/correlation.hpp"
#include "pyro/stats/moments.hpp"

namespace pyro::stats {
namespace {

// splitmix64 (Steele et al. 2014): the same numbers on every machine, and a few cycles each.
class Splitmix {
 public:
  explicit Splitmix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t operator()() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }

 private:
  std::uint64_t state_;
};

// In [0, count): the upper half of 32 random bits times count (Lemire 2019), without his rejection: the bias
// is below count / 2^32.
std::size_t below(std::uint32_t bits, std::size_t count) {
  return static_cast<std::size_t>((std::uint64_t{bits} * count) >> 32U);
}

// Fisher–Yates, two places from each random number.
void shuffle(std::vector<double>& values, Splitmix& random) {
  std::size_t i = values.size();
  for (; i > 2; i -= 2) {
    const std::uint64_t bits = random();
    std::swap(values[i - 1], values[below(static_cast<std::uint32_t>(bits), i)]);
    std::swap(values[i - 2], values[below(static_cast<std::uint32_t>(bits >> 32U), i - 1)]);
  }
  if (i == 2 && (random() & 1U) != 0) std::swap(values[0], values[1]);
}

// Sixteen sums side by side, so that the compiler may use vectors without changing the order of additions.
double dot(const std::vector<double>& a, const std::vector<double>& b) {
  constexpr std::size_t kLanes = 16;
  double lanes[kLanes] = {};
  const std::size_t whole = a.size() / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += a[i + lane] * b[i + lane];
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  for (std::size_t i = whole; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Distances from the mean, scaled so that the products of two such vectors sum to r.
std::vector<double> standardised(std::span<const double> values) {
  const double middle = mean(values);
  std::vector<double> out(values.begin(), values.end());
  double squares = 0;
  for (double& value : out) value -= middle, squares += value * value;
  for (double& value : out) value /= std::sqrt(squares);
  return out;
}

}  // namespace

Result<Permutation> permutation_test(std::span<const double> x, std::span<const double> y,
                                     std::int64_t permutations, std::uint64_t seed) {
  if (Status good = check_pairs(x, y); !good) return tl::make_unexpected(good.error());
  if (permutations < 1) return wrong_use("a permutation test needs at least one permutation");
  const std::vector<double> fixed = standardised(x);
  std::vector<double> moved = standardised(y);
  // Permutations that give the same r in exact numbers must count as the same here.
  constexpr double kRounding = 1e-12;
  const double observed = std::abs(dot(fixed, moved)) - kRounding;
  std::int64_t as_large = 0, tried = 0;
  const bool exact = x.size() <= kLargestExact;
  if (exact) {
    std::vector<std::size_t> order(moved.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::vector<double> permuted(moved.size());
    do {
      for (std::size_t i = 0; i < order.size(); ++i) permuted[i] = moved[order[i]];
      as_large += std::abs(dot(fixed, permuted)) >= observed ? 1 : 0;
      ++tried;
    } while (std::ranges::next_permutation(order).found);
    return Permutation{static_cast<double>(as_large) / static_cast<double>(tried), tried, true};
  }
  Splitmix random(seed);
  for (; tried < permutations; ++tried) {
    shuffle(moved, random);
    as_large += std::abs(dot(fixed, moved)) >= observed ? 1 : 0;
  }
  return Permutation{static_cast<double>(1 + as_large) / static_cast<double>(1 + tried), tried, false};
}

}  // namespace pyro::stats

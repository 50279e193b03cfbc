// Random numbers that are the same on every machine: the standard library fixes its engines, not its
// distributions.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace pyro::datasets {

// One stream of random numbers per (seed, stream, index): a sample's augmentation depends on nothing else, so
// neither threads nor a resumed run change it. Mixed by splitmix64 (Steele et al. 2014).
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t seed, std::uint64_t stream, std::uint64_t index = 0) {
  std::uint64_t state = seed;
  for (const std::uint64_t part : {stream, index}) {
    state += 0x9e3779b97f4a7c15ULL + part * 0xbf58476d1ce4e5b9ULL;
    state = (state ^ (state >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    state = (state ^ (state >> 27U)) * 0x94d049bb133111ebULL;
    state ^= state >> 31U;
  }
  return state;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() { return state_ = mix(state_, 1); }
  // In [0, 1).
  float uniform() { return static_cast<float>(next() >> 40U) * 0x1p-24F; }
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  // In [0, count). The bias of the remainder is below 1e-9 for the counts used here.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(next() % count); }

 private:
  std::uint64_t state_;
};

// Fisher–Yates.
template <typename T>
void shuffle(std::span<T> items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) {
    std::swap(items[i - 1], items[random.below(i)]);
  }
}

}  // namespace pyro::datasets

#include "pyro/datasets/fingerprint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "pyro/datasets/near_pairs.hpp"
#include "pyro/datasets/random.hpp"
#include "pyro/datasets/twins.hpp"
#include "test_faces.hpp"

namespace pyro::datasets {
namespace {

int distance(const crop::GreyFace& a, const crop::GreyFace& b) {
  return std::popcount(perceptual_hash(a) ^ perceptual_hash(b));
}

bool near(const crop::GreyFace& a, const crop::GreyFace& b) {
  return distance(a, b) <= kTwinBits && likeness(sketch_of(a), sketch_of(b)) >= kTwinLikeness;
}

template <typename Change>
crop::GreyFace changed(const crop::GreyFace& face, Change change) {
  crop::GreyFace out;
  for (std::size_t i = 0; i < out.pixels.size(); ++i)
    out.pixels[i] = static_cast<std::uint8_t>(std::clamp(std::lround(change(face.pixels[i], i)), 0L, 255L));
  return out;
}

TEST(Fingerprint, LightContrastAndRecompressionStayNear) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const crop::GreyFace face = made_up_face(seed);
    Random random(seed + 1000);
    EXPECT_TRUE(near(face, changed(face, [](double p, std::size_t) { return p + 12; }))) << seed;
    EXPECT_TRUE(near(face, changed(face, [](double p, std::size_t) { return 0.8 * p + 5; }))) << seed;
    // What recompression does: a step of quantisation and noise.
    EXPECT_TRUE(near(
        face,
        changed(face, [&](double p, std::size_t) { return 6 * std::round(p / 6) + random.uniform(-4, 4); })))
        << seed;
  }
}

TEST(Fingerprint, DifferentFacesAreFar) {
  int nearest = 64, pairs = 0;
  for (std::uint64_t a = 0; a < 60; ++a) {
    for (std::uint64_t b = a + 1; b < 60; ++b) {
      const crop::GreyFace first = made_up_face(a), second = made_up_face(b);
      nearest = std::min(nearest, distance(first, second));
      pairs += near(first, second) ? 1 : 0;
    }
  }
  EXPECT_GT(nearest, kTwinBits);
  EXPECT_EQ(pairs, 0);
}

// The definition, written down once more without its shortcuts.
TEST(Fingerprint, TheHashIsTheSignsOfTheLowestFrequencies) {
  const crop::GreyFace face = made_up_face(3);
  std::vector<double> values;
  for (int diagonal = 1; values.size() < 64; ++diagonal) {
    for (int u = 0; u <= diagonal && values.size() < 64; ++u) {
      double sum = 0;
      for (int y = 0; y < 48; ++y) {
        for (int x = 0; x < 48; ++x) {
          sum += face.pixels[static_cast<std::size_t>(y * 48 + x)] * std::cos(M_PI * u * (2 * x + 1) / 96) *
                 std::cos(M_PI * (diagonal - u) * (2 * y + 1) / 96);
        }
      }
      values.push_back(sum);
    }
  }
  std::vector<double> sorted = values;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < 64; ++i)
    EXPECT_EQ((perceptual_hash(face) >> i) & 1U, values[i] > sorted[32] ? 1U : 0U) << i;
}

TEST(Fingerprint, ABlankIsLikeNothing) {
  crop::GreyFace blank;
  blank.pixels.fill(90);
  EXPECT_EQ(likeness(sketch_of(blank), sketch_of(blank)), 0);
  EXPECT_NEAR(likeness(sketch_of(made_up_face(1)), sketch_of(made_up_face(1))), 1, 1e-6);
}

TEST(Digest, TellsEveryPixelApart) {
  crop::GreyFace face = made_up_face(1);
  const Digest before = digest_of(face);
  EXPECT_EQ(before, digest_of(made_up_face(1)));
  face.pixels[2303] ^= 1;
  EXPECT_NE(before, digest_of(face));
}

TEST(Digest, AGreyPictureIsTheSameFromAFileAsFromIdx) {
  const crop::GreyFace face = made_up_face(5);
  records::Frame frame;
  frame.width = frame.height = 48;
  frame.full_range = true;
  frame.y = {face.pixels.data(), 48};
  EXPECT_EQ(digest_of(frame), digest_of(face));
  frame.width = 24;
  EXPECT_NE(digest_of(frame), digest_of(face));
}

TEST(NearPairs, AreThoseThatComparingAllWithAllFinds) {
  Random random(7);
  // Clusters of near hashes, chance neighbours, and blocks that many hashes share.
  std::vector<std::uint64_t> hashes;
  for (int cluster = 0; cluster < 40; ++cluster) {
    const std::uint64_t centre = cluster % 3 == 0 ? random.next() & 0xFFFFULL : random.next();
    for (int member = 0; member < 20; ++member) {
      std::uint64_t hash = centre;
      for (std::size_t flips = random.below(9); flips > 0; --flips)
        hash ^= std::uint64_t{1} << random.below(64);
      hashes.push_back(hash);
    }
  }
  for (int bits = 0; bits <= kMostNearBits; ++bits) {
    std::vector<std::pair<std::size_t, std::size_t>> expected, found;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      for (std::size_t j = i + 1; j < hashes.size(); ++j) {
        if (std::popcount(hashes[i] ^ hashes[j]) <= bits) expected.emplace_back(i, j);
      }
    }
    near_pairs(hashes, bits, [&](std::size_t i, std::size_t j) { found.emplace_back(i, j); });
    std::ranges::sort(found);
    EXPECT_EQ(found, expected) << bits << " bits";
  }
}

}  // namespace
}  // namespace pyro::datasets

#include "pyro/datasets/neighbours.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "pyro/datasets/random.hpp"

namespace pyro::datasets {
namespace {

using records::MapPoint;

std::vector<MapPoint> scattered(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<MapPoint> points(count);
  for (MapPoint& point : points) point = {random.uniform(-1, 1), random.uniform(-1, 1)};
  return points;
}

std::vector<float> rows_of(const std::vector<MapPoint>& points) {
  std::vector<float> rows;
  for (const MapPoint& point : points) rows.insert(rows.end(), {point.x, point.y});
  return rows;
}

TEST(Neighbourhoods, AMapThatIsTheThingItselfKeepsAll) {
  const std::vector<MapPoint> points = scattered(200, 1);
  const Neighbourhoods kept = neighbourhoods(rows_of(points), points, 15);
  EXPECT_EQ(kept.n, 200);
  EXPECT_DOUBLE_EQ(kept.trustworthiness, 1);
  EXPECT_DOUBLE_EQ(kept.continuity, 1);
}

TEST(Neighbourhoods, AnUnrelatedMapKeepsAboutHalf) {
  const Neighbourhoods kept = neighbourhoods(rows_of(scattered(600, 1)), scattered(600, 2), 15);
  EXPECT_NEAR(kept.trustworthiness, 0.5, 0.05);
  EXPECT_NEAR(kept.continuity, 0.5, 0.05);
}

// On a line A 0, B 1, C 3, D 7; on the map 0, 10, 1, 2. Nearest on the map: A-C (rank 2 on the line), B-D
// (3), C-A (2, the earlier of two equally near), D-C (1): ranks exceed 1 by 1 + 2 + 1 + 0. Nearest on the
// line: A-B (rank 3 on the map), B-A (3), C-B (3), D-C (1): 2 + 2 + 2 + 0. The greatest possible sum is
// 4·1·(8-3-1)/2.
TEST(Neighbourhoods, ACaseWorkedByHand) {
  const std::array<float, 4> line{0, 1, 3, 7};
  const std::vector<MapPoint> map{{0, 0}, {10, 0}, {1, 0}, {2, 0}};
  const Neighbourhoods kept = neighbourhoods(line, map, 1);
  EXPECT_DOUBLE_EQ(kept.trustworthiness, 1 - 4.0 / 8);
  EXPECT_DOUBLE_EQ(kept.continuity, 1 - 6.0 / 8);
}

TEST(Neighbourhoods, TooFewPointsHaveNoFigure) {
  const std::vector<MapPoint> points = scattered(31, 1);
  EXPECT_TRUE(std::isnan(neighbourhoods(rows_of(points), points, 15).trustworthiness));
}

TEST(Vote, TheMostFrequentThenTheNearest) {
  EXPECT_EQ(vote(std::array{2, 3, 3}), 3);
  EXPECT_EQ(vote(std::array{5, 3, 3, 5}), 5);
  EXPECT_EQ(vote(std::array{-1, -1, 4}), 4);
  EXPECT_EQ(vote(std::array{-1}), -1);
}

TEST(LabelAt, AsksTheNearest) {
  const std::vector<records::PlacedFace> placed{
      {{0, 0}, 1}, {{1, 0}, 1}, {{9, 9}, 2}, {{8, 9}, 2}, {{9, 8}, 2}};
  EXPECT_EQ(label_at({0.5F, 0}, placed, 2), 1);
  EXPECT_EQ(label_at({9, 9}, placed, 3), 2);
  EXPECT_EQ(label_at({0, 0}, placed, 5), 2);  // three of five
}

TEST(CentresOf, AreMediansOfEachClass) {
  const std::vector<records::PlacedFace> placed{
      {{0, 0}, 3}, {{1, 5}, 3}, {{100, 6}, 3}, {{7, 7}, 0}, {{1, 1}, -1}};
  const auto centres = centres_of(placed);
  ASSERT_EQ(centres.size(), 2U);
  EXPECT_EQ(centres[0].label, 0);
  EXPECT_EQ(centres[1].at.x, 1);
  EXPECT_EQ(centres[1].at.y, 5);
}

}  // namespace
}  // namespace pyro::datasets

#include "map/map.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "map/curve.hpp"
#include "map/knn.hpp"
#include "pyro/datasets/neighbours.hpp"

namespace pyro::training {
namespace {

// `count` points around each of three centres in 12 dimensions, class by class in turn.
struct Clusters {
  torch::Tensor rows;
  std::vector<int> labels;
};
Clusters clusters(int64_t count, std::uint64_t seed) {
  torch::manual_seed(seed);
  const torch::Tensor classes = torch::arange(3 * count) % 3;
  const torch::Tensor centres = torch::eye(3, 12).mul(6);
  Clusters made{centres.index_select(0, classes) + torch::randn({3 * count, 12}), {}};
  for (int64_t i = 0; i < 3 * count; ++i) {
    made.labels.push_back(static_cast<int>(i % 3));
  }
  return made;
}

EncoderOptions quick() {
  EncoderOptions options;
  options.steps = 400;
  options.batch = 128;
  return options;
}

TEST(Nearest, IsWhatComparingAllPairsGives) {
  const torch::Tensor rows = clusters(70, 3).rows;
  const Neighbours near = nearest_others(rows, 9);
  const torch::Tensor all = torch::cdist(rows.to(torch::kDouble), rows.to(torch::kDouble)) +
                            torch::eye(rows.size(0), torch::kDouble) * 1e9;
  const auto [distances, index] = all.topk(9, 1, false, true);
  for (int64_t i = 0; i < rows.size(0); ++i) {
    for (int64_t j = 0; j < 9; ++j) {
      const auto at = static_cast<std::size_t>(i * 9 + j);
      EXPECT_EQ(near.index[at], index[i][j].item<int64_t>());
      EXPECT_NEAR(near.distance[at], distances[i][j].item<double>(), 1e-4);
    }
  }
}

TEST(LocalScale, TheWeightsSumToLog2k) {
  const Neighbours near = nearest_others(clusters(40, 4).rows, 15);
  for (std::size_t i = 0; i < 120; ++i) {
    const auto row = std::span(near.distance).subspan(i * 15, 15);
    const LocalScale scale = local_scale(row);
    EXPECT_EQ(static_cast<float>(scale.rho), row[0]);
    double sum = 0;
    for (const float distance : row) {
      sum += std::exp(-(static_cast<double>(distance) - scale.rho) / scale.sigma);
    }
    EXPECT_NEAR(sum, std::log2(15), 1e-6);
  }
}

// Distances 1, 2, 3, 4 with log2 4 = 2: 1 + x + x² + x³ = 2 for x = exp(-1 / sigma) = 0.5436890127.
TEST(LocalScale, ACaseWorkedByHand) {
  const LocalScale scale = local_scale(std::array{1.0F, 2.0F, 3.0F, 4.0F});
  EXPECT_DOUBLE_EQ(scale.rho, 1);
  EXPECT_NEAR(scale.sigma, -1 / std::log(0.5436890127), 1e-6);
}

TEST(LocalScale, TwinsDoNotMakeItFail) {
  const LocalScale some = local_scale(std::array{0.0F, 0.0F, 2.0F, 4.0F});
  EXPECT_DOUBLE_EQ(some.rho, 2);
  EXPECT_GT(some.sigma, 0);
  EXPECT_GT(local_scale(std::array{0.0F, 0.0F, 0.0F}).sigma, 0);
}

// Three points on a line at 0, 1 and 3, two neighbours each, log2 2 = 1: nothing but the nearest weighs, so
// 0-1 is 1 from both ends, 1-2 is 1 from point 2 only, and 0-2 vanishes.
TEST(FuzzySet, ACaseWorkedByHand) {
  const Neighbours near{2, {1, 2, 0, 2, 1, 0}, {1, 3, 1, 2, 2, 3}};
  const std::vector<Edge> edges = fuzzy_set(near);
  for (const Edge& edge : edges) {
    EXPECT_LT(edge.from, edge.to);
    EXPECT_NEAR(edge.weight, edge.from == 0 && edge.to == 2 ? 0 : 1, 1e-6);
  }
  EXPECT_GE(edges.size(), 2U);
}

TEST(FuzzySet, JoinsBothDirections) {
  const Neighbours near = nearest_others(clusters(40, 5).rows, 15);
  std::map<std::pair<int, int>, double> directed;
  for (std::size_t i = 0; i < 120; ++i) {
    const LocalScale scale = local_scale(std::span(near.distance).subspan(i * 15, 15));
    for (std::size_t j = 0; j < 15; ++j) {
      directed[{static_cast<int>(i), near.index[i * 15 + j]}] =
          std::exp(-(static_cast<double>(near.distance[i * 15 + j]) - scale.rho) / scale.sigma);
    }
  }
  std::size_t pairs = 0;
  for (const auto& [ends, weight] : directed) {
    pairs += ends.first < ends.second || !directed.contains({ends.second, ends.first}) ? 1 : 0;
  }
  const std::vector<Edge> edges = fuzzy_set(near);
  EXPECT_EQ(edges.size(), pairs);
  for (const Edge& edge : edges) {
    const auto known = [&](int from, int to) {
      const auto found = directed.find({from, to});
      return found == directed.end() ? 0.0 : found->second;
    };
    const double a = known(edge.from, edge.to);
    const double b = known(edge.to, edge.from);
    EXPECT_NEAR(edge.weight, a + b - a * b, 1e-5);
    EXPECT_GT(edge.weight, 0);
    EXPECT_LE(edge.weight, 1);
  }
}

// Labels 0, 0, 1, none on a chain. far e^-5 = f, unknown e^-1 = u: the weights become 0.8, 0.5 f, 0.4 u; the
// rows' largest are 0.8, 0.8, 0.4 u, 0.4 u.
TEST(Supervised, ACaseWorkedByHand) {
  const std::vector<Edge> edges =
      supervised({{0, 1, 0.8F}, {1, 2, 0.5F}, {2, 3, 0.4F}}, std::array{0, 0, 1, -1});
  const double between = 0.5 * std::exp(-5.0);
  const double a = between / 0.8;
  const double b = between / (0.4 * std::exp(-1.0));
  ASSERT_EQ(edges.size(), 3U);
  EXPECT_NEAR(edges[0].weight, 1, 1e-6);
  EXPECT_NEAR(edges[1].weight, a + b - a * b, 1e-6);
  EXPECT_NEAR(edges[2].weight, 1, 1e-6);
}

TEST(Curve, IsTheKnownOne) {
  const Curve curve = fit_curve(0.1, 1);
  EXPECT_NEAR(curve.a, 1.577, 1e-3);
  EXPECT_NEAR(curve.b, 0.895, 1e-3);
  EXPECT_DOUBLE_EQ(curve.at(0), 1);
}

TEST(FitEncoder, PlacesUnseenPointsInTheirCluster) {
  torch::set_num_threads(1);
  const Clusters fitted = clusters(100, 6);
  const Clusters unseen = clusters(50, 7);
  const auto edges = supervised(fuzzy_set(nearest_others(fitted.rows, 15)), fitted.labels);
  const MapEncoder encoder = fit_encoder(fitted.rows, edges, fit_curve(0.1, 1), quick());
  const Neighbours near = nearest(encoder.place(unseen.rows), encoder.place(fitted.rows), 15);
  int right = 0;
  for (std::size_t i = 0; i < unseen.labels.size(); ++i) {
    std::array<int, 15> said{};
    for (std::size_t j = 0; j < said.size(); ++j) {
      said[j] = fitted.labels[static_cast<std::size_t>(near.index[i * 15 + j])];
    }
    right += datasets::vote(said) == unseen.labels[i] ? 1 : 0;
  }
  EXPECT_GT(right / 150.0, 0.95);
}

TEST(FitEncoder, TheSameSeedGivesTheSameWeights) {
  torch::set_num_threads(1);
  const Clusters fitted = clusters(30, 8);
  const auto edges = fuzzy_set(nearest_others(fitted.rows, 5));
  EncoderOptions options = quick();
  options.steps = 30;
  const MapEncoder one = fit_encoder(fitted.rows, edges, {}, options);
  const MapEncoder same = fit_encoder(fitted.rows, edges, {}, options);
  options.seed = 2;
  const MapEncoder other = fit_encoder(fitted.rows, edges, {}, options);
  for (std::size_t i = 0; i < one.layers.size(); ++i) {
    EXPECT_TRUE(one.layers[i].weight.equal(same.layers[i].weight));
    EXPECT_FALSE(one.layers[i].weight.equal(other.layers[i].weight));
  }
}

class MapFile : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // pyrometer-ir stands beside the training program, not beside a test.
  [[nodiscard]] int convert(const Arrays& arrays) const {
    EXPECT_TRUE(write_arrays(folder_ / "map.arrays", arrays));
    const std::string command = std::string(PYRO_IR_PROGRAM) + " convert-map " +
                                (folder_ / "map.arrays").string() + " " + (folder_ / "map.xml").string() +
                                " > " + (folder_ / "said").string() + " 2>&1";
    const int status = std::system(command.c_str());
    return WEXITSTATUS(status);
  }
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("pyro_map_" + std::to_string(::getpid()));
};

TEST_F(MapFile, AnswersAsTheEncoderOrIsRefused) {
  const Clusters fitted = clusters(30, 9);
  EncoderOptions options = quick();
  options.steps = 30;
  const MapEncoder encoder =
      fit_encoder(fitted.rows * 3 + 5, fuzzy_set(nearest_others(fitted.rows, 5)), {}, options);
  Arrays arrays = to_arrays(encoder, fitted.rows);
  arrays.about = {{"layers", encoder.layers.size()}, {"expression_weights", "none"}};
  arrays.items["fitted"] = {{1, 3}, {0, 0, 1}};
  EXPECT_EQ(convert(arrays), 0);
  arrays.items["reference.map"].values[7] += 1e-3F;
  EXPECT_EQ(convert(arrays), exit_code(ErrorCode::failed));
  arrays.items.erase("layer1.bias");
  EXPECT_EQ(convert(arrays), exit_code(ErrorCode::bad_input));
}

TEST(FitMap, SaysWhatIsMissing) {
  Split data;
  data.fit.resize(10);
  EXPECT_NE(fit_map(data, {}).error().message.find("only 10 faces"), std::string::npos);
  data.fit.resize(20);
  for (Sample& sample : data.fit) {
    sample.majority = 3;
  }
  EXPECT_NE(fit_map(data, {}).error().message.find("all of one class"), std::string::npos);
  data.fit.front().majority = 4;
  EXPECT_NE(fit_map(data, {}).error().message.find("no face is held out"), std::string::npos);
}

}  // namespace
}  // namespace pyro::training

#include "pyro/signals/embedding_map.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "pyro/infer/selftest.hpp"
#include "pyro/signals/expression_net.hpp"

namespace pyro::signals {
namespace {

class ShippedMap : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path source = PYRO_SOURCE_DIR;
    auto opened = infer::ModelStore::open({source / "models", source / ".pyrometer"});
    ASSERT_TRUE(opened) << opened.error().text();
    models_.emplace(std::move(*opened));
    if (models_->find("expression_map") == nullptr) GTEST_SKIP() << "no map is shipped";
  }
  std::optional<infer::ModelStore> models_;
};

// The self-test holds what the encoder answered in libtorch.
TEST_F(ShippedMap, PlacesFacesWhereLibtorchDoes) {
  auto map = EmbeddingMap::create(*models_);
  ASSERT_TRUE(map) << map.error().text();
  const infer::ModelEntry& entry = *models_->find("expression_map");
  std::ifstream file(models_->path_of(entry.self_test, entry.origin));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto test = infer::parse_self_test(text, "selftest.json");
  ASSERT_TRUE(test) << test.error().text();
  ASSERT_GE(test->cases.size(), 2U);
  for (const infer::SelfTestCase& one : test->cases) {
    const auto at = map->project(one.input);
    ASSERT_TRUE(at) << at.error().text();
    EXPECT_NEAR(at->x, one.outputs[0][0], 1e-4) << one.what;
    EXPECT_NEAR(at->y, one.outputs[0][1], 1e-4) << one.what;
  }
  EXPECT_EQ(map->fitted().size(), test->cases[0].outputs[1].size() / 3);
  EXPECT_GT(map->fitted().size(), 100U);
}

TEST_F(ShippedMap, TakesTheEmbeddingOfTheLastFace) {
  auto net = ExpressionNet::create(*models_);
  ASSERT_TRUE(net) << net.error().text();
  auto map = EmbeddingMap::create(*models_);
  ASSERT_TRUE(map) << map.error().text();
  std::vector<records::MapPoint> places;
  for (const int step : {1, 7}) {
    crop::GreyFace face;
    for (std::size_t i = 0; i < face.pixels.size(); ++i)
      face.pixels[i] = static_cast<std::uint8_t>(i * static_cast<std::size_t>(step) % 251);
    ASSERT_TRUE(net->read(face));
    const auto at = map->project(net->embedding());
    ASSERT_TRUE(at) << at.error().text();
    places.push_back(*at);
  }
  EXPECT_NE(places[0].x, places[1].x);
  const auto wrong = map->project(net->embedding().first(3));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::bad_input);
}

TEST_F(ShippedMap, IsRefusedForAnotherModel) {
  const auto map = EmbeddingMap::create(*models_, "fused");
  ASSERT_FALSE(map);
  EXPECT_EQ(map.error().code, ErrorCode::bad_input);
  EXPECT_NE(map.error().message.find("another expression model than fused@"), std::string::npos)
      << map.error().message;
  const auto no_map = EmbeddingMap::create(*models_, "expression", "expression");
  ASSERT_FALSE(no_map);
  EXPECT_NE(no_map.error().message.find("no map"), std::string::npos);
}

}  // namespace
}  // namespace pyro::signals

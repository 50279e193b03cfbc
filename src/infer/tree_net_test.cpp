#include "tree_net.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace {

using pyro::infer::TreeNet;
using testing::HasSubstr;

// Two features, two classes, one head. Class 0: a stump on feature 1 at 0.5, missing goes right; class 1: a
// leaf.
std::string model(const std::string& left = "[1,0,0,0]", const std::string& feature = "[1,0,0,0]",
                  const std::string& root = "[0,3]") {
  return R"({"schema":"pyrometer-trees/1","features":["a","b"],"classes":["x","y"],"smoothing_s":0.5,)"
         R"("heads":[{"network":[1,0.5],"branch":[0.25,0.25],"bias":[0.1,0],"left":)" +
         left + R"(,"feature":)" + feature + R"(,"missing_left":[0,0,0,0],"value":[0.5,2,-1,0.5],"root":)" +
         root + "}]}";
}

struct Said {
  float fused, branch;
};
Said say(const TreeNet& net, float b, float p) {
  TreeNet::Memory memory(net);
  const float input[] = {7, b, p, 1 - p};
  std::copy(std::begin(input), std::end(input), memory.input().begin());
  net.run(memory);
  EXPECT_NEAR(memory.output(0)[0] + memory.output(0)[1], 1, 1e-6);
  EXPECT_EQ(memory.output(2)[0], 0.5F);
  return {memory.output(0)[0], memory.output(1)[0]};
}

}  // namespace

TEST(TreeNet, WorkedByHand) {
  const auto net = TreeNet::parse(model(), "m");
  ASSERT_TRUE(net) << net.error().text();
  EXPECT_EQ(net->input_shape(), (std::vector<std::size_t>{1, 4}));
  ASSERT_EQ(net->outputs(), 3U);
  const auto logistic = [](double z) { return 1 / (1 + std::exp(-z)); };
  // Below the threshold the first class scores 2 against 0.5, from it on -1; unknown goes right.
  EXPECT_NEAR(say(*net, 0.4F, 0.5F).branch, logistic(1.5), 1e-6);
  EXPECT_NEAR(say(*net, 0.5F, 0.5F).branch, logistic(-1.5), 1e-6);
  EXPECT_NEAR(say(*net, std::nanf(""), 0.5F).branch, logistic(-1.5), 1e-6);
  // network · log p + branch · log q + bias, the difference of both classes.
  const double q = logistic(1.5), p = 0.8;
  const double z =
      (std::log(p) + 0.25 * std::log(q) + 0.1) - (0.5 * std::log(1 - p) + 0.25 * std::log(1 - q));
  EXPECT_NEAR(say(*net, 0.4F, 0.8F).fused, logistic(z), 1e-6);
  // A probability of nothing is still a number.
  EXPECT_LT(say(*net, 0.4F, 0).fused, 0.1F);
}

TEST(TreeNet, RefusesWhatIsNoModel) {
  const auto message = [](const std::string& text) {
    const auto net = TreeNet::parse(text, "m.json");
    return net ? std::string("accepted") : net.error().text();
  };
  EXPECT_THAT(message("{"), HasSubstr("m.json"));
  EXPECT_THAT(message(R"({"schema":"other"})"), HasSubstr("schema"));
  EXPECT_THAT(message(model("[0,0,1,0]")), HasSubstr("downwards"));  // would walk for ever
  EXPECT_THAT(message(model("[3,0,0,0]")), HasSubstr("downwards"));  // beyond the end
  EXPECT_THAT(message(model("[1,0,0,0]", "[2,0,0,0]")), HasSubstr("unknown feature"));
  EXPECT_THAT(message(model("[1,0,0,0]", "[0,0,0]")), HasSubstr("as long as"));
  EXPECT_THAT(message(model("[1,0,0,0]", "[0,0,0,0]", "[0,4]")), HasSubstr("has no nodes"));
  EXPECT_EQ(message(model()), "accepted");
}

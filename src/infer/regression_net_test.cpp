#include "regression_net.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace {

using pyro::infer::RegressionNet;
using testing::HasSubstr;

constexpr char kHead[] =
    R"({"schema":"pyrometer-regression/1","features":[{"column":"a"},{"column":"b"}],"target":{"column":"y","least":0,"greatest":10},)";

std::string linear(const std::string& weights = "[2,-1]") {
  return kHead + (R"("linear":{"intercept":1,"weights":)" + weights + R"(,"fill":[3,0.5]}})");
}
// A stump on b at 0.5 (missing left: 4, else 6), then one leaf.
std::string trees(const std::string& left = "[1,0,0,0]") {
  return kHead + (R"("trees":{"base":0.25,"left":)" + left +
                  R"(,"feature":[1,0,0,0],"missing_left":[1,0,0,0],"value":[0.5,4,6,-1],"root":[0,3]}})");
}

float say(const std::string& text, float a, float b) {
  const auto net = RegressionNet::parse(text, "m");
  EXPECT_TRUE(net) << net.error().text();
  RegressionNet::Memory memory(*net);
  memory.input()[0] = a;
  memory.input()[1] = b;
  net->run(memory);
  return memory.output(0)[0];
}
const float kUnknown = std::nanf("");

}  // namespace

TEST(RegressionNet, LinearByHand) {
  EXPECT_FLOAT_EQ(say(linear(), 2, 1), 1 + 4 - 1);
  EXPECT_FLOAT_EQ(say(linear(), kUnknown, 1), 1 + 6 - 1);     // filled with 3
  EXPECT_FLOAT_EQ(say(linear(), 2, kUnknown), 1 + 4 - 0.5F);  // filled with 0.5
  EXPECT_FLOAT_EQ(say(linear(), 100, 0), 10);                 // no further than what was seen
  EXPECT_FLOAT_EQ(say(linear(), -100, 0), 0);
}

TEST(RegressionNet, TreesByHand) {
  EXPECT_FLOAT_EQ(say(trees(), 0, 0.4F), 0.25F + 4 - 1);
  EXPECT_FLOAT_EQ(say(trees(), 0, 0.5F), 0.25F + 6 - 1);
  EXPECT_FLOAT_EQ(say(trees(), 0, kUnknown), 0.25F + 4 - 1);
}

TEST(RegressionNet, RefusesWhatIsNone) {
  const auto message = [](const std::string& text) {
    const auto net = RegressionNet::parse(text, "m.json");
    return net ? std::string("accepted") : net.error().text();
  };
  EXPECT_THAT(message("{"), HasSubstr("m.json"));
  EXPECT_THAT(message(R"({"schema":"other"})"), HasSubstr("schema"));
  EXPECT_THAT(message(linear("[2]")), HasSubstr("weights must hold 2 numbers"));
  EXPECT_THAT(message(trees("[0,0,1,0]")), HasSubstr("downwards"));  // would walk for ever
  std::string text = linear();
  text.replace(text.find("\"least\":0"), 9, "\"least\":10");
  EXPECT_THAT(message(text), HasSubstr("below greatest"));
  EXPECT_EQ(message(linear()), "accepted");
  EXPECT_EQ(message(trees()), "accepted");
}

#include "pyro/infer/selftest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "pyro/infer/model_store.hpp"
#include "testing/folders.hpp"

namespace pyro::infer {
namespace {

using ::testing::HasSubstr;

Model shipped(Precision precision = Precision::f32) {
  const auto store = ModelStore::open({testing::source() / "models", testing::home()});
  if (!store) throw std::runtime_error(store.error().text());
  auto model = store->compile("expression", {.precision = precision});
  if (!model) throw std::runtime_error(model.error().text());
  return *model;
}

TEST(SelfTest, WhatIsWrittenReadsBackToTheSameBits) {
  const SelfTest made = *make_self_test(shipped(), 3);
  const auto read = parse_self_test(self_test_text(made), "selftest.json");
  ASSERT_TRUE(read) << read.error().text();
  ASSERT_EQ(read->cases.size(), made.cases.size());
  for (std::size_t i = 0; i < made.cases.size(); ++i) {
    EXPECT_EQ(read->cases[i].what, made.cases[i].what);
    EXPECT_EQ(read->cases[i].input, made.cases[i].input);
    EXPECT_EQ(read->cases[i].outputs, made.cases[i].outputs);
  }
  EXPECT_EQ(read->tolerance_f32, made.tolerance_f32);
}

TEST(SelfTest, TheInputsAreNormalisedAndRepeatWithTheSeed) {
  const SelfTest a = *make_self_test(shipped(), 3), b = *make_self_test(shipped(), 3),
                 other = *make_self_test(shipped(), 4);
  for (std::size_t i = 0; i < a.cases.size(); ++i) {
    EXPECT_EQ(a.cases[i].input, b.cases[i].input);
    double sum = 0, square = 0;
    for (const float value : a.cases[i].input) {
      sum += static_cast<double>(value);
      square += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto n = static_cast<double>(a.cases[i].input.size());
    EXPECT_NEAR(sum / n, 0, 1e-2) << a.cases[i].what;
    EXPECT_NEAR(square / n, 1, 1e-2) << a.cases[i].what;
  }
  EXPECT_NE(a.cases.back().input, other.cases.back().input);
}

TEST(SelfTest, AnAnswerBeyondTheToleranceIsRefusedAndOneWithinIsNot) {
  const Model model = shipped();
  SelfTest test = *make_self_test(model, 1);
  test.tolerance_f32 = SelfTest{}.tolerance_f32;
  EXPECT_TRUE(run_self_test(model, test, Precision::f32));
  test.cases[1].outputs[0][3] += 4e-5F;
  EXPECT_TRUE(run_self_test(model, test, Precision::f32));
  test.cases[1].outputs[0][3] += 4e-5F;
  const Status refused = run_self_test(model, test, Precision::f32);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::failed);
  EXPECT_THAT(refused.error().text(), HasSubstr("case rings, output 0 differs by 8"));
  EXPECT_TRUE(run_self_test(model, test, Precision::bf16)) << "the looser tolerance";
}

// What ships runs in 8 bits, where processors differ by whole levels.
TEST(SelfTest, ANetworkInEightBitsMayDifferByMore) {
  const SelfTest made = *make_self_test(shipped(), 1);
  EXPECT_EQ(made.tolerance_f32, made.tolerance_bf16);
  const auto store = ModelStore::open({testing::source() / "models", testing::home()});
  const auto floats = store->compile("face_blendshapes");
  ASSERT_TRUE(floats) << floats.error().text();
  EXPECT_EQ(make_self_test(*floats, 1)->tolerance_f32, SelfTest{}.tolerance_f32);
}

TEST(SelfTest, AnotherShapeAndANotANumberAreRefused) {
  const Model model = shipped();
  SelfTest shorter = *make_self_test(model, 1);
  shorter.cases[0].input.pop_back();
  EXPECT_FALSE(run_self_test(model, shorter, Precision::f32));
  SelfTest fewer = *make_self_test(model, 1);
  fewer.cases[0].outputs[1].pop_back();
  EXPECT_FALSE(run_self_test(model, fewer, Precision::f32));
  SelfTest nan = *make_self_test(model, 1);
  nan.cases[0].outputs[0][0] = std::nanf("");
  EXPECT_FALSE(run_self_test(model, nan, Precision::f32));
}

class BadSelfTest : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(BadSelfTest, IsRefusedAndNamed) {
  const auto read = parse_self_test(GetParam().first, "folder/selftest.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::bad_input);
  EXPECT_THAT(read.error().text(), HasSubstr("folder/selftest.json"));
  EXPECT_THAT(read.error().text(), HasSubstr(GetParam().second));
}

#define HEAD R"({"schema":"pyrometer-selftest/1","tolerance":{"f32":0.001,"bf16":0.1},"cases":)"
INSTANTIATE_TEST_SUITE_P(
    Kinds, BadSelfTest,
    ::testing::Values(
        std::pair{"{", "parse error"}, std::pair{R"({"schema":"pyrometer-selftest/2"})", "schema"},
        std::pair{R"({"schema":"pyrometer-selftest/1","tolerance":{"f32":0,"bf16":0.1},"cases":[]})",
                  "tolerance f32"},
        std::pair{R"({"schema":"pyrometer-selftest/1","tolerance":{"f32":0.1,"bf16":9},"cases":[]})",
                  "tolerance bf16"},
        std::pair{HEAD "[]}", "holds no case"},
        std::pair{HEAD R"([{"what":"a","input":[1],"outputs":[]}]})", "expects nothing"},
        std::pair{HEAD R"([{"what":"a","input":[1e99],"outputs":[[1]]}]})", "not finite"},
        std::pair{HEAD R"([{"what":"a","outputs":[[1]]}]})", "input"}));
#undef HEAD

}  // namespace
}  // namespace pyro::infer

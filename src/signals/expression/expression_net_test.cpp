#include "pyro/signals/expression_net.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "pyro/base/sha256.hpp"

namespace pyro::signals {
namespace {

TEST(Normalised, SumsToOneWithinAMillionth) {
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) {
    std::vector<float> values(7);
    for (float& value : values) value = std::exp(static_cast<float>(random() % 1000) / 50.0f - 18.0f);
    const auto expression = normalised(values);
    ASSERT_TRUE(expression);
    double sum = 0;
    for (const float p : expression->p) sum += static_cast<double>(p);
    EXPECT_NEAR(sum, 1, 1e-6);
    EXPECT_NEAR(expression->p[0] / expression->p[1], values[0] / values[1], 1e-4f * values[0] / values[1]);
  }
}

TEST(Normalised, WhatIsNoProbabilityIsAnError) {
  const float nan = std::nanf("");
  for (const std::vector<float>& values :
       {std::vector<float>(7, 0.0f), std::vector<float>(6, 0.1f), std::vector<float>{1, 1, 1, nan, 1, 1, 1},
        std::vector<float>{1, 1, 1, -1, 1, 1, 1}}) {
    EXPECT_FALSE(normalised(values));
  }
}

// A model store with one tiny network, made here: softmax(x · W) for each head, W random.
class TinyModel : public testing::Test {
 protected:
  static constexpr std::size_t kWeights = std::size_t{crop::kExpressionPixels} * 7;

  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() / ("pyro_tiny_" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(folder_ / "home");
    std::mt19937 random(11);
    std::uniform_real_distribution<float> uniform(-0.02f, 0.02f);
    weights_.resize(2 * kWeights);
    for (float& weight : weights_) weight = uniform(random);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static std::string port(int id, const std::string& precision, const std::vector<int>& dims) {
    std::string text = "<port id=\"" + std::to_string(id) + "\" precision=\"" + precision + "\">";
    for (const int dim : dims) text += "<dim>" + std::to_string(dim) + "</dim>";
    return text + "</port>";
  }

  static std::string layer(int id, const std::string& type, const std::string& data, const std::string& in,
                           const std::string& out) {
    return "<layer id=\"" + std::to_string(id) + "\" name=\"l" + std::to_string(id) + "\" type=\"" + type +
           "\" version=\"opset1\">" + (data.empty() ? "" : "<data " + data + "/>") +
           (in.empty() ? "" : "<input>" + in + "</input>") +
           (out.empty() ? "" : "<output>" + out + "</output>") + "</layer>";
  }

  static std::string edge(int from, int from_port, int to, int to_port) {
    return "<edge from-layer=\"" + std::to_string(from) + "\" from-port=\"" + std::to_string(from_port) +
           "\" to-layer=\"" + std::to_string(to) + "\" to-port=\"" + std::to_string(to_port) + "\"/>";
  }

  // OpenVINO IR version 11: Parameter, Reshape to a row, and for each head MatMul, SoftMax, Result.
  infer::ModelStore store(int side) {
    const int pixels = side * side;
    const std::vector<int> picture{1, 1, side, side}, row{1, pixels}, classes{1, 7};
    std::string layers =
        layer(0, "Parameter",
              "shape=\"1,1," + std::to_string(side) + "," + std::to_string(side) + "\" element_type=\"f32\"",
              "", port(0, "FP32", picture));
    layers += layer(1, "Const", "element_type=\"i64\" shape=\"2\" offset=\"0\" size=\"16\"", "",
                    port(0, "I64", {2}));
    layers += layer(2, "Reshape", "special_zero=\"false\"", port(0, "FP32", picture) + port(1, "I64", {2}),
                    port(2, "FP32", row));
    std::string edges = edge(0, 0, 2, 0) + edge(1, 0, 2, 1);
    for (const int head : {0, 1}) {
      const int first = 3 + 4 * head, bytes = pixels * 7 * 4;
      layers += layer(first, "Const",
                      "element_type=\"f32\" shape=\"" + std::to_string(pixels) + ",7\" offset=\"" +
                          std::to_string(16 + head * bytes) + "\" size=\"" + std::to_string(bytes) + "\"",
                      "", port(0, "FP32", {pixels, 7}));
      layers += layer(first + 1, "MatMul", "transpose_a=\"false\" transpose_b=\"false\"",
                      port(0, "FP32", row) + port(1, "FP32", {pixels, 7}), port(2, "FP32", classes));
      layers += layer(first + 2, "SoftMax", "axis=\"1\"", port(0, "FP32", classes), port(1, "FP32", classes));
      layers += layer(first + 3, "Result", "", port(0, "FP32", classes), "");
      edges += edge(2, 2, first + 1, 0) + edge(first, 0, first + 1, 1) + edge(first + 1, 2, first + 2, 0) +
               edge(first + 2, 1, first + 3, 0);
    }
    const std::string xml = "<?xml version=\"1.0\"?><net name=\"tiny\" version=\"11\"><layers>" + layers +
                            "</layers><edges>" + edges + "</edges></net>";
    const std::int64_t shape[2] = {1, pixels};
    std::string bin(reinterpret_cast<const char*>(shape), sizeof shape);
    bin.append(reinterpret_cast<const char*>(weights_.data()), static_cast<std::size_t>(2 * pixels * 7 * 4));
    const auto write = [this](const std::string& name, const std::string& bytes) {
      std::ofstream(folder_ / name, std::ios::binary) << bytes;
      const std::vector<std::uint8_t> raw(bytes.begin(), bytes.end());
      return "bytes = " + std::to_string(bytes.size()) + "\n@sha256 = \"" + sha256_hex(raw) + "\"\n";
    };
    const auto keys = [](std::string text, const std::string& prefix) {
      text.replace(text.find('@'), 1, prefix);
      return prefix + text;
    };
    std::ofstream(folder_ / "manifest.toml")
        << "schema = 1\n[[model]]\nname = \"tiny\"\nversion = \"1\"\norigin = \"own\"\npath = \"tiny.xml\"\n"
        << keys(write("tiny.xml", xml), "") << "weights_path = \"tiny.bin\"\n"
        << keys(write("tiny.bin", bin), "weights_")
        << "licence = \"Apache-2.0\"\nsource = \"made by a test\"\ncard = \"none\"\n";
    auto opened = infer::ModelStore::open({folder_, folder_ / "home"});
    if (!opened) throw std::runtime_error(opened.error().text());
    return std::move(*opened);
  }

  std::filesystem::path folder_;
  std::vector<float> weights_;
};

crop::GreyFace some_face() {
  crop::GreyFace face;
  for (std::size_t i = 0; i < face.pixels.size(); ++i)
    face.pixels[i] = static_cast<std::uint8_t>(i * i % 251);
  return face;
}

TEST_F(TinyModel, EachHeadGivesTheSoftmaxOfItsOwn) {
  const infer::ModelStore models = store(crop::kExpressionSide);
  std::array<float, crop::kExpressionPixels> input{};
  crop::normalise(some_face(), input);
  for (const Head head : {Head::product, Head::fer2013}) {
    auto net = ExpressionNet::create(models, "tiny", head);
    ASSERT_TRUE(net) << net.error().text();
    const auto read = net->read(some_face());
    ASSERT_TRUE(read) << read.error().text();
    std::array<double, 7> e{};
    double total = 0, sum = 0;
    for (std::size_t k = 0; k < 7; ++k) {
      double z = 0;
      for (std::size_t i = 0; i < input.size(); ++i) {
        z += static_cast<double>(input[i]) *
             static_cast<double>(weights_[(head == Head::fer2013 ? kWeights : 0) + i * 7 + k]);
      }
      total += e[k] = std::exp(z);
    }
    for (std::size_t k = 0; k < 7; ++k) {
      EXPECT_NEAR(read->p[k], e[k] / total, 1e-4);
      sum += static_cast<double>(read->p[k]);
    }
    EXPECT_NEAR(sum, 1, 1e-6);
    EXPECT_TRUE(net->embedding().empty());  // this one has none
  }
}

TEST_F(TinyModel, WhatIsNoExpressionNetworkIsRefused) {
  const infer::ModelStore models = store(24);
  const auto net = ExpressionNet::create(models, "tiny");
  ASSERT_FALSE(net);
  EXPECT_EQ(net.error().code, ErrorCode::bad_input);
  EXPECT_NE(net.error().message.find("tiny"), std::string::npos);
  EXPECT_FALSE(ExpressionNet::create(models, "nobody"));
}

TEST(ExpressionNet, TheShippedModelGivesProbabilities) {
  const std::filesystem::path source = PYRO_SOURCE_DIR;
  const char* home = std::getenv("PYROMETER_HOME");
  const auto models =
      infer::ModelStore::open({source / "models", home != nullptr ? home : source / ".pyrometer"});
  ASSERT_TRUE(models) << models.error().text();
  if (models->find("expression") == nullptr)
    GTEST_SKIP() << "models/manifest.toml has no model \"expression\" yet";
  for (const Head head : {Head::product, Head::fer2013}) {
    auto net = ExpressionNet::create(*models, "expression", head);
    ASSERT_TRUE(net) << net.error().text();
    const auto read = net->read(some_face());
    ASSERT_TRUE(read) << read.error().text();
    double sum = 0;
    for (const float p : read->p) sum += static_cast<double>(p);
    EXPECT_NEAR(sum, 1, 1e-6);
  }
}

}  // namespace
}  // namespace pyro::signals

#include "class_maps.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <openvino/opsets/opset13.hpp>
#include <random>

#include "pyro/infer/model_store.hpp"

namespace pyro::infer {
namespace {

namespace op = ov::opset13;

std::shared_ptr<ov::Model> shipped(ov::Core& core) {
  const std::string stem = std::string(PYRO_SOURCE_DIR) + "/models/expression/expression";
  return core.read_model(stem + ".xml", stem + ".bin");
}

// log p - the maps' mean is the bias, but for a constant that the softmax takes out: the same for every face.
TEST(ClassMaps, TheirMeanIsTheLogitButForTheBias) {
  ov::Core core;
  const auto graph = shipped(core);
  const std::size_t own = graph->outputs().size();
  ASSERT_TRUE(add_class_maps(*graph, "expression"));
  ASSERT_EQ(graph->outputs().size(), own + 2);
  auto request = core.compile_model(graph, "CPU", {ov::hint::inference_precision(ov::element::f32)})
                     .create_infer_request();
  std::mt19937 random(4);
  std::normal_distribution<float> normal;
  std::vector<std::vector<double>> biases;
  for (int face = 0; face < 3; ++face) {
    ov::Tensor input = request.get_input_tensor();
    for (std::size_t i = 0; i < input.get_size(); ++i) input.data<float>()[i] = normal(random);
    request.infer();
    biases.emplace_back();
    for (std::size_t head = 0; head < 2; ++head) {
      const ov::Tensor p = request.get_output_tensor(head), maps = request.get_output_tensor(own + head);
      ASSERT_EQ(maps.get_shape(), (ov::Shape{1, 7, 8, 8}));
      std::vector<double> rest;
      for (std::size_t c = 0; c < 7; ++c) {
        double mean = 0;
        for (std::size_t i = 0; i < 64; ++i) mean += double{maps.data<const float>()[c * 64 + i]} / 64;
        rest.push_back(std::log(double{p.data<const float>()[c]}) - mean);
        biases.back().push_back(rest.back() - rest.front());
      }
    }
  }
  for (std::size_t i = 0; i < biases[0].size(); ++i) {
    EXPECT_NEAR(biases[1][i], biases[0][i], 1e-4);
    EXPECT_NEAR(biases[2][i], biases[0][i], 1e-4);
  }
}

TEST(ClassMaps, ANetworkWithAnotherHeadIsRefused) {
  const auto input = std::make_shared<op::Parameter>(ov::element::f32, ov::Shape{1, 4});
  ov::Model graph(ov::ResultVector{std::make_shared<op::Result>(std::make_shared<op::Softmax>(input, 1))},
                  ov::ParameterVector{input});
  const Status refused = add_class_maps(graph, "other");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::wrong_use);
  EXPECT_NE(refused.error().message.find("model other"), std::string::npos);
}

}  // namespace
}  // namespace pyro::infer

// Our own runner against the engine: on the expression network, and on small networks of random weights that
// have every kind of layer that it knows.
#include "conv_net.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <openvino/opsets/opset13.hpp>
#include <random>

#include "pyro/infer/model_store.hpp"
#include "testing/kernels_here.hpp"

namespace pyro::infer {
namespace {

using testing::kernels_here;

namespace op = ov::opset13;

// As crop::normalise leaves it: mean 0, deviation 1; the last is even, but for one pixel.
std::vector<std::vector<float>> faces(std::size_t size) {
  std::mt19937 random(11);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> all(4, std::vector<float>(size));
  for (std::size_t i = 0; i < 3; ++i) std::ranges::generate(all[i], [&] { return normal(random); });
  all[3][size / 2] = 5;
  return all;
}

void expect_same(const ov::Model& graph, float tolerance) {
  if (kernels_here().empty()) GTEST_SKIP() << "this processor has neither AVX2 nor AVX-512";
  ov::Core core;
  auto request = core.compile_model(graph.clone(), "CPU", {ov::hint::inference_precision(ov::element::f32)})
                     .create_infer_request();
  for (const Kernels* kernels : kernels_here()) {
    SCOPED_TRACE(kernels->name);
    const auto net = ConvNet::create(graph, *kernels);
    ASSERT_TRUE(net);
    ASSERT_EQ(net->outputs(), graph.outputs().size());
    EXPECT_EQ(net->input_shape(), graph.input().get_shape());
    ConvNet::Memory memory(*net);
    // Two rounds over the same memory: its margins stay zero.
    for (int round = 0; round < 2; ++round) {
      for (const auto& face : faces(ov::shape_size(net->input_shape()))) {
        std::ranges::copy(face, request.get_input_tensor().data<float>());
        request.infer();
        std::ranges::copy(face, memory.input().begin());
        net->run(memory);
        for (std::size_t i = 0; i < net->outputs(); ++i) {
          const ov::Tensor expected = request.get_output_tensor(i);
          EXPECT_EQ(ov::Shape(net->output_shape(i)), expected.get_shape());
          ASSERT_EQ(memory.output(i).size(), expected.get_size());
          float greatest = 1;
          for (std::size_t k = 0; k < expected.get_size(); ++k)
            greatest = std::max(greatest, std::abs(expected.data<const float>()[k]));
          for (std::size_t k = 0; k < expected.get_size(); ++k)
            ASSERT_NEAR(memory.output(i)[k], expected.data<const float>()[k], tolerance * greatest)
                << "output " << i << " value " << k;
        }
      }
    }
  }
}

class Graph {
 public:
  using Node = ov::Output<ov::Node>;
  Graph(std::size_t height, std::size_t width)
      : input_(std::make_shared<op::Parameter>(ov::element::f32, ov::Shape{1, 1, height, width})) {}

  [[nodiscard]] Node input() const { return input_; }
  Node convolution(const Node& x, std::size_t outputs, std::size_t side, std::size_t stride) {
    const std::size_t channels = x.get_shape()[1];
    const auto pad = static_cast<std::ptrdiff_t>(side / 2);
    const auto product = std::make_shared<op::Convolution>(
        x,
        constant({outputs, channels, side, side},
                 std::sqrt(2.0F / static_cast<float>(channels * side * side))),
        ov::Strides{stride, stride}, ov::CoordinateDiff{pad, pad}, ov::CoordinateDiff{pad, pad},
        ov::Strides{1, 1});
    return std::make_shared<op::Add>(product, constant({1, outputs, 1, 1}, 0.1F));
  }
  static Node relu(const Node& x) { return std::make_shared<op::Relu>(x); }
  static Node sum(const Node& a, const Node& b) { return std::make_shared<op::Add>(a, b); }
  static Node halved(const Node& x) {
    return std::make_shared<op::AvgPool>(x, ov::Strides{2, 2}, ov::Shape{0, 0}, ov::Shape{0, 0},
                                         ov::Shape{2, 2}, true);
  }
  static Node mean(const Node& x) {
    return std::make_shared<op::ReduceMean>(x, op::Constant::create(ov::element::i64, {2}, {2, 3}), false);
  }
  Node probabilities(const Node& mean, std::size_t classes) {
    const auto product =
        std::make_shared<op::MatMul>(mean, constant({classes, mean.get_shape()[1]}, 0.2F), false, true);
    return std::make_shared<op::Softmax>(std::make_shared<op::Add>(product, constant({1, classes}, 0.5F)), 1);
  }
  [[nodiscard]] std::shared_ptr<ov::Model> model(const ov::OutputVector& outputs) const {
    ov::ResultVector results;
    for (const auto& output : outputs) results.push_back(std::make_shared<op::Result>(output));
    return std::make_shared<ov::Model>(results, ov::ParameterVector{input_});
  }

 private:
  Node constant(const ov::Shape& shape, float deviation) {
    std::normal_distribution<float> normal(0, deviation);
    std::vector<float> values(ov::shape_size(shape));
    std::ranges::generate(values, [&] { return normal(random_); });
    return op::Constant::create(ov::element::f32, shape, values);
  }
  std::mt19937 random_{5};
  std::shared_ptr<op::Parameter> input_;
};

// Tiles of four, tiles of two, odd maps that have neither, every stride, maps wider than registers hold.
TEST(ConvNet, TakesMapsOfAnySize) {
  for (const auto& [height, width] :
       {std::pair<std::size_t, std::size_t>{48, 48}, {40, 56}, {24, 20}, {18, 30}, {20, 66}}) {
    SCOPED_TRACE(std::to_string(height) + "x" + std::to_string(width));
    Graph g(height, width);
    auto x = g.relu(g.convolution(g.input(), 32, 3, 1));
    x = g.relu(g.sum(g.convolution(x, 32, 3, 1), x));
    auto y = g.relu(g.convolution(x, 64, 3, 2));
    x = g.relu(g.sum(g.convolution(g.halved(x), 64, 1, 1), g.convolution(y, 64, 3, 1)));
    x = g.convolution(x, 96, 3, 2);
    const auto mean = g.mean(x);
    expect_same(*g.model({mean, g.probabilities(mean, 5)}), 5e-6F);
  }
}

// As exported in f32: a 5×5 stem on one channel, residual stages, two heads and their embedding.
TEST(ConvNet, GivesTheProbabilitiesOfANetworkAsTheyAreTrainedHere) {
  Graph g(48, 48);
  auto x = g.relu(g.convolution(g.input(), 32, 5, 2));
  for (const std::size_t channels : {64U, 160U}) {
    auto y = g.convolution(g.relu(g.convolution(x, channels, 3, 2)), channels, 3, 1);
    x = g.relu(g.sum(y, g.convolution(g.halved(x), channels, 1, 1)));
    y = g.convolution(g.relu(g.convolution(x, channels, 3, 1)), channels, 3, 1);
    x = g.relu(g.sum(y, x));
  }
  const auto mean = g.mean(x);
  expect_same(*g.model({g.probabilities(mean, 7), g.probabilities(mean, 7), mean}), 5e-6F);
}

// Its maps are quantised: the engine runs it in 8 bits.
TEST(ConvNet, LeavesTheShippedNetworkToTheEngine) {
  ov::Core core;
  const std::string stem = std::string(PYRO_SOURCE_DIR) + "/models/expression/expression";
  const auto graph = core.read_model(stem + ".xml", stem + ".bin");
  for (const Kernels* kernels : kernels_here()) EXPECT_FALSE(ConvNet::create(*graph, *kernels));
}

TEST(ConvNet, LeavesOtherGraphsToTheEngine) {
  for (const Kernels* kernels : kernels_here()) {
    Graph odd_outputs(16, 16);
    EXPECT_FALSE(ConvNet::create(
        *odd_outputs.model({odd_outputs.mean(odd_outputs.convolution(odd_outputs.input(), 20, 3, 1))}),
        *kernels));
    Graph no_mean(16, 16);
    EXPECT_FALSE(ConvNet::create(*no_mean.model({no_mean.convolution(no_mean.input(), 32, 3, 1)}), *kernels));
    Graph other_layer(16, 16);
    const auto x = std::make_shared<op::Sigmoid>(other_layer.convolution(other_layer.input(), 32, 3, 1));
    EXPECT_FALSE(ConvNet::create(*other_layer.model({other_layer.mean(x)}), *kernels));
  }
}

}  // namespace
}  // namespace pyro::infer

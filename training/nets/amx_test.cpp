// Our operations for processors with AMX tiles against torch's own.
#include "nets/amx.hpp"

#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include "nets/conv3x3.hpp"
#include "nets/norm_relu.hpp"

namespace pyro::training {
namespace {

using torch::Tensor;

class Autocast {
 public:
  Autocast() {
    at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
    at::autocast::set_cpu_enabled(true);
  }
  ~Autocast() {
    at::autocast::set_cpu_enabled(false);
    at::autocast::clear_cache();
  }
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;
};

// Numbers that bf16 holds exactly, so that only the results are rounded.
Tensor short_numbers(at::IntArrayRef sizes, double scale) {
  return (torch::randn(sizes) * scale).to(torch::kBFloat16).to(torch::kFloat32);
}

torch::nn::Conv2d layer_of(const Tensor& weight, int stride = 1) {
  torch::nn::Conv2d layer(
      torch::nn::Conv2dOptions(weight.size(1), weight.size(0), 3).stride(stride).padding(1).bias(false));
  const torch::NoGradGuard no_grad;
  layer->weight.copy_(weight);
  return layer;
}

double largest_difference(const Tensor& ours, const Tensor& theirs) {
  return ((ours.to(torch::kFloat32) - theirs).abs().max() / theirs.abs().max()).item<double>();
}

struct Case {
  int pictures, in, out, height, width;
};

class Conv3x3 : public ::testing::TestWithParam<Case> {};

TEST_P(Conv3x3, ForwardAndBothGradientsAreTorchs) {
  if (!amx::available()) GTEST_SKIP() << "this processor has no AMX tiles: torch's convolution is used";
  const Case& c = GetParam();
  torch::manual_seed(7);
  const Tensor weight = short_numbers({c.out, c.in, 3, 3}, 0.1);
  const Tensor input = short_numbers({c.pictures, c.in, c.height, c.width}, 1);
  const Tensor back = short_numbers({c.pictures, c.out, c.height, c.width}, 1);

  Tensor x = input.clone().requires_grad_();
  torch::nn::Conv2d layer = layer_of(weight);
  const Tensor wanted = layer(x);
  wanted.backward(back);

  Tensor ours_x = input.clone().requires_grad_();
  torch::nn::Conv2d ours = layer_of(weight);
  Tensor result;
  {
    const Autocast autocast;
    result = conv3x3(ours_x, ours);
  }
  ASSERT_EQ(result.scalar_type(), torch::kBFloat16);
  result.backward(back.to(torch::kBFloat16));
  // bf16 keeps eight bits: results may differ by half of the last one. Gradients of weights stay in f32.
  EXPECT_LT(largest_difference(result, wanted), 1.0 / 256);
  EXPECT_LT(largest_difference(ours_x.grad(), x.grad()), 1.0 / 256);
  EXPECT_LT(largest_difference(ours->weight.grad(), layer->weight.grad()), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Conv3x3,
                         ::testing::Values(Case{64, 64, 64, 24, 24}, Case{5, 32, 64, 5, 7},
                                           Case{1, 64, 32, 1, 1}, Case{3, 32, 32, 1, 50},
                                           Case{2, 96, 32, 33, 2}, Case{64, 256, 256, 6, 6}));

struct NormCase {
  int pictures, channels, height, width;
  bool added;
};

class NormRelu : public ::testing::TestWithParam<NormCase> {};

// Against torch's three operations in f32 on the same numbers.
TEST_P(NormRelu, ResultGradientsAndRunningStatisticsAreTorchs) {
  if (!amx::available()) GTEST_SKIP() << "this processor has no AMX tiles: torch's operations are used";
  const NormCase& c = GetParam();
  torch::manual_seed(7);
  const std::vector<int64_t> sizes{c.pictures, c.channels, c.height, c.width};
  const Tensor input = short_numbers(sizes, 2) + 1;
  const Tensor more = c.added ? short_numbers(sizes, 1) : Tensor();
  const Tensor back = short_numbers(sizes, 1);
  torch::nn::BatchNorm2d theirs(c.channels);
  torch::nn::BatchNorm2d ours(c.channels);
  {
    const torch::NoGradGuard no_grad;
    for (const auto& norm : {theirs, ours}) {
      norm->weight.copy_(torch::linspace(-1, 2, c.channels));
      norm->bias.copy_(torch::linspace(1, -1, c.channels));
    }
  }
  const auto leaf = [](const Tensor& tensor) {
    return tensor.defined() ? tensor.clone().requires_grad_() : Tensor();
  };
  Tensor x = leaf(input.to(torch::kBFloat16).to(torch::kFloat32));
  Tensor added = leaf(more);
  const Tensor y = theirs(x);
  const Tensor wanted = (added.defined() ? y + added : y).relu();

  Tensor our_x = leaf(x.detach());
  Tensor our_added = leaf(more);
  Tensor result;
  {
    const Autocast autocast;
    result = norm_relu(our_x.to(torch::kBFloat16), ours, our_added);
  }
  ASSERT_EQ(result.scalar_type(), torch::kBFloat16);
  // What is near 0 may be on either side of it in bf16: such positions take no part.
  const Tensor clear = (wanted.detach() > 0.02).logical_or(wanted.detach() == 0);
  const Tensor agreed = clear.logical_and((result.detach() > 0) == (wanted.detach() > 0));
  EXPECT_GT(agreed.to(torch::kFloat32).mean().item<double>(), 0.97);
  wanted.backward(back * agreed);
  result.backward((back * agreed).to(torch::kBFloat16));
  EXPECT_LT(largest_difference(result, wanted), 1.0 / 256);
  EXPECT_LT(largest_difference(our_x.grad(), x.grad()), 1.0 / 128);
  EXPECT_LT(largest_difference(ours->weight.grad(), theirs->weight.grad()), 1e-4);
  EXPECT_LT(largest_difference(ours->bias.grad(), theirs->bias.grad()), 1e-4);
  EXPECT_LT(largest_difference(ours->running_mean, theirs->running_mean), 1e-5);
  EXPECT_LT(largest_difference(ours->running_var, theirs->running_var), 1e-5);
  if (c.added) {
    EXPECT_TRUE(our_added.grad().equal(added.grad()));
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, NormRelu,
                         ::testing::Values(NormCase{64, 64, 24, 24, true}, NormCase{5, 32, 5, 7, false},
                                           NormCase{3, 96, 1, 50, true}, NormCase{64, 256, 6, 6, true}));

// What it does not serve falls to torch: another stride, odd channels, f32.
TEST(Conv3x3Choice, OthersAreTorchsOwn) {
  torch::manual_seed(7);
  const Tensor x = torch::randn({2, 32, 8, 8});
  torch::nn::Conv2d strided = layer_of(torch::randn({32, 32, 3, 3}), 2);
  torch::nn::Conv2d odd = layer_of(torch::randn({17, 32, 3, 3}));
  torch::nn::Conv2d plain = layer_of(torch::randn({32, 32, 3, 3}));
  EXPECT_TRUE(conv3x3(x, plain).equal(plain(x)));
  const Autocast autocast;
  EXPECT_TRUE(conv3x3(x, strided).equal(strided(x)));
  EXPECT_TRUE(conv3x3(x, odd).equal(odd(x)));
}

}  // namespace
}  // namespace pyro::training

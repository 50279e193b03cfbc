#include "nets/expression_net.hpp"

#include <string>
#include <utility>

namespace pyro::training {
namespace nn = torch::nn;

namespace {

nn::Conv2d conv(int in, int out, int size, int stride) {
  nn::Conv2d layer(nn::Conv2dOptions(in, out, size).stride(stride).padding(size / 2).bias(false));
  nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kReLU);
  return layer;
}

}  // namespace

ResidualImpl::ResidualImpl(int in, int out, int stride) {
  conv1 = register_module("conv1", conv(in, out, 3, stride));
  norm1 = register_module("norm1", nn::BatchNorm2d(out));
  conv2 = register_module("conv2", conv(out, out, 3, 1));
  norm2 = register_module("norm2", nn::BatchNorm2d(out));
  // Every block starts as the identity: the deep part joins in as it learns.
  nn::init::zeros_(norm2->weight);
  if (in != out || stride != 1) {
    shortcut = register_module("shortcut", conv(in, out, 1, 1));
    shortcut_norm = register_module("shortcut_norm", nn::BatchNorm2d(out));
  }
}

torch::Tensor ResidualImpl::forward(const torch::Tensor& x) {
  torch::Tensor y = norm1(conv1(x)).relu_();
  y = norm2(conv2(y));
  if (shortcut.is_empty()) {
    return y.add_(x).relu_();
  }
  const bool halves = y.size(2) != x.size(2);
  return y.add_(shortcut_norm(shortcut(halves ? torch::avg_pool2d(x, 2) : x))).relu_();
}

ExpressionNetImpl::ExpressionNetImpl(NetOptions options) : options_(std::move(options)) {
  TORCH_CHECK(!options_.channels.empty() && options_.channels.size() == options_.blocks.size(),
              "a network needs as many block counts as channel counts");
  int width = options_.channels.front();
  stem = register_module("stem", conv(1, width, 5, 2));
  stem_norm = register_module("stem_norm", nn::BatchNorm2d(width));
  for (std::size_t stage = 0; stage < options_.channels.size(); ++stage) {
    for (int block = 0; block < options_.blocks[stage]; ++block) {
      const int stride = stage > 0 && block == 0 ? 2 : 1;
      const int out = options_.channels[stage];
      residuals.push_back(
          register_module("residual" + std::to_string(residuals.size()), Residual(width, out, stride)));
      width = out;
    }
  }
  product = register_module("product", nn::Linear(width, 7));
  fer2013 = register_module("fer2013", nn::Linear(width, 7));
}

Logits ExpressionNetImpl::forward(torch::Tensor x) {
  x = stem_norm(stem(x)).relu_();
  for (Residual& residual : residuals) {
    x = residual(x);
  }
  const torch::Tensor embedding = x.mean({2, 3});
  const torch::Tensor kept = torch::dropout(embedding, options_.dropout, is_training());
  return {product(kept), fer2013(kept), embedding};
}

int64_t parameter_count(const nn::Module& net) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : net.parameters()) {
    count += parameter.numel();
  }
  return count;
}

}  // namespace pyro::training

#include <string>
#include <utility>

#include "nets/architectures.hpp"
#include "nets/conv3x3.hpp"
#include "nets/norm_relu.hpp"
#include "pyro/crop/expression_input.hpp"

namespace pyro::training {
namespace {

namespace nn = torch::nn;

// conv-BN-ReLU-conv-BN plus shortcut, ReLU (He et al. 2016). Where the size halves, the shortcut is 2×2 mean,
// 1×1 convolution, BN (He et al. 2019), which loses no pixels.
class ResidualImpl : public nn::Module {
 public:
  ResidualImpl(int in, int out, int stride) : halves_(stride == 2) {
    conv1_ = register_module("conv1", conv_before_norm(in, out, 3, stride));
    norm1_ = register_module("norm1", nn::BatchNorm2d(out));
    conv2_ = register_module("conv2", conv_before_norm(out, out, 3, 1));
    norm2_ = register_module("norm2", nn::BatchNorm2d(out));
    // Every block starts as the identity: the deep part joins in as it learns.
    nn::init::zeros_(norm2_->weight);
    if (in != out || halves_) {
      shortcut_ = register_module("shortcut", conv_before_norm(in, out, 1, 1));
      shortcut_norm_ = register_module("shortcut_norm", nn::BatchNorm2d(out));
    }
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = conv3x3(norm_relu(conv3x3(x, conv1_), norm1_), conv2_);
    const torch::Tensor beside =
        shortcut_.is_empty() ? x : shortcut_norm_(shortcut_(halves_ ? torch::avg_pool2d(x, 2) : x));
    return norm_relu(y, norm2_, beside);
  }

  int add_to(Program& program, int x) const {
    const int y = program.add("relu", {add_conv(program, x, conv1_, norm1_)});
    const int deep = add_conv(program, y, conv2_, norm2_);
    int side = x;
    if (!shortcut_.is_empty()) {
      side = add_conv(program, halves_ ? program.add("mean_pool", {x}) : x, shortcut_, shortcut_norm_);
    }
    return program.add("relu", {program.add("add", {deep, side})});
  }

 private:
  bool halves_;
  // shortcut_ is empty where nothing changes
  nn::Conv2d conv1_{nullptr}, conv2_{nullptr}, shortcut_{nullptr};
  nn::BatchNorm2d norm1_{nullptr}, norm2_{nullptr}, shortcut_norm_{nullptr};
};
TORCH_MODULE(Residual);

class ResidualNet final : public Net {
 public:
  explicit ResidualNet(NetOptions given)
      : Net(std::move(given)),
        stem_(register_module("stem", conv_before_norm(1, options().channels.front(), 5, 2))),
        stem_norm_(register_module("stem_norm", nn::BatchNorm2d(options().channels.front()))) {
    int width = options().channels.front();
    for (std::size_t stage = 0; stage < options().channels.size(); ++stage) {
      for (int block = 0; block < options().blocks[stage]; ++block) {
        const int stride = stage > 0 && block == 0 ? 2 : 1;
        const int out = options().channels[stage];
        residuals_.push_back(
            register_module("residual" + std::to_string(residuals_.size()), Residual(width, out, stride)));
        width = out;
      }
    }
    heads_.emplace(*this, width);
  }

  Logits forward(torch::Tensor x) override {
    if (options().input_side != crop::kExpressionSide) {
      const int64_t side = x.size(2) * options().input_side / crop::kExpressionSide;
      x = torch::upsample_bilinear2d(x, {side, side}, false);
    }
    x = norm_relu(stem_(x), stem_norm_);
    for (Residual& residual : residuals_) {
      x = residual(x);
    }
    return (*heads_)(x.mean({2, 3}), x, options().dropout, is_training());
  }

  [[nodiscard]] Program program() const override {
    Program program;
    int x = options().input_side == crop::kExpressionSide ? 0 : program.add_resize(0, options().input_side);
    x = program.add("relu", {add_conv(program, x, stem_, stem_norm_)});
    for (const Residual& residual : residuals_) {
      x = residual->add_to(program, x);
    }
    heads_->add_to(program, program.add("mean", {x}));
    return program;
  }

 private:
  nn::Conv2d stem_;
  nn::BatchNorm2d stem_norm_;
  std::vector<Residual> residuals_;
  std::optional<Heads> heads_;
};

}  // namespace

NetPtr make_residual(NetOptions options) {
  if (options.channels.empty() && options.blocks.empty()) {
    options.channels = {64, 128, 256};
    options.blocks = {2, 2, 2};
  }
  TORCH_CHECK(!options.channels.empty() && options.channels.size() == options.blocks.size(),
              "a network needs as many --blocks as --channels");
  return std::make_shared<ResidualNet>(std::move(options));
}

}  // namespace pyro::training

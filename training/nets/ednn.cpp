#include <utility>

#include "nets/architectures.hpp"

namespace pyro::training {
namespace {

namespace nn = torch::nn;

// As Keras makes them: bias, Glorot's uniform weights, and no activation behind.
nn::Conv2d plain_conv(int in, int out, int size, int pad, int stride = 1) {
  nn::Conv2d layer(nn::Conv2dOptions(in, out, size).padding(pad).stride(stride));
  nn::init::xavier_uniform_(layer->weight);
  nn::init::zeros_(layer->bias);
  return layer;
}

nn::Linear plain_linear(int in, int out) {
  nn::Linear layer(in, out);
  nn::init::xavier_uniform_(layer->weight);
  nn::init::zeros_(layer->bias);
  return layer;
}

const nn::BatchNorm2d kNoNorm{nullptr};

// 1×1 and 3×3 side by side, then 3×3, 1×1, and the input beside the result: 256 channels more than came in.
class EdnnBlockImpl : public nn::Module {
 public:
  explicit EdnnBlockImpl(int in)
      : squeeze_(register_module("squeeze", plain_conv(in, 64, 1, 0))),
        wide_(register_module("wide", plain_conv(64, 64, 3, 1))),
        mix_(register_module("mix", plain_conv(128, 128, 3, 1))),
        expand_(register_module("expand", plain_conv(128, 256, 1, 0))) {}

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor squeezed = squeeze_(x);
    const torch::Tensor both = torch::cat({squeezed, wide_(squeezed)}, 1);
    return torch::cat({expand_(mix_(both)), x}, 1);
  }

  int add_to(Program& program, int x) const {
    const int squeezed = add_conv(program, x, squeeze_, kNoNorm);
    const int both = program.add("concat", {squeezed, add_conv(program, squeezed, wide_, kNoNorm)});
    const int mixed = add_conv(program, both, mix_, kNoNorm);
    return program.add("concat", {add_conv(program, mixed, expand_, kNoNorm), x});
  }

 private:
  nn::Conv2d squeeze_, wide_, mix_, expand_;
};
TORCH_MODULE(EdnnBlock);

class EdnnNet final : public Net {
 public:
  explicit EdnnNet(NetOptions given)
      : Net(std::move(given)),
        conv1_(register_module("conv1", plain_conv(1, 32, 5, 0, 2))),
        conv2_(register_module("conv2", plain_conv(32, 64, 3, 0))),
        block1_(register_module("block1", EdnnBlock(64))),
        conv3_(register_module("conv3", plain_conv(320, 128, 3, 1))),
        conv4_(register_module("conv4", plain_conv(128, 128, 3, 0))),
        block2_(register_module("block2", EdnnBlock(128))),
        conv5_(register_module("conv5", plain_conv(384, 256, 3, 1))),
        conv6_(register_module("conv6", plain_conv(256, 512, 3, 1))),
        hidden1_(register_module("hidden1", plain_linear(512, 1024))),
        hidden2_(register_module("hidden2", plain_linear(1024, 512))) {
    heads_.emplace(*this, 512);
  }

  Logits forward(torch::Tensor x) override {
    x = conv2_(torch::max_pool2d(conv1_(x), 2));
    x = conv4_(torch::max_pool2d(conv3_(block1_(x)), 2));
    const torch::Tensor maps = conv6_(torch::max_pool2d(conv5_(block2_(x)), 2));
    x = hidden1_(maps.flatten(1)).relu_();
    x = hidden2_(torch::dropout(x, options().dropout, is_training())).relu_();
    return (*heads_)(x, maps, options().dropout, is_training());
  }

  [[nodiscard]] Program program() const override {
    Program program;
    const auto pooled = [&](int x) { return program.add("max_pool", {x}); };
    const auto conv = [&](int x, const nn::Conv2d& layer) { return add_conv(program, x, layer, kNoNorm); };
    int x = conv(pooled(conv(0, conv1_)), conv2_);
    x = conv(pooled(conv(block1_->add_to(program, x), conv3_)), conv4_);
    x = conv(pooled(conv(block2_->add_to(program, x), conv5_)), conv6_);
    x = program.add("relu", {add_linear(program, x, hidden1_)});
    x = program.add("relu", {add_linear(program, x, hidden2_)});
    heads_->add_to(program, x);
    return program;
  }

  [[nodiscard]] bool fixed_side() const override { return true; }

 private:
  nn::Conv2d conv1_, conv2_;
  EdnnBlock block1_;
  nn::Conv2d conv3_, conv4_;
  EdnnBlock block2_;
  nn::Conv2d conv5_, conv6_;
  nn::Linear hidden1_, hidden2_;
  std::optional<Heads> heads_;
};

}  // namespace

NetPtr make_ednn(NetOptions options) {
  TORCH_CHECK(options.channels.empty() && options.blocks.empty(),
              "this architecture has fixed numbers; leave out --channels and --blocks");
  return std::make_shared<EdnnNet>(std::move(options));
}

}  // namespace pyro::training

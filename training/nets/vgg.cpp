#include <string>
#include <utility>

#include "nets/architectures.hpp"
#include "nets/conv3x3.hpp"
#include "nets/norm_relu.hpp"

namespace pyro::training {
namespace {

namespace nn = torch::nn;

constexpr int kHidden = 512;

// Stages of conv-BN-ReLU, each ended by 2×2 maximum; two hidden layers; heads.
class VggNet final : public Net {
 public:
  explicit VggNet(NetOptions given) : Net(std::move(given)) {
    int width = 1;
    int side = 48;
    for (std::size_t stage = 0; stage < options().channels.size(); ++stage) {
      for (int block = 0; block < options().blocks[stage]; ++block) {
        const int out = options().channels[stage];
        const std::string number = std::to_string(convs_.size());
        convs_.push_back(register_module("conv" + number, conv_before_norm(width, out, 3, 1)));
        norms_.push_back(register_module("norm" + number, nn::BatchNorm2d(out)));
        width = out;
      }
      side /= 2;
    }
    TORCH_CHECK(side >= 1, "at most five stages fit into 48 pixels");
    hidden1_ = register_module("hidden1", nn::Linear(width * side * side, kHidden));
    hidden2_ = register_module("hidden2", nn::Linear(kHidden, kHidden));
    heads_.emplace(*this, kHidden);
  }

  Logits forward(torch::Tensor x) override {
    torch::Tensor maps;
    std::size_t layer = 0;
    for (const int blocks : options().blocks) {
      for (int block = 0; block < blocks; ++block, ++layer) {
        x = norm_relu(conv3x3(x, convs_[layer]), norms_[layer]);
      }
      maps = x;
      x = torch::max_pool2d(x, 2);
    }
    const auto dropped = [this](const torch::Tensor& y) {
      return torch::dropout(y, options().dropout, is_training());
    };
    x = hidden1_(dropped(x.flatten(1))).relu_();
    x = hidden2_(dropped(x)).relu_();
    return (*heads_)(x, maps, options().dropout, is_training());
  }

  [[nodiscard]] Program program() const override {
    Program program;
    int x = 0;
    std::size_t layer = 0;
    for (const int blocks : options().blocks) {
      for (int block = 0; block < blocks; ++block, ++layer) {
        x = program.add("relu", {add_conv(program, x, convs_[layer], norms_[layer])});
      }
      x = program.add("max_pool", {x});
    }
    x = program.add("relu", {add_linear(program, x, hidden1_)});
    x = program.add("relu", {add_linear(program, x, hidden2_)});
    heads_->add_to(program, x);
    return program;
  }

  [[nodiscard]] bool fixed_side() const override { return true; }

 private:
  std::vector<nn::Conv2d> convs_;
  std::vector<nn::BatchNorm2d> norms_;
  nn::Linear hidden1_{nullptr}, hidden2_{nullptr};
  std::optional<Heads> heads_;
};

}  // namespace

NetPtr make_vgg(NetOptions options) {
  if (options.channels.empty() && options.blocks.empty()) {
    options.channels = {32, 64, 128, 256};
    options.blocks = {2, 2, 2, 2};
  }
  TORCH_CHECK(!options.channels.empty() && options.channels.size() == options.blocks.size(),
              "a network needs as many --blocks as --channels");
  return std::make_shared<VggNet>(std::move(options));
}

}  // namespace pyro::training

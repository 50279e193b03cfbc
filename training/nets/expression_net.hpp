// The expression network: a small residual trunk and two heads.
#pragma once

#include <torch/torch.h>

#include <vector>

namespace pyro::training {

// One residual stage per entry; the picture's side is 24 in the first and halves with each further stage.
// The default has 0.95 M parameters and 58.5 M multiply-adds: most of them at 12×12 and 6×6, where they cost
// least.
struct NetOptions {
  std::vector<int> channels = {32, 64, 160};
  std::vector<int> blocks = {1, 2, 2};
  double dropout = 0.2;

  bool operator==(const NetOptions&) const = default;
};

struct Logits {
  torch::Tensor product;    // [n, 7], towards the FER+ votes
  torch::Tensor fer2013;    // [n, 7], towards FER2013's own labels
  torch::Tensor embedding;  // [n, channels.back()], the trunk's mean over the picture
};

// conv-BN-ReLU-conv-BN plus shortcut, ReLU (He et al. 2016). Where the size halves, the shortcut is 2×2 mean,
// 1×1 convolution, BN (He et al. 2019), which loses no pixels.
class ResidualImpl : public torch::nn::Module {
 public:
  ResidualImpl(int in, int out, int stride);
  torch::Tensor forward(const torch::Tensor& x);

  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr},
      shortcut{nullptr};  // shortcut is empty where nothing changes
  torch::nn::BatchNorm2d norm1{nullptr}, norm2{nullptr}, shortcut_norm{nullptr};
};
TORCH_MODULE(Residual);

// Input [n, 1, 48, 48], normalised by crop::normalise.
class ExpressionNetImpl : public torch::nn::Module {
 public:
  explicit ExpressionNetImpl(NetOptions options);
  Logits forward(torch::Tensor x);

  torch::nn::Conv2d stem{nullptr};
  torch::nn::BatchNorm2d stem_norm{nullptr};
  std::vector<Residual> residuals;
  torch::nn::Linear product{nullptr}, fer2013{nullptr};

  [[nodiscard]] const NetOptions& options() const { return options_; }

 private:
  NetOptions options_;
};
TORCH_MODULE(ExpressionNet);

// Parameters that are trained.
int64_t parameter_count(const torch::nn::Module& net);

}  // namespace pyro::training

#include "explain/gradients.hpp"

#include <ATen/CPUGeneratorImpl.h>

namespace pyro::training {
namespace {

// Evaluation mode while it lives.
class Judging {
 public:
  explicit Judging(Net& net) : net_(net), was_training_(net.is_training()) { net_.eval(); }
  ~Judging() { net_.train(was_training_); }
  Judging(const Judging&) = delete;
  Judging& operator=(const Judging&) = delete;

 private:
  Net& net_;
  bool was_training_;
};

// The class's logits, summed over the faces.
torch::Tensor logit(const Logits& logits, Head head, std::int64_t target) {
  return (head == Head::product ? logits.product : logits.fer2013).select(1, target).sum();
}

explain::PlaceMap map_of(const torch::Tensor& values) {
  const torch::Tensor flat = values.detach().to(torch::kFloat32).contiguous();
  const auto* begin = flat.data_ptr<float>();
  return {static_cast<int>(flat.size(0)), static_cast<int>(flat.size(1)), {begin, begin + flat.numel()}};
}

}  // namespace

explain::PlaceMap grad_cam(Net& net, const torch::Tensor& face, Head head, std::int64_t target) {
  const Judging judging(net);
  const torch::AutoGradMode with_gradients(true);
  const Logits logits = net.forward(face.clone().requires_grad_());
  const torch::Tensor gradient = torch::autograd::grad({logit(logits, head, target)}, {logits.maps}).front();
  const torch::Tensor weights = gradient.mean({2, 3}, true);
  return map_of((weights * logits.maps).sum(1).squeeze(0));
}

explain::PlaceMap smooth_grad(Net& net, const torch::Tensor& face, Head head, std::int64_t target,
                              const SmoothGradOptions& options) {
  const Judging judging(net);
  const torch::AutoGradMode with_gradients(true);
  torch::Generator random = at::detail::createCPUGenerator(options.seed);
  const double deviation = options.noise * (face.max() - face.min()).item<double>();
  const torch::Tensor noise =
      torch::randn({options.samples, 1, face.size(2), face.size(3)}, random) * deviation;
  const torch::Tensor noisy = (face + noise).requires_grad_();
  const torch::Tensor gradient =
      torch::autograd::grad({logit(net.forward(noisy), head, target)}, {noisy}).front();
  return map_of(gradient.mean(0).squeeze(0).abs());
}

}  // namespace pyro::training

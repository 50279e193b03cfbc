// Where a network looks, by gradients: for any architecture, as long as it is still libtorch's.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>

#include "nets/net.hpp"
#include "pyro/explain/heat.hpp"

namespace pyro::training {

enum class Head { product, fer2013 };

// Grad-CAM before its ReLU (Selvaraju et al. 2017): the last maps, each weighed by the mean over the places
// of the class's logit's gradient by it. What lowers the class stays below 0. `face` [1, 1, 48, 48],
// normalised. For a head on the mean of the maps it is the class activation map divided by the number of
// places.
[[nodiscard]] explain::PlaceMap grad_cam(Net& net, const torch::Tensor& face, Head head, std::int64_t target);

struct SmoothGradOptions {
  int samples = 32;
  double noise = 0.15;  // standard deviation, as a share of the face's range of values
  std::uint64_t seed = 1;
};
// SmoothGrad (Smilkov et al. 2017): the size of the mean gradient of the class's logit by the pixels over
// copies of the face with noise, 48×48, at least 0.
[[nodiscard]] explain::PlaceMap smooth_grad(Net& net, const torch::Tensor& face, Head head,
                                            std::int64_t target, const SmoothGradOptions& options = {});

}  // namespace pyro::training

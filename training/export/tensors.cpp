#include "export/tensors.hpp"

namespace pyro::training {

Array array_of(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.detach().to(torch::kFloat32).contiguous();
  Array array;
  array.shape.assign(plain.sizes().begin(), plain.sizes().end());
  const auto* first = plain.data_ptr<float>();
  array.values.assign(first, first + plain.numel());
  return array;
}

}  // namespace pyro::training

#include "map/product.hpp"

namespace pyro::training {

torch::Tensor linear(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias) {
  if (!at::globalContext().hasMKLDNN()) {
    return torch::addmm(bias, x, weight.t());
  }
  return torch::mkldnn_linear(x.contiguous().to_mkldnn(), weight, bias).to_dense();
}

}  // namespace pyro::training

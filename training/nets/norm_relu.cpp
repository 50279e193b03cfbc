#include "nets/norm_relu.hpp"

#include <ATen/autocast_mode.h>

#include <cmath>

#include "nets/norm_kernels.hpp"
#include "nets/tensor_bits.hpp"

namespace pyro::training {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

std::ptrdiff_t rows_of(const Tensor& maps) {
  return maps.size(0) * maps.size(2) * maps.size(3);
}

class NormRelu : public torch::autograd::Function<NormRelu> {
 public:
  // Saves what went in and came out; mean and 1/σ for the way back.
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& gain, const Tensor& bias,
                        const c10::optional<Tensor>& added, const Tensor& mean, const Tensor& deviation) {
    const Tensor maps = bf16_rows(x);
    const Tensor more = added ? bf16_rows(*added) : Tensor();
    const Tensor scale = gain / deviation;
    const Tensor shift = bias - mean * scale;
    Tensor result = torch::empty_like(maps);
    amx::scale_and_rectify(rows_of(maps), static_cast<int>(maps.size(1)), bits_of(maps),
                           scale.data_ptr<float>(), shift.data_ptr<float>(),
                           more.defined() ? bits_of(more) : nullptr, bits_of(result));
    context->save_for_backward({maps, result, gain, mean, deviation});
    context->saved_data["added"] = added.has_value();
    return result;
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor& maps = saved[0];
    const auto channels = static_cast<int>(maps.size(1));
    const std::ptrdiff_t rows = rows_of(maps);
    const Tensor gradient = bf16_rows(gradients[0]);
    Tensor rectified = torch::empty_like(maps);
    Tensor sum = torch::empty({channels}, torch::kFloat64);
    Tensor with_maps = torch::empty({channels}, torch::kFloat64);
    amx::rectified_gradient(rows, channels, bits_of(gradient), bits_of(saved[1]), bits_of(maps),
                            bits_of(rectified), sum.data_ptr<double>(), with_maps.data_ptr<double>());
    // With x̂ = (x - mean)/σ: dx = gain/σ · (g - Σg/n - x̂ · Σ(g x̂)/n), sorted by g, x and what is constant.
    const Tensor mean = saved[3].to(torch::kFloat64);
    const Tensor deviation = saved[4].to(torch::kFloat64);
    const Tensor of_gain = (with_maps - mean * sum) / deviation;
    const Tensor of_gradient = saved[2].to(torch::kFloat64) / deviation;
    const auto n = static_cast<double>(rows);
    const Tensor of_maps = -of_gradient * of_gain / (n * deviation);
    const Tensor constant = -of_gradient * sum / n - of_maps * mean;
    Tensor of_x = torch::empty_like(maps);
    const auto floats = [](const Tensor& tensor) { return tensor.to(torch::kFloat32).contiguous(); };
    const Tensor a = floats(of_gradient);
    const Tensor b = floats(of_maps);
    const Tensor c = floats(constant);
    amx::combine(rows, channels, bits_of(rectified), bits_of(maps), a.data_ptr<float>(), b.data_ptr<float>(),
                 c.data_ptr<float>(), bits_of(of_x));
    return {of_x,        floats(of_gain),
            floats(sum), context->saved_data["added"].toBool() ? rectified : Tensor(),
            Tensor(),    Tensor()};
  }
};

bool fits(const Tensor& x, const torch::nn::BatchNorm2d& norm) {
  return amx::available() && at::autocast::is_cpu_enabled() && x.scalar_type() == torch::kBFloat16 &&
         norm->is_training() && norm->options.affine() && norm->options.momentum().has_value() &&
         x.size(1) % amx::kChannelStep == 0;
}

}  // namespace

Tensor norm_relu(const Tensor& x, torch::nn::BatchNorm2d& norm, const Tensor& added) {
  if (!fits(x, norm)) {
    Tensor y = norm(x);
    return (added.defined() ? y.add_(added) : y).relu_();
  }
  Tensor mean = torch::empty({x.size(1)}, torch::kFloat32);
  Tensor variance = torch::empty({x.size(1)}, torch::kFloat32);
  {
    const torch::NoGradGuard no_grad;
    const Tensor maps = bf16_rows(x);
    const auto rows = static_cast<double>(rows_of(maps));
    amx::moments(rows_of(maps), static_cast<int>(x.size(1)), bits_of(maps), mean.data_ptr<float>(),
                 variance.data_ptr<float>());
    const double momentum = *norm->options.momentum();
    norm->running_mean.mul_(1 - momentum).add_(mean, momentum);
    norm->running_var.mul_(1 - momentum).add_(variance, momentum * rows / std::max(1.0, rows - 1));
    norm->num_batches_tracked += 1;
  }
  const Tensor deviation = torch::sqrt(variance + norm->options.eps());
  return NormRelu::apply(x, norm->weight, norm->bias,
                         added.defined() ? c10::optional<Tensor>(added) : c10::nullopt, mean, deviation);
}

}  // namespace pyro::training

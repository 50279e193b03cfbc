#include "nets/conv3x3.hpp"

#include <ATen/autocast_mode.h>

#include "nets/tensor_bits.hpp"

namespace pyro::training {
namespace {

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

amx::Shape shape_of(const Tensor& maps) {
  return {static_cast<int>(maps.size(0)), static_cast<int>(maps.size(2)), static_cast<int>(maps.size(3))};
}

Tensor packed(const Tensor& maps) {
  const Tensor rows = bf16_rows(maps);
  const amx::Shape shape = shape_of(rows);
  const auto channels = static_cast<int>(rows.size(1));
  Tensor result = torch::empty({static_cast<int64_t>(shape.packed_size(channels))}, torch::kBFloat16);
  amx::pack(shape, channels, bits_of(rows), bits_of(result));
  return result;
}

// in → out, or back from out to in
Tensor convolved(const Tensor& packed_maps, const amx::Shape& shape, const Tensor& weight, bool turned) {
  const auto out = static_cast<int>(weight.size(0));
  const auto in = static_cast<int>(weight.size(1));
  const std::vector<amx::Bf16> weights =
      amx::packed_weights(weight.contiguous().data_ptr<float>(), out, in, turned);
  const int from = turned ? out : in;
  const int to = turned ? in : out;
  Tensor result = torch::empty(
      {shape.pictures, to, shape.height, shape.width},
      torch::TensorOptions().dtype(torch::kBFloat16).memory_format(at::MemoryFormat::ChannelsLast));
  amx::convolve(shape, from, to, bits_of(packed_maps), weights.data(), bits_of(result));
  return result;
}

class AmxConv3x3 : public torch::autograd::Function<AmxConv3x3> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight) {
    const Tensor maps = packed(x);
    context->save_for_backward({maps, weight});
    return convolved(maps, shape_of(x), weight, false);
  }

  static tensor_list backward(AutogradContext* context, const tensor_list& gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor& weight = saved[1];
    const amx::Shape shape = shape_of(gradients[0]);
    const Tensor gradient = packed(gradients[0]);
    Tensor of_weight = torch::empty(weight.sizes(), torch::kFloat32);
    amx::gradient_of_weights(shape, static_cast<int>(weight.size(1)), static_cast<int>(weight.size(0)),
                             bits_of(saved[0]), bits_of(gradient), of_weight.data_ptr<float>());
    return {convolved(gradient, shape, weight, true), of_weight};
  }
};

bool fits(const torch::nn::Conv2d& layer) {
  const auto& options = layer->options;
  const auto all = [](const auto& array, int64_t value) {
    return array->at(0) == value && array->at(1) == value;
  };
  const auto* padding = c10::get_if<torch::ExpandingArray<2>>(&options.padding());
  return amx::available() && at::autocast::is_cpu_enabled() &&
         at::autocast::get_autocast_cpu_dtype() == at::kBFloat16 && all(options.kernel_size(), 3) &&
         all(options.stride(), 1) && all(options.dilation(), 1) && padding != nullptr && all(*padding, 1) &&
         options.groups() == 1 && !layer->bias.defined() && options.in_channels() % amx::kChannelStep == 0 &&
         options.out_channels() % amx::kChannelStep == 0;
}

}  // namespace

Tensor conv3x3(const Tensor& x, const torch::nn::Conv2d& layer) {
  return fits(layer) ? AmxConv3x3::apply(x, layer->weight) : torch::nn::Conv2d(layer)(x);
}

}  // namespace pyro::training

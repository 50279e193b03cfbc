#include "export/tensors.hpp"
#include "nets/architectures.hpp"

namespace pyro::training {
namespace nn = torch::nn;

nn::Conv2d conv_before_norm(int in, int out, int size, int stride) {
  nn::Conv2d layer(nn::Conv2dOptions(in, out, size).stride(stride).padding(size / 2).bias(false));
  nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kReLU);
  return layer;
}

Heads::Heads(nn::Module& net, int width)
    : product(net.register_module("product", nn::Linear(width, 7))),
      fer2013(net.register_module("fer2013", nn::Linear(width, 7))) {}

Logits Heads::operator()(const torch::Tensor& embedding, const torch::Tensor& maps, double dropout,
                         bool training) {
  const torch::Tensor kept = torch::dropout(embedding, dropout, training);
  return {product(kept), fer2013(kept), embedding, maps};
}

void Heads::add_to(Program& program, int embedding) const {
  program.embedding = embedding;
  program.product = program.add("softmax", {add_linear(program, embedding, product)});
  program.fer2013 = program.add("softmax", {add_linear(program, embedding, fer2013)});
}

int add_conv(Program& program, int input, const nn::Conv2d& conv, const nn::BatchNorm2d& norm) {
  const auto stride = static_cast<int>(conv->options.stride()->front());
  const auto pad = static_cast<int>(c10::get<torch::ExpandingArray<2>>(conv->options.padding())->front());
  const int step = program.add("conv", {input}, stride, pad);
  // In double: the quotient by a small variance would otherwise cost the last digits.
  const auto wide = [](const torch::Tensor& tensor) { return tensor.detach().to(torch::kFloat64); };
  torch::Tensor weight = wide(conv->weight);
  torch::Tensor bias =
      conv->bias.defined() ? wide(conv->bias) : torch::zeros({weight.size(0)}, torch::kFloat64);
  if (!norm.is_empty()) {
    const torch::Tensor gain =
        wide(norm->weight) / torch::sqrt(wide(norm->running_var) + norm->options.eps());
    weight = weight * gain.reshape({-1, 1, 1, 1});
    bias = wide(norm->bias) + (bias - wide(norm->running_mean)) * gain;
  }
  program.arrays.items[std::to_string(step) + ".weight"] = array_of(weight);
  program.arrays.items[std::to_string(step) + ".bias"] = array_of(bias);
  return step;
}

int add_linear(Program& program, int input, const nn::Linear& linear) {
  const int step = program.add("linear", {input});
  program.arrays.items[std::to_string(step) + ".weight"] = array_of(linear->weight);
  program.arrays.items[std::to_string(step) + ".bias"] = array_of(linear->bias);
  return step;
}

}  // namespace pyro::training

#include "export/fold.hpp"

namespace pyro::training {
namespace {

Array array_of(const torch::Tensor& tensor) {
  const torch::Tensor plain = tensor.detach().to(torch::kFloat32).contiguous();
  Array array;
  array.shape.assign(plain.sizes().begin(), plain.sizes().end());
  const auto* first = plain.data_ptr<float>();
  array.values.assign(first, first + plain.numel());
  return array;
}

// In double: the quotient by a small variance would otherwise cost the last digits.
void add_conv(Arrays& arrays, const std::string& name, const torch::nn::Conv2d& conv,
              const torch::nn::BatchNorm2d& norm) {
  const auto wide = [](const torch::Tensor& tensor) { return tensor.detach().to(torch::kFloat64); };
  const torch::Tensor gain = wide(norm->weight) / torch::sqrt(wide(norm->running_var) + norm->options.eps());
  arrays.items[name + ".weight"] = array_of(wide(conv->weight) * gain.reshape({-1, 1, 1, 1}));
  arrays.items[name + ".bias"] = array_of(wide(norm->bias) - wide(norm->running_mean) * gain);
}

}  // namespace

Arrays fold(const ExpressionNet& net) {
  Arrays arrays;
  arrays.about = {{"channels", net->options().channels}, {"blocks", net->options().blocks}};
  add_conv(arrays, "stem", net->stem, net->stem_norm);
  for (std::size_t i = 0; i < net->residuals.size(); ++i) {
    const Residual& residual = net->residuals[i];
    const std::string name = "residual" + std::to_string(i);
    add_conv(arrays, name + ".conv1", residual->conv1, residual->norm1);
    add_conv(arrays, name + ".conv2", residual->conv2, residual->norm2);
    if (!residual->shortcut.is_empty()) {
      add_conv(arrays, name + ".shortcut", residual->shortcut, residual->shortcut_norm);
    }
  }
  arrays.items["product.weight"] = array_of(net->product->weight);
  arrays.items["product.bias"] = array_of(net->product->bias);
  arrays.items["fer2013.weight"] = array_of(net->fer2013->weight);
  arrays.items["fer2013.bias"] = array_of(net->fer2013->bias);
  return arrays;
}

void add_reference(Arrays& arrays, ExpressionNet& net, const torch::Tensor& input) {
  const torch::NoGradGuard no_grad;
  const bool was_training = net->is_training();
  net->eval();
  const Logits logits = net->forward(input);
  net->train(was_training);
  arrays.items["reference.input"] = array_of(input);
  arrays.items["reference.product"] = array_of(torch::softmax(logits.product, 1));
  arrays.items["reference.fer2013"] = array_of(torch::softmax(logits.fer2013, 1));
  arrays.items["reference.embedding"] = array_of(logits.embedding);
}

}  // namespace pyro::training

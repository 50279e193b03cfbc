// The architectures that net.cpp lists, and what they are made of.
#pragma once

#include <vector>

#include "nets/net.hpp"

namespace pyro::training {

// Small residual network: a 5×5 stem of stride 2, then stages of residual blocks at 24×24, 12×12, 6×6 …, mean
// over the picture, two linear heads. What Pyrometer ships.
NetPtr make_residual(NetOptions options);

// The plain stack of 3×3 convolutions with which FER2013's best single networks were built (Khaireddin and
// Chen 2021), in a width that trains on two cores.
NetPtr make_vgg(NetOptions options);

// "Extended deep neural network" (Jain et al. 2019) as the Psychopathology Assistant built it: concatenating
// blocks whose convolutions have no activation. For comparison; takes no numbers.
NetPtr make_ednn(NetOptions options);

// A convolution without bias, padded to keep the size at stride 1; He initialisation.
torch::nn::Conv2d conv_before_norm(int in, int out, int size, int stride);

// Both heads on one embedding.
struct Heads {
  Heads(torch::nn::Module& net, int width);
  // Fills product and fer2013 from `embedding`, with dropout while `training`.
  [[nodiscard]] Logits operator()(const torch::Tensor& embedding, const torch::Tensor& maps, double dropout,
                                  bool training);
  void add_to(Program& program, int embedding) const;

  torch::nn::Linear product{nullptr}, fer2013{nullptr};
};

// Adds a convolution with the batch normalisation of evaluation mode folded in (`norm` may be empty), and
// returns the step's number.
int add_conv(Program& program, int input, const torch::nn::Conv2d& conv, const torch::nn::BatchNorm2d& norm);
int add_linear(Program& program, int input, const torch::nn::Linear& linear);

}  // namespace pyro::training

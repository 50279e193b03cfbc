// From the trained network to plain arrays without batch normalisation.
#pragma once

#include "export/arrays.hpp"
#include "nets/expression_net.hpp"

namespace pyro::training {

// about: {"channels", "blocks"}. Arrays: <layer>.weight [out, in, k, k] and <layer>.bias [out] with the BN of
// evaluation mode folded in, for stem, residual<i>.conv1, .conv2 and, where there is one, .shortcut; and
// product and fer2013 as [7, in] and [7].
Arrays fold(const ExpressionNet& net);

// Adds "reference.input" and what the net answers to it in evaluation mode: "reference.product" and
// "reference.fer2013" (probabilities) and "reference.embedding". The other side compares itself with these.
void add_reference(Arrays& arrays, ExpressionNet& net, const torch::Tensor& input);

}  // namespace pyro::training

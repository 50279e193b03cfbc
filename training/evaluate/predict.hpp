// A network's answers for pictures.
#pragma once

#include <torch/torch.h>

#include <span>
#include <vector>

#include "datasets/fer2013.hpp"
#include "nets/net.hpp"
#include "pyro/datasets/metrics.hpp"

namespace pyro::training {

using datasets::accuracy_interval;
using datasets::Figures;
using datasets::figures_of;
using datasets::Interval;
using datasets::Judged;

// [n, 1, 48, 48], as the networks take them.
torch::Tensor normalised(std::span<const crop::GreyFace* const> faces);

struct Probabilities {
  torch::Tensor product;  // [n, 7]
  torch::Tensor fer2013;  // [n, 7]
};

// In evaluation mode, without gradients; the net's mode is restored.
Probabilities predict(Net& net, const std::vector<const crop::GreyFace*>& faces);

// Each head against its own truth; pictures without that truth are left out.
struct BothJudged {
  std::vector<Judged> product;  // truth: FER+ majority among the seven
  std::vector<Judged> fer2013;  // truth: FER2013's own label
};
BothJudged judge(Net& net, const std::vector<Sample>& samples);

}  // namespace pyro::training

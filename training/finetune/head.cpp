#include "finetune/head.hpp"

#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

// From hardly held to hardly moved.
constexpr std::array kPulls = {1e-4, 1e-3, 1e-2, 1e-1, 1.0};
constexpr int kIterations = 60;

torch::Tensor loss_of(const LinearHead& head, const HeadData& data) {
  const torch::Tensor each = -(data.targets * log_probabilities(head, data.embeddings)).sum(1);
  return (each * data.weights).sum() / data.weights.sum().clamp_min(1e-9);
}

HeadData rows(const HeadData& data, const std::vector<int64_t>& which) {
  const torch::Tensor index = torch::tensor(which, torch::kLong);
  return {data.embeddings.index_select(0, index), data.targets.index_select(0, index),
          data.weights.index_select(0, index)};
}

}  // namespace

torch::Tensor log_probabilities(const LinearHead& head, const torch::Tensor& embeddings) {
  return torch::log_softmax(torch::addmm(head.bias, embeddings, head.weight.t()), 1);
}

LinearHead fit_head(const HeadData& data, const LinearHead& parent, double pull) {
  LinearHead head{parent.weight.clone().requires_grad_(), parent.bias.clone().requires_grad_()};
  torch::optim::LBFGS optimiser({head.weight, head.bias}, torch::optim::LBFGSOptions(1.0)
                                                              .max_iter(kIterations)
                                                              .tolerance_grad(1e-6)
                                                              .tolerance_change(1e-9)
                                                              .line_search_fn("strong_wolfe"));
  optimiser.step([&] {
    optimiser.zero_grad();
    const torch::Tensor loss =
        loss_of(head, data) + (head.weight - parent.weight).square().sum() * (pull / 2);
    loss.backward();
    return loss;
  });
  return {head.weight.detach(), head.bias.detach()};
}

double choose_pull(const HeadData& data, const LinearHead& parent, int folds, std::uint64_t seed) {
  std::vector<int64_t> order(static_cast<std::size_t>(data.embeddings.size(0)));
  std::iota(order.begin(), order.end(), 0);
  datasets::Random random(seed);
  datasets::shuffle(std::span<int64_t>(order), random);
  double best = kPulls.front();
  double least = INFINITY;
  for (const double pull : kPulls) {
    double loss = 0;
    for (int fold = 0; fold < folds; ++fold) {
      std::vector<int64_t> inside;
      std::vector<int64_t> outside;
      for (std::size_t i = 0; i < order.size(); ++i) {
        (static_cast<int>(i) % folds == fold ? outside : inside).push_back(order[i]);
      }
      if (inside.empty() || outside.empty()) {
        continue;
      }
      const torch::NoGradGuard no_grad;
      const LinearHead head = [&] {
        const torch::AutoGradMode with_grad(true);
        return fit_head(rows(data, inside), parent, pull);
      }();
      loss += loss_of(head, rows(data, outside)).item<double>();
    }
    if (loss < least) {
      least = loss;
      best = pull;
    }
  }
  return best;
}

}  // namespace pyro::training

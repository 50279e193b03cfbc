#include "finetune/head.hpp"

#include <array>
#include <atomic>
#include <cmath>
#include <future>
#include <numeric>
#include <utility>
#include <vector>

#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

// From hardly held to hardly moved.
constexpr std::array kPulls = {1e-4, 1e-3, 1e-2, 1e-1, 1.0};
constexpr int kIterations = 60;
constexpr int kIterationsToChoose = 40;  // tell pulls apart as well

torch::Tensor loss_of(const LinearHead& head, const HeadData& data) {
  const torch::Tensor each = -(data.targets * log_probabilities(head, data.embeddings)).sum(1);
  return (each * data.weights).sum() / data.weights.sum().clamp_min(1e-9);
}

HeadData rows(const HeadData& data, const std::vector<int64_t>& which) {
  const torch::Tensor index = torch::tensor(which, torch::kLong);
  return {data.embeddings.index_select(0, index), data.targets.index_select(0, index),
          data.weights.index_select(0, index)};
}

LinearHead descend(const HeadData& data, const LinearHead& parent, double pull, int iterations) {
  LinearHead head{parent.weight.clone().requires_grad_(), parent.bias.clone().requires_grad_()};
  torch::optim::LBFGS optimiser({head.weight, head.bias}, torch::optim::LBFGSOptions(1.0)
                                                              .max_iter(iterations)
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

}  // namespace

torch::Tensor log_probabilities(const LinearHead& head, const torch::Tensor& embeddings) {
  return torch::log_softmax(torch::addmm(head.bias, embeddings, head.weight.t()), 1);
}

LinearHead fit_head(const HeadData& data, const LinearHead& parent, double pull) {
  return descend(data, parent, pull, kIterations);
}

double choose_pull(const HeadData& data, const LinearHead& parent, int folds, std::uint64_t seed,
                   int threads) {
  std::vector<int64_t> order(static_cast<std::size_t>(data.embeddings.size(0)));
  std::iota(order.begin(), order.end(), 0);
  datasets::Random random(seed);
  datasets::shuffle(std::span<int64_t>(order), random);
  std::vector<std::pair<HeadData, HeadData>> parts;  // fitted, judged
  for (int fold = 0; fold < folds; ++fold) {
    std::vector<int64_t> inside;
    std::vector<int64_t> outside;
    for (std::size_t i = 0; i < order.size(); ++i) {
      (static_cast<int>(i) % folds == fold ? outside : inside).push_back(order[i]);
    }
    if (!inside.empty() && !outside.empty()) {
      parts.emplace_back(rows(data, inside), rows(data, outside));
    }
  }
  // Every pull on every fold, shared out among the threads; added up in one order, so that their number
  // changes nothing.
  std::vector<double> losses(kPulls.size() * parts.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    const torch::NoGradGuard no_grad;  // of this thread
    for (std::size_t i = next++; i < losses.size(); i = next++) {
      const auto& [fitted, judged] = parts[i % parts.size()];
      const LinearHead head = [&] {
        const torch::AutoGradMode with_grad(true);
        return descend(fitted, parent, kPulls[i / parts.size()], kIterationsToChoose);
      }();
      losses[i] = loss_of(head, judged).item<double>();
    }
  };
  std::vector<std::future<void>> others;
  for (int i = 1; i < threads; ++i) {
    others.push_back(std::async(std::launch::async, work));
  }
  work();
  for (std::future<void>& other : others) {
    other.get();  // and what it threw
  }
  double best = kPulls.front();
  double least = INFINITY;
  for (std::size_t p = 0; p < kPulls.size(); ++p) {
    const auto from = losses.begin() + static_cast<std::ptrdiff_t>(p * parts.size());
    const double loss = std::accumulate(from, from + static_cast<std::ptrdiff_t>(parts.size()), 0.0);
    if (loss < least) {
      least = loss;
      best = kPulls[p];
    }
  }
  return best;
}

}  // namespace pyro::training

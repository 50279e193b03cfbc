#include "finetune/head.hpp"

#include <gtest/gtest.h>

namespace pyro::training {
namespace {

// Three of the seven classes, each around its own point.
HeadData three_classes(int64_t count, double spread) {
  torch::manual_seed(5);
  const torch::Tensor labels = torch::arange(count) % 3;
  const torch::Tensor centres = torch::eye(3).mul(4);
  HeadData data{centres.index_select(0, labels) + torch::randn({count, 3}) * spread, torch::zeros({count, 7}),
                torch::ones({count})};
  data.targets.scatter_(1, labels.unsqueeze(1), 1.0);
  return data;
}

LinearHead nothing_known() {
  return {torch::zeros({7, 3}), torch::zeros({7})};
}

double accuracy(const LinearHead& head, const HeadData& data) {
  return (log_probabilities(head, data.embeddings).argmax(1) == data.targets.argmax(1))
      .to(torch::kFloat)
      .mean()
      .item<double>();
}

TEST(FitHead, LearnsWhatCanBeTold) {
  const HeadData data = three_classes(300, 0.5);
  EXPECT_GT(accuracy(fit_head(data, nothing_known(), 1e-3), data), 0.98);
}

TEST(FitHead, AStrongPullKeepsTheParent) {
  const HeadData data = three_classes(30, 0.5);
  const LinearHead parent{torch::randn({7, 3}), torch::zeros({7})};
  const LinearHead held = fit_head(data, parent, 1e6);
  EXPECT_LT((held.weight - parent.weight).abs().max().item<double>(), 1e-4);
  const LinearHead free = fit_head(data, parent, 1e-4);
  EXPECT_GT((free.weight - parent.weight).abs().max().item<double>(), 0.1);
}

TEST(FitHead, IsAMinimum) {
  const HeadData data = three_classes(60, 2.0);
  const LinearHead parent = nothing_known();
  const double pull = 0.1;
  const auto loss = [&](const LinearHead& head) {
    return (-(data.targets * log_probabilities(head, data.embeddings)).sum(1).mean() +
            head.weight.square().sum() * (pull / 2))
        .item<double>();
  };
  const LinearHead best = fit_head(data, parent, pull);
  for (int trial = 0; trial < 20; ++trial) {
    const LinearHead other{best.weight + torch::randn({7, 3}) * 0.05, best.bias + torch::randn({7}) * 0.05};
    EXPECT_GE(loss(other), loss(best) - 1e-5);
  }
}

TEST(FitHead, RowsOfWeightZeroDoNotCount) {
  HeadData data = three_classes(60, 0.5);
  const LinearHead clean = fit_head(data, nothing_known(), 1e-2);
  HeadData spoilt{torch::cat({data.embeddings, torch::full({20, 3}, 9.0)}),
                  torch::cat({data.targets, torch::eye(7).slice(0, 6).repeat({20, 1})}),
                  torch::cat({data.weights, torch::zeros({20})})};
  EXPECT_TRUE(torch::allclose(fit_head(spoilt, nothing_known(), 1e-2).weight, clean.weight, 1e-2, 1e-3));
}

TEST(ChoosePull, HoldsFastWhereLabelsAreNoise) {
  HeadData noise = three_classes(60, 0.5);
  noise.targets = torch::zeros({60, 7});
  noise.targets.scatter_(1, torch::randint(0, 7, {60, 1}), 1.0);
  EXPECT_GE(choose_pull(noise, nothing_known(), 5, 1), 0.1);
  EXPECT_EQ(choose_pull(noise, nothing_known(), 5, 1, 3), choose_pull(noise, nothing_known(), 5, 1));
  EXPECT_LT(choose_pull(three_classes(300, 0.3), nothing_known(), 5, 1), 0.1);
}

}  // namespace
}  // namespace pyro::training

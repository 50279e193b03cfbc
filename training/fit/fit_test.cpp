#include "fit/fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "evaluate/evaluate.hpp"
#include "evaluate/predict.hpp"
#include "fit/batch.hpp"
#include "fit/checkpoint.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

using testing::HasSubstr;

// Noise with rows of stripes, with columns of stripes, or alone: learnable in a few steps, whichever way it
// is flipped.
Split tiny_data() {
  std::vector<Sample> samples;
  Random random(7);
  for (int i = 0; i < 60; ++i) {
    const int label = i % 3;
    Sample sample;
    for (auto& pixel : sample.face.pixels) {
      pixel = static_cast<std::uint8_t>(random.below(60));
    }
    for (std::size_t k = 0; k < sample.face.pixels.size(); ++k) {
      const std::size_t line = label == 0 ? k / crop::kExpressionSide : k % crop::kExpressionSide;
      if (label < 2 && line / 4 % 2 == 0) {
        sample.face.pixels[k] = 220;
      }
    }
    sample.label = label;
    sample.labels[static_cast<std::size_t>(label)] = 1;
    sample.votes = sample.labels;
    sample.majority = label;
    samples.push_back(sample);
  }
  return split(std::move(samples), 0.2, 1);
}

FitOptions tiny_options() {
  FitOptions options;
  options.epochs = 3;
  options.batch = 8;
  options.warm_up_epochs = 0.5;
  options.net = {"residual", {4, 8}, {1, 1}, 0.2};
  return options;
}

class Fit : public testing::Test {
 protected:
  void SetUp() override { torch::set_num_threads(1); }
  void TearDown() override { std::filesystem::remove_all(root_); }
  Status run(const std::string& name, const FitOptions& options, bool resume = false) {
    return fit(tiny_data(), options, {root_ / name, resume});
  }
  void check_resume(const FitOptions& options);
  std::string read(const std::string& name) const {
    std::ifstream file(root_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("pyro_fit_test_" + std::to_string(::getpid()));
};

TEST_F(Fit, LearnsAndWritesOneLineAnEpoch) {
  FitOptions options = tiny_options();
  options.epochs = 12;
  options.augment = {.flip_chance = 0,
                     .rotation_deg = 0,
                     .scale = 0,
                     .shift_px = 1,
                     .light_chance = 0,
                     .blur_chance = 0,
                     .erase_chance = 0};
  ASSERT_TRUE(run("a", options));
  std::ifstream metrics(root_ / "a" / kMetricsName);
  std::string line;
  int count = 0;
  double accuracy = 0;
  while (std::getline(metrics, line)) {
    const auto entry = nlohmann::json::parse(line);
    EXPECT_EQ(entry.at("epoch"), count++);
    accuracy = entry.at("hold_out_fer2013");
  }
  EXPECT_EQ(count, 12);
  EXPECT_GT(accuracy, 0.9);
  auto net = load_net(root_ / "a" / kBestName);
  ASSERT_TRUE(net) << net.error().text();
  EXPECT_GT(figures_of(judge(**net, tiny_data().hold_out).fer2013).accuracy, 0.9);
}

TEST_F(Fit, AResumedRunEqualsAnUninterruptedOne) {
  FitOptions options = tiny_options();
  options.mixup_chance = 0.3;
  options.cutmix_chance = 0.5;
  for (const char* optimiser : {"sgd", "adamw"}) {
    SCOPED_TRACE(optimiser);
    std::filesystem::remove_all(root_);
    options.optimiser = optimiser;
    check_resume(options);
  }
}

void Fit::check_resume(const FitOptions& options) {
  ASSERT_TRUE(run("whole", options));
  // Killed in the second epoch: the epochs' number must be that of the whole run for the same schedule.
  const auto stop = [](const nlohmann::json&) { throw std::runtime_error("killed"); };
  EXPECT_THROW(static_cast<void>(fit(tiny_data(), options, {root_ / "parts"}, {{}, stop})),
               std::runtime_error);
  std::ofstream(root_ / "parts" / kMetricsName, std::ios::app) << R"({"epoch":1,"torn)";
  const Status resumed = run("parts", options, true);
  ASSERT_TRUE(resumed) << resumed.error().text();

  const auto tensors = [&](const std::string& name) {
    const Result<NetPtr> made = make_net(options.net);
    Net& net = **made;
    const auto optimiser = make_optimiser(options.optimiser, net, 0, 0);
    WeightAverage average(net, 0);
    Checkpoint stored;
    for (const auto& part : {prefixed("net/", weights_of(net)), prefixed("optimiser/", (*optimiser)->state()),
                             prefixed("average/", average.state())}) {
      stored.tensors.insert(stored.tensors.end(), part.begin(), part.end());
    }
    EXPECT_TRUE(load(root_ / name / kCheckpointName, stored));
    return stored.tensors;
  };
  const NamedTensors whole = tensors("whole");
  const NamedTensors parts = tensors("parts");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_TRUE(torch::equal(whole[i].second, parts[i].second)) << whole[i].first;
  }
  EXPECT_THAT(read("parts/metrics.jsonl"), testing::Not(HasSubstr("torn")));
}

TEST_F(Fit, RefusesToOverwriteARunOrToResumeAnother) {
  ASSERT_TRUE(run("a", tiny_options()));
  const Status again = run("a", tiny_options());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::wrong_use);
  FitOptions other = tiny_options();
  other.momentum = 0.5;
  const Status resumed = run("a", other, true);
  ASSERT_FALSE(resumed);
  EXPECT_THAT(resumed.error().message, HasSubstr("other settings"));
}

TEST_F(Fit, ALossThatExplodesStopsTheRun) {
  FitOptions options = tiny_options();
  options.learning_rate = 1e30;
  const Status status = run("a", options);
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().message, HasSubstr("--learning-rate"));
}

TEST_F(Fit, ADamagedCheckpointIsNamed) {
  std::filesystem::create_directories(root_ / "a");
  std::ofstream(root_ / "a" / kCheckpointName) << "rubbish";
  const Status status = run("a", tiny_options(), true);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::bad_input);
  EXPECT_THAT(status.error().message, HasSubstr(kCheckpointName));
}

TEST_F(Fit, AFullDiskLeavesTheOldFile) {
  if (!std::filesystem::exists("/dev/full")) {
    GTEST_SKIP() << "/dev/full is absent";
  }
  std::filesystem::create_directories(root_);
  ASSERT_TRUE(write_file(root_ / "file", "old"));
  std::filesystem::create_symlink("/dev/full", root_ / "file.part");
  const Status status = write_file(root_ / "file", "new");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::failed);
  EXPECT_THAT(status.error().message, HasSubstr("disk is full"));
  EXPECT_EQ(read("file"), "old");
}

TEST(Batch, PicturesWithoutVotesHaveNoProductLoss) {
  std::vector<Sample> samples = tiny_data().fit;
  samples.resize(4);
  for (Sample& sample : samples) {
    sample.votes.reset();
  }
  const std::vector<std::size_t> order = {0, 1, 2, 3};
  const Batch batch = make_batch(samples, order, {}, class_weights(samples, "none"), 1, 0);
  const Losses losses = losses_of(torch::zeros({4, 7}), torch::randn({4, 7}), batch.targets, {});
  EXPECT_EQ(losses.product.item<float>(), 0.0F);
  EXPECT_NEAR(losses.fer2013.item<float>(), std::log(7.0), 1e-5);
}

TEST(Schedule, WarmsUpAndEndsAtZero) {
  EXPECT_NEAR(learning_rate_at(1, 10, 2, 0.4), 0.2, 1e-12);
  EXPECT_NEAR(learning_rate_at(2, 10, 2, 0.4), 0.4, 1e-12);
  EXPECT_NEAR(learning_rate_at(6, 10, 2, 0.4), 0.2, 1e-12);
  EXPECT_NEAR(learning_rate_at(10, 10, 2, 0.4), 0.0, 1e-12);
}

TEST(Batch, ATeacherPullsTowardsWhatItSays) {
  std::vector<Sample> samples = tiny_data().fit;
  samples.resize(2);
  for (Sample& sample : samples) {
    sample.teacher = Taught{{0, 0, 0, 1, 0, 0, 0}, {0, 0, 0, 0.5, 0.5, 0, 0}};
  }
  const std::vector<std::size_t> order = {0, 1};
  const Batch batch = make_batch(samples, order, {}, class_weights(samples, "none"), 1, 0);
  FitOptions options;
  options.distill_weight = 1;
  options.temperature = 2;
  const torch::Tensor logits = torch::zeros({2, 7}).requires_grad_();
  const Losses losses = losses_of(logits, logits, batch.targets, options);
  // Even logits cost log 7 whatever the target; t² = 4.
  EXPECT_NEAR(losses.product.item<double>(), 4 * std::log(7.0), 1e-5);
  EXPECT_NEAR(losses.fer2013.item<double>(), 4 * std::log(7.0), 1e-5);
  losses.product.backward();
  // d/dz of t² · cross-entropy(z/t) is t · (softmax - target) / rows.
  EXPECT_NEAR(logits.grad()[0][3].item<double>(), 2 * (1.0 / 7 - 1) / 2, 1e-5);
  EXPECT_NEAR(logits.grad()[0][0].item<double>(), 2 * (1.0 / 7) / 2, 1e-5);
}

TEST(Batch, RareClassesWeighMoreAndTheMeanStaysOne) {
  std::vector<Sample> samples = tiny_data().fit;
  std::erase_if(samples,
                [seen = 0](const Sample& sample) mutable { return sample.label == 0 && ++seen > 4; });
  const Distribution weights = class_weights(samples, "loss");
  double sum = 0;
  std::array<int, 7> counts{};
  for (const Sample& sample : samples) {
    sum += weights[static_cast<std::size_t>(*sample.label)];
    ++counts[static_cast<std::size_t>(*sample.label)];
  }
  EXPECT_NEAR(sum / static_cast<double>(samples.size()), 1, 1e-5);
  EXPECT_NEAR(weights[0] / weights[1], std::sqrt(static_cast<double>(counts[1]) / counts[0]), 1e-4);
  EXPECT_EQ(weights[6], 0);  // never seen
}

TEST(Batch, SamplingDrawsRareClassesMoreOften) {
  std::vector<Sample> samples = tiny_data().fit;
  std::erase_if(samples,
                [seen = 0](const Sample& sample) mutable { return sample.label == 0 && ++seen > 2; });
  FitOptions options;
  options.balance = "sampling";
  const Distribution weights = class_weights(samples, options.balance);
  double drawn = 0;
  double total = 0;
  for (int epoch = 0; epoch < 400; ++epoch) {
    for (const std::size_t index : epoch_order(samples, options, epoch)) {
      drawn += samples[index].label == 0 ? 1 : 0;
      ++total;
    }
  }
  const double expected = 2.0 * weights[0] / static_cast<double>(samples.size());
  EXPECT_NEAR(drawn / total, expected, 0.15 * expected);
}

TEST(Batch, CutMixTakesLabelsByArea) {
  const std::vector<Sample> samples = tiny_data().fit;
  const std::vector<std::size_t> order = {0, 1};
  const Batch batch = make_batch(samples, order, {}, class_weights(samples, "none"), 1, 0);
  const Batch mixed = cut_mixed(batch, {12, 0, 36, 24});
  EXPECT_TRUE(torch::equal(mixed.images[0][0][20][10], batch.images[1][0][20][10]));
  EXPECT_TRUE(torch::equal(mixed.images[0][0][20][30], batch.images[0][0][20][30]));
  EXPECT_TRUE(torch::equal(mixed.images[0][0][40][10], batch.images[0][0][40][10]));
  const double share = 24.0 * 24.0 / (48.0 * 48.0);
  EXPECT_TRUE(torch::allclose(mixed.targets.fer2013[0],
                              batch.targets.fer2013[0] * (1 - share) + batch.targets.fer2013[1] * share));
}

TEST(Optimiser, AdamWTakesTheStepsOfTheFormula) {
  torch::nn::Linear net(torch::nn::LinearOptions(1, 1).bias(false));
  {
    const torch::NoGradGuard no_grad;
    net->weight.fill_(2.0);
  }
  const auto optimiser = make_optimiser("adamw", *net, 0, 0.1);
  ASSERT_TRUE(optimiser);
  double weight = 2;
  double mean = 0;
  double square = 0;
  for (int step = 1; step <= 3; ++step) {
    (*optimiser)->zero_grad();
    (net->weight * net->weight).sum().backward();
    (*optimiser)->step(0.01, step);
    const double gradient = 2 * weight;
    mean = 0.9 * mean + 0.1 * gradient;
    square = 0.999 * square + 0.001 * gradient * gradient;
    weight -= 0.01 * 0.1 * weight;
    weight -=
        0.01 * (mean / (1 - std::pow(0.9, step))) / (std::sqrt(square / (1 - std::pow(0.999, step))) + 1e-8);
    EXPECT_NEAR(net->weight.item<double>(), weight, 1e-5) << step;
  }
  EXPECT_FALSE(make_optimiser("luck", *net, 0, 0));
}

TEST_F(Fit, EndsEarlyWhenTheHoldOutStopsGaining) {
  FitOptions options = tiny_options();
  options.epochs = 30;
  options.patience = 2;
  options.learning_rate = 1e-12;
  options.ema_decay = 0;
  ASSERT_TRUE(run("a", options));
  const std::string lines = read("a/metrics.jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 3);
}

TEST_F(Fit, StartsFromGivenWeights) {
  ASSERT_TRUE(run("parent", tiny_options()));
  FitOptions options = tiny_options();
  options.epochs = 1;
  options.learning_rate = 0;
  const Status status = fit(tiny_data(), options, {root_ / "child", false, root_ / "parent" / kBestName});
  ASSERT_TRUE(status) << status.error().text();
  const auto parent = load_net(root_ / "parent" / kBestName);
  const auto child = load_net(root_ / "child" / kBestName);
  EXPECT_TRUE(torch::equal((*parent)->named_parameters()["product.weight"],
                           (*child)->named_parameters()["product.weight"]));
}

TEST(Net, EveryArchitectureGivesTwoHeadsAnEmbeddingAndMaps) {
  for (const std::string& name : net_names()) {
    const Result<NetPtr> net = make_net({name, {}, {}, 0.2});
    ASSERT_TRUE(net) << name;
    const Logits logits = (*net)->forward(torch::zeros({2, 1, 48, 48}));
    EXPECT_EQ(logits.product.sizes(), (torch::IntArrayRef{2, 7})) << name;
    EXPECT_EQ(logits.fer2013.sizes(), (torch::IntArrayRef{2, 7})) << name;
    EXPECT_EQ(logits.embedding.dim(), 2) << name;
    EXPECT_EQ(logits.maps.dim(), 4) << name;
  }
}

TEST(Net, WhatIsShippedHasAtMostThreeMillionParameters) {
  EXPECT_LE(parameter_count(**make_net(NetOptions{})), 3'000'000);
}

TEST(Net, UnknownNamesAndImpossibleNumbersAreRefused) {
  EXPECT_EQ(make_net({"oracle", {}, {}, 0.2}).error().code, ErrorCode::wrong_use);
  EXPECT_EQ(make_net({"residual", {8, 16}, {1}, 0.2}).error().code, ErrorCode::wrong_use);
  EXPECT_EQ(make_net({"ednn", {8}, {1}, 0.2}).error().code, ErrorCode::wrong_use);
}

}  // namespace
}  // namespace pyro::training

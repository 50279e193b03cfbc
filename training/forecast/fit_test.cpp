#include "forecast/fit.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "export/tensors.hpp"
#include "forecast/nets.hpp"

namespace pyro::training {
namespace {

torch::Tensor some_steps(int64_t n, int64_t t) {
  torch::manual_seed(5);
  torch::Tensor steps = torch::rand({n, t, static_cast<int64_t>(forecast::kChannels)});
  steps.select(2, 10).fill_(1);
  steps.slice(1, 7, 9).zero_();  // a gap
  return steps;
}

class Nets : public testing::TestWithParam<std::string> {};

// In one go, window by window or step by step: the state is all that is remembered.
TEST_P(Nets, AnswerTheSameHoweverTheStepsAreCut) {
  torch::manual_seed(1);
  const ForecastNetPtr net = make_forecast_net(GetParam(), 16);
  const torch::NoGradGuard no_grad;
  const torch::Tensor steps = some_steps(3, 70);
  const torch::Tensor whole = net->forward(steps, torch::zeros({3, net->state_size()})).answers;
  for (const int64_t cut : {1, 30}) {
    torch::Tensor state = torch::zeros({3, net->state_size()});
    for (int64_t t = 0; t < 70; t += cut) {
      const auto said = net->forward(steps.slice(1, t, std::min<int64_t>(t + cut, 70)), state);
      state = said.state;
      EXPECT_LT((said.answers - whole.slice(1, t, std::min<int64_t>(t + cut, 70))).abs().max().item<float>(),
                1e-5);
    }
  }
}

TEST_P(Nets, QuantilesAreInOrder) {
  const ForecastNetPtr net = make_forecast_net(GetParam(), 16);
  const torch::NoGradGuard no_grad;
  const torch::Tensor said =
      net->forward(some_steps(2, 40), torch::zeros({2, net->state_size()})).answers.view({2, 40, 5, 6});
  for (int64_t q = 2; q < 6; ++q)
    EXPECT_TRUE((said.select(3, q) >= said.select(3, q - 1)).all().item<bool>());
}

TEST_P(Nets, NoMoreThanAWindowIsSeenWithoutAMemory) {
  const ForecastNetPtr net = make_forecast_net(GetParam(), 16);
  const torch::NoGradGuard no_grad;
  const torch::Tensor steps = some_steps(1, 60);
  torch::Tensor other = steps.clone();
  other.select(1, 20).fill_(0.9);
  const auto run = [&](const torch::Tensor& of) {
    return net->forward(of, torch::zeros({1, net->state_size()})).answers;
  };
  const torch::Tensor difference = (run(steps) - run(other)).abs().amax({0, 2});
  EXPECT_EQ(difference.slice(0, 0, 20).max().item<float>(), 0) << "the future is not seen";
  EXPECT_GT(difference[49].item<float>(), 0) << "the oldest step of the window is";
  if (GetParam() != "lstm") {
    EXPECT_EQ(difference.slice(0, 50).max().item<float>(), 0);
  }
}

// Compiled by the engine on the way. (pyrometer-ir stands beside the training program, not beside a test.)
TEST_P(Nets, TheEnginesModelAnswersAsTheNetworkOrIsRefused) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("pyro_forecast_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const ForecastNetPtr net = make_forecast_net(GetParam(), ForecastJob{}.width);
  const torch::NoGradGuard no_grad;
  const torch::Tensor state = torch::rand({4, net->state_size()}) - 0.5, steps = some_steps(4, 1);
  const auto said = net->forward(steps, state);
  Arrays arrays = net->to_arrays();
  arrays.about["step_s"] = 1.0;
  arrays.items["reference.input"] = array_of(torch::cat({state, steps.select(1, 0)}, 1));
  arrays.items["reference.forecast"] = array_of(said.answers.select(1, 0));
  arrays.items["reference.state"] = array_of(said.state);
  const auto convert = [&] {
    EXPECT_TRUE(write_arrays(folder / "a.arrays", arrays));
    const std::string command = std::string(PYRO_IR_PROGRAM) + " convert-forecast " +
                                (folder / "a.arrays").string() + " " + (folder / "model.xml").string() +
                                " > " + (folder / "said").string() + " 2>&1";
    const int status = std::system(command.c_str());
    return WEXITSTATUS(status);
  };
  EXPECT_EQ(convert(), 0);
  arrays.items["reference.state"].values[1] += 1e-2F;
  EXPECT_EQ(convert(), exit_code(ErrorCode::failed));
  arrays.items.erase("head.bias");
  EXPECT_EQ(convert(), exit_code(ErrorCode::bad_input));
  std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(All, Nets, testing::ValuesIn(kForecastNets),
                         [](const auto& of) { return of.param; });

TEST(FitForecasters, NeedsTwoPersons) {
  forecast::Series one{"a", "a", {{}, {}}, {}};
  EXPECT_NE(fit_forecasters({one, one}, {}).error().message.find("fewer than two persons"),
            std::string::npos);
}

}  // namespace
}  // namespace pyro::training

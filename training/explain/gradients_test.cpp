#include "explain/gradients.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "export/export.hpp"
#include "export/tensors.hpp"

namespace pyro::training {
namespace {

const NetOptions kResidual{"residual", {4, 6, 10}, {2, 1, 2}, 0.2};

NetPtr random_net(const NetOptions& options) {
  torch::manual_seed(3);
  NetPtr net = *make_net(options);
  const torch::NoGradGuard no_grad;
  for (auto& item : net->named_parameters()) {
    if (item.value().dim() == 1) {
      item.value().uniform_(0.5, 1.5);  // as after training, not the ones and zeros of the start
    }
  }
  net->eval();
  return net;
}

torch::Tensor face() {
  torch::manual_seed(5);
  return torch::randn({1, 1, 48, 48});
}

// Σ_k w_ck · map_k by the head's own weights.
torch::Tensor class_maps(Net& net, const torch::Tensor& input, Head head) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor maps = net.forward(input).maps.squeeze(0);
  const torch::Tensor weight =
      net.named_parameters()[head == Head::product ? "product.weight" : "fer2013.weight"];
  return torch::einsum("ck,khw->chw", {weight, maps});
}

void expect_same(const explain::PlaceMap& grad_cam, const torch::Tensor& class_map) {
  ASSERT_EQ(class_map.size(0), grad_cam.height);
  ASSERT_EQ(class_map.size(1), grad_cam.width);
  const torch::Tensor flat = class_map.contiguous().view(-1);
  const double places = static_cast<double>(flat.numel()), greatest = flat.abs().max().item<double>();
  for (std::size_t i = 0; i < grad_cam.values.size(); ++i) {
    EXPECT_NEAR(double{grad_cam.values[i]} * places, flat[static_cast<std::int64_t>(i)].item<double>(),
                1e-5 * greatest)
        << i;
  }
}

TEST(GradCam, IsTheClassActivationMapOverTheNumberOfPlaces) {
  for (const NetOptions& options : {kResidual, NetOptions{"residual", {4, 6, 9}, {1, 2, 1}, 0.2}}) {
    const NetPtr net = random_net(options);
    for (const Head head : {Head::product, Head::fer2013}) {
      const torch::Tensor expected = class_maps(*net, face(), head);
      for (std::int64_t c = 0; c < 7; ++c) {
        SCOPED_TRACE(options.name + " class " + std::to_string(c));
        expect_same(grad_cam(*net, face(), head, c), expected[c]);
      }
    }
  }
}

TEST(GradCam, WorksForAHeadThatIsNotOnTheMean) {
  for (const NetOptions& options :
       {NetOptions{"ednn", {}, {}, 0.2}, NetOptions{"vgg", {4, 6}, {1, 2}, 0.2}}) {
    const NetPtr net = random_net(options);
    const explain::PlaceMap map = grad_cam(*net, face(), Head::product, 2);
    EXPECT_GE(map.height, 1) << options.name;
    EXPECT_EQ(map.values.size(), static_cast<std::size_t>(map.height * map.width)) << options.name;
  }
}

// The runtime's map, which another program makes with another engine from the exported file.
TEST(GradCam, IsWhatTheRuntimesMapIsWithoutAGradient) {
  const NetPtr net = random_net(kResidual);
  const std::filesystem::path root =
      std::filesystem::temp_directory_path() / ("pyro_gradients_" + std::to_string(::getpid()));
  std::filesystem::create_directories(root);
  const auto ir = [&](const std::string& words) {
    return std::system((std::string(PYRO_IR_PROGRAM) + " " + words + " > /dev/null").c_str());
  };
  const std::string at = root.string();
  ASSERT_TRUE(write_arrays(root / "net.arrays", arrays_with_reference(*net, torch::randn({4, 1, 48, 48}))));
  ASSERT_EQ(ir("convert " + at + "/net.arrays " + at + "/net.xml"), 0);
  Arrays faces;
  faces.items["faces"] = array_of(face());
  ASSERT_TRUE(write_arrays(root / "faces.arrays", faces));
  ASSERT_EQ(ir("class-maps " + at + "/net.xml " + at + "/faces.arrays " + at + "/maps.arrays"), 0);
  Result<Arrays> maps = read_arrays(root / "maps.arrays");
  ASSERT_TRUE(maps) << maps.error().text();
  for (const auto& [head, name] :
       {std::pair{Head::product, "product"}, std::pair{Head::fer2013, "fer2013"}}) {
    Array& runtime = maps->items[name];
    ASSERT_EQ(runtime.shape.size(), 4U);
    const torch::Tensor expected = torch::from_blob(
        runtime.values.data(),
        {7, static_cast<std::int64_t>(runtime.shape[2]), static_cast<std::int64_t>(runtime.shape[3])});
    for (std::int64_t c = 0; c < 7; ++c) {
      SCOPED_TRACE(std::string(name) + " class " + std::to_string(c));
      expect_same(grad_cam(*net, face(), head, c), expected[c]);
    }
  }
  std::filesystem::remove_all(root);
}

// Without noise it is the plain gradient, which differences of the logit give too.
TEST(SmoothGrad, WithoutNoiseIsTheGradient) {
  const NetPtr net = random_net(kResidual);
  net->to(torch::kFloat64);
  const torch::Tensor input = face().to(torch::kFloat64);
  const explain::PlaceMap map = smooth_grad(*net, input, Head::product, 4, {.samples = 1, .noise = 0});
  ASSERT_EQ(map.values.size(), 48U * 48U);
  const torch::NoGradGuard no_grad;
  for (const std::int64_t pixel : {0, 100, 1176, 2000}) {
    constexpr double kStep = 1e-6;
    const auto logit = [&](double by) {
      torch::Tensor moved = input.clone();
      moved.view(-1)[pixel] += by;
      return net->forward(moved).product[0][4].item<double>();
    };
    const double slope = std::abs(logit(kStep) - logit(-kStep)) / (2 * kStep);
    EXPECT_NEAR(map.values[static_cast<std::size_t>(pixel)], slope, 1e-5 + 1e-4 * slope);
  }
}

TEST(SmoothGrad, TheSameSeedGivesTheSameMap) {
  const NetPtr net = random_net(kResidual);
  const auto map = [&](std::uint64_t seed) {
    return smooth_grad(*net, face(), Head::product, 1, {.samples = 4, .seed = seed}).values;
  };
  EXPECT_EQ(map(1), map(1));
  EXPECT_NE(map(1), map(2));
}

}  // namespace
}  // namespace pyro::training

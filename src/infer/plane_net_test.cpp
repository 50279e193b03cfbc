// Our own runner against the engine on the networks that it serves.
#include "plane_net.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "pyro/infer/model_store.hpp"
#include "recipes.hpp"
#include "testing/folders.hpp"
#include "testing/kernels_here.hpp"

namespace pyro::infer {
namespace {

using testing::home;
using testing::kernels_here;
using testing::source;

namespace fs = std::filesystem;

fs::path file_of(const std::string& name) {
  return home() / "models" /
         (name == "face_mesh_478"      ? "face_landmarker/face_landmarks_detector.tflite"
          : name == "face_mesh_468"    ? "face_mesh_468/face_landmark.tflite"
          : name == "face_blendshapes" ? "face_landmarker/face_blendshapes.tflite"
                                       : "face_landmarker/face_detector.tflite");
}

// Noise, and a picture with large even parts, edges and values at the ends of the range, as a crop has them.
std::vector<std::vector<float>> pictures(std::size_t side) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> uniform(0, 1);
  std::vector<std::vector<float>> all(2, std::vector<float>(side * side * 3));
  std::ranges::generate(all[0], [&] { return uniform(random); });
  const auto middle = static_cast<float>(side) / 2;
  for (std::size_t i = 0; i < all[1].size(); ++i) {
    const auto pixel = i / 3, row = pixel / side;
    const auto x = static_cast<float>(pixel % side) - middle, y = static_cast<float>(row) - middle;
    const float distance = std::hypot(x, 0.8F * y) / middle;
    const auto channel = static_cast<float>(i % 3);
    all[1][i] = distance < 0.7F ? 0.75F - 0.1F * channel : std::clamp(0.5F + x / middle, 0.0F, 1.0F);
  }
  return all;
}

std::vector<std::vector<float>> by_engine(ov::InferRequest& request, const std::vector<float>& picture) {
  std::ranges::copy(picture, request.get_input_tensor().data<float>());
  request.infer();
  std::vector<std::vector<float>> outputs;
  for (std::size_t i = 0; i < request.get_compiled_model().outputs().size(); ++i) {
    const ov::Tensor tensor = request.get_output_tensor(i);
    outputs.emplace_back(tensor.data<const float>(), tensor.data<const float>() + tensor.get_size());
  }
  return outputs;
}

std::vector<std::vector<float>> by_planes(const PlaneNet& net, PlaneNet::Memory& memory,
                                          const std::vector<float>& picture) {
  std::ranges::copy(picture, memory.input().begin());
  net.run(memory);
  std::vector<std::vector<float>> outputs;
  outputs.reserve(net.outputs());
  for (std::size_t i = 0; i < net.outputs(); ++i) {
    outputs.emplace_back(memory.output(i).begin(), memory.output(i).end());
  }
  return outputs;
}

void expect_near(const std::vector<std::vector<float>>& found,
                 const std::vector<std::vector<float>>& expected, float relative) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    ASSERT_EQ(found[i].size(), expected[i].size());
    float greatest = 0;
    for (const float value : expected[i]) greatest = std::max(greatest, std::abs(value));
    for (std::size_t k = 0; k < expected[i].size(); ++k) {
      ASSERT_NEAR(found[i][k], expected[i][k], relative * greatest) << "output " << i << " value " << k;
    }
  }
}

class Mesh : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (kernels_here().empty()) GTEST_SKIP() << "this processor has neither AVX2 nor AVX-512";
    graph_ = core_.read_model(file_of(GetParam()).string());
    prepare(GetParam(), graph_);
  }
  [[nodiscard]] std::size_t side() const { return graph_->input().get_shape().at(1); }

  ov::Core core_;
  std::shared_ptr<ov::Model> graph_;
};

TEST_P(Mesh, IsWhatTheEngineComputes) {
  ov::InferRequest request =
      core_.compile_model(graph_, "CPU", {ov::hint::inference_precision(ov::element::f32)})
          .create_infer_request();
  for (const Kernels* kernels : kernels_here()) {
    SCOPED_TRACE(kernels->name);
    const auto net = PlaneNet::create(*graph_, *kernels);
    ASSERT_TRUE(net);
    ASSERT_EQ(net->outputs(), graph_->outputs().size());
    EXPECT_EQ(net->input_shape(), graph_->input().get_shape());
    PlaneNet::Memory memory(*net);
    // Three rounds over the same memory: what must be zero in it stays zero.
    for (int round = 0; round < 3; ++round) {
      for (const auto& picture : pictures(side())) {
        expect_near(by_planes(*net, memory, picture), by_engine(request, picture), 1e-5F);
      }
    }
  }
}

TEST_P(Mesh, ComesBackFromItsFormOnDisk) {
  for (const Kernels* kernels : kernels_here()) {
    const auto net = PlaneNet::create(*graph_, *kernels);
    ASSERT_TRUE(net);
    const std::string stored = net->stored();
    const auto restored = PlaneNet::restore(stored, *kernels);
    ASSERT_TRUE(restored);
    PlaneNet::Memory first(*net), second(*restored);
    const auto picture = pictures(side()).front();
    EXPECT_EQ(by_planes(*net, first, picture), by_planes(*restored, second, picture));
    EXPECT_EQ(restored->output_shape(0), net->output_shape(0));
    for (const std::size_t size : {std::size_t{0}, std::size_t{20}, stored.size() / 2, stored.size() - 1}) {
      EXPECT_FALSE(PlaneNet::restore(std::string_view(stored).substr(0, size), *kernels)) << size;
    }
    EXPECT_FALSE(PlaneNet::restore(stored + "x", *kernels));
    for (const Kernels* other : kernels_here()) {
      EXPECT_EQ(PlaneNet::restore(stored, *other).has_value(), other == kernels);
    }
  }
}

TEST_P(Mesh, MayRunInSeveralThreads) {
  const auto net = PlaneNet::create(*graph_, *best_kernels());
  ASSERT_TRUE(net);
  const auto all = pictures(side());
  std::array<std::vector<std::vector<float>>, 2> alone, together;
  for (std::size_t i = 0; i < 2; ++i) {
    PlaneNet::Memory memory(*net);
    alone[i] = by_planes(*net, memory, all[i]);
  }
  const auto work = [&](std::size_t i) {
    PlaneNet::Memory memory(*net);
    for (int round = 0; round < 5; ++round) together[i] = by_planes(*net, memory, all[i]);
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  EXPECT_EQ(together, alone);
}

INSTANTIATE_TEST_SUITE_P(PlaneNet, Mesh, ::testing::Values("face_mesh_478", "face_mesh_468"));

TEST(PlaneNet, LeavesOtherGraphsToTheEngine) {
  ov::Core core;
  for (const Kernels* kernels : kernels_here()) {
    for (const char* name : {"face_blendshapes", "face_detector"}) {
      const auto graph = core.read_model(file_of(name).string());
      EXPECT_FALSE(PlaneNet::create(*graph, *kernels)) << name;
    }
  }
}

TEST(PlaneNet, ServesTheModelStoreAndItsFormOnDiskTheNextStart) {
  if (kernels_here().empty()) GTEST_SKIP() << "this processor has neither AVX2 nor AVX-512";
  const fs::path folder = fs::temp_directory_path() / ("pyro_plane_test_" + std::to_string(::getpid()));
  fs::create_directories(folder / "models/face_mesh_468");
  fs::copy_file(file_of("face_mesh_468"), folder / "models/face_mesh_468/face_landmark.tflite",
                fs::copy_options::overwrite_existing);
  const auto result = [&](const CompileOptions& options) {
    const auto store = ModelStore::open({source() / "models", folder});
    const auto model = store->compile("face_mesh_468", options);
    EXPECT_TRUE(model) << model.error().text();
    auto network = Network::create(*model);
    EXPECT_TRUE(network);
    EXPECT_EQ(network->input_shape(), (std::vector<std::size_t>{1, 192, 192, 3}));
    EXPECT_EQ(network->output_count(), 2U);
    EXPECT_EQ(network->output_shape(0), (std::vector<std::size_t>{1, 1, 1, 1404}));
    EXPECT_EQ(network->output_shape(1), (std::vector<std::size_t>{1, 1, 1, 1}));
    std::ranges::copy(pictures(192).front(), network->input().begin());
    EXPECT_TRUE(network->run());
    return std::vector<std::vector<float>>{{network->output(0).begin(), network->output(0).end()},
                                           {network->output(1).begin(), network->output(1).end()}};
  };
  const auto first = result({});
  std::vector<fs::path> blobs;
  for (const auto& item : fs::directory_iterator(folder / "compiled")) blobs.push_back(item.path());
  ASSERT_EQ(blobs.size(), 1U);
  EXPECT_EQ(result({}), first);
  {
    std::fstream file(blobs[0], std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100000);
    file.put('x').put('y');
  }
  EXPECT_EQ(result({}), first);
  fs::resize_file(blobs[0], 40);
  EXPECT_EQ(result({}), first);
  expect_near(first, result({.engine_only = true}), 1e-5F);
  EXPECT_EQ(result({}), first);
  fs::remove_all(folder);
}

TEST(Recipes, TheFacialActionsAreTheSameWithTheFirstTokenAlone) {
  ov::Core core;
  const auto whole = core.read_model(file_of("face_blendshapes").string());
  const auto short_one = core.read_model(file_of("face_blendshapes").string());
  prepare("face_blendshapes", short_one);
  ASSERT_GT(whole->get_ordered_ops().size(), 0U);
  EXPECT_EQ(short_one->output().get_shape(), whole->output().get_shape());
  const auto multiplications = [](const ov::Model& graph) {
    std::size_t sum = 0;
    for (const auto& node : graph.get_ordered_ops()) {
      if (node->get_type_name() != std::string("Convolution")) continue;
      sum += ov::shape_size(node->get_output_shape(0)) * node->get_input_shape(1).at(1);
    }
    return sum;
  };
  EXPECT_LT(multiplications(*short_one), multiplications(*whole) * 5 / 6);
  const ov::AnyMap config{ov::hint::inference_precision(ov::element::f32)};
  auto a = core.compile_model(whole, "CPU", config).create_infer_request();
  auto b = core.compile_model(short_one, "CPU", config).create_infer_request();
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(0, 400);
  for (int round = 0; round < 5; ++round) {
    std::vector<float> points(std::size_t{2} * 146);
    std::ranges::generate(points, [&] { return uniform(random); });
    expect_near(by_engine(b, points), by_engine(a, points), 1e-5F);
  }
}

}  // namespace
}  // namespace pyro::infer

// The two halves of the export meet in a file: this process has libtorch, pyrometer-ir has the inference
// engine.
#include "export/fold.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace pyro::training {
namespace {

// Statistics and scales as after training, not the ones and zeros of the start.
void randomise(ExpressionNet& net) {
  const torch::NoGradGuard no_grad;
  for (auto& item : net->named_parameters()) {
    if (item.value().dim() == 1) {
      item.value().uniform_(0.5, 1.5);
    }
  }
  for (auto& item : net->named_buffers()) {
    if (item.value().is_floating_point()) {
      item.value().uniform_(0.2, 2.0);
    }
  }
}

class Fold : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(root_); }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("pyro_fold_test_" + std::to_string(::getpid()));
};

Arrays random_export() {
  torch::manual_seed(3);
  ExpressionNet net(NetOptions{{4, 6, 10}, {2, 1, 2}, 0.2});
  randomise(net);
  Arrays arrays = fold(net);
  add_reference(arrays, net, torch::randn({16, 1, 48, 48}));
  return arrays;
}

TEST_F(Fold, TheInferenceEngineAnswersAsTheTrainedNetwork) {
  ASSERT_TRUE(write_arrays(root_ / "w.arrays", random_export()));
  // pyrometer-ir itself fails at a difference of 1e-4 and more.
  const std::string command = std::string(PYRO_IR_PROGRAM) + " " + (root_ / "w.arrays").string() + " " +
                              (root_ / "m.xml").string() + " > /dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_TRUE(std::filesystem::exists(root_ / "m.bin"));
}

TEST_F(Fold, ADifferenceIsNoticed) {
  Arrays arrays = random_export();
  arrays.items.at("residual1.conv2.bias").values.at(0) += 0.5F;
  ASSERT_TRUE(write_arrays(root_ / "w.arrays", arrays));
  const std::string command = std::string(PYRO_IR_PROGRAM) + " " + (root_ / "w.arrays").string() + " " +
                              (root_ / "m.xml").string() + " > /dev/null 2>&1";
  EXPECT_NE(std::system(command.c_str()), 0);
}

TEST_F(Fold, ArraysSurviveTheFile) {
  const Arrays arrays = random_export();
  ASSERT_TRUE(write_arrays(root_ / "w.arrays", arrays));
  const Result<Arrays> back = read_arrays(root_ / "w.arrays");
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->about, arrays.about);
  EXPECT_EQ(back->items, arrays.items);
}

TEST_F(Fold, DamagedArraysAreRefused) {
  ASSERT_TRUE(write_arrays(root_ / "w.arrays", random_export()));
  const auto size = std::filesystem::file_size(root_ / "w.arrays");
  for (const auto keep : {size - 1, size / 2, std::uintmax_t{12}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(root_ / "w.arrays", keep);
    EXPECT_FALSE(read_arrays(root_ / "w.arrays")) << keep;
  }
  EXPECT_FALSE(read_arrays(root_ / "absent"));
}

}  // namespace
}  // namespace pyro::training

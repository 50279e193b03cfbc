// The two halves of the export meet in a file: this process has libtorch, pyrometer-ir has the inference
// engine.
#include "export/program.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "export/export.hpp"
#include "export/tensors.hpp"
#include "nets/net.hpp"

namespace pyro::training {
namespace {

// Statistics and scales as after training, not the ones and zeros of the start.
void randomise(Net& net) {
  const torch::NoGradGuard no_grad;
  for (auto& item : net.named_parameters()) {
    if (item.value().dim() == 1) {
      item.value().uniform_(0.5, 1.5);
    }
  }
  for (auto& item : net.named_buffers()) {
    if (item.value().is_floating_point()) {
      item.value().uniform_(0.2, 2.0);
    }
  }
}

Arrays random_export(const NetOptions& options) {
  torch::manual_seed(3);
  const Result<NetPtr> net = make_net(options);
  EXPECT_TRUE(net);
  randomise(**net);
  Arrays arrays = arrays_with_reference(**net, torch::randn({16, 1, 48, 48}));
  arrays.items["calibration.input"] = array_of(torch::randn({16, 1, 48, 48}));
  return arrays;
}

const NetOptions kSmall{"residual", {4, 6, 10}, {2, 1, 2}, 0.2};

class Export : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(root_); }
  void TearDown() override { std::filesystem::remove_all(root_); }
  // pyrometer-ir's exit code; it fails by itself where the answers differ.
  int convert(const Arrays& arrays, const std::string& flags = "") const {
    EXPECT_TRUE(write_arrays(root_ / "w.arrays", arrays));
    const std::string command = std::string(PYRO_IR_PROGRAM) + " convert " + (root_ / "w.arrays").string() +
                                " " + (root_ / "m.xml").string() + " " + flags + " > /dev/null 2>&1";
    return std::system(command.c_str());
  }
  std::filesystem::path root_ =
      std::filesystem::temp_directory_path() / ("pyro_export_test_" + std::to_string(::getpid()));
};

TEST_F(Export, TheInferenceEngineAnswersAsTheTrainedNetworkWhateverTheArchitecture) {
  for (const NetOptions& options :
       {kSmall, NetOptions{"residual", {4, 6}, {1, 1}, 0.2, 64}, NetOptions{"vgg", {4, 6}, {1, 2}, 0.2},
        NetOptions{"ednn", {}, {}, 0.2}}) {
    std::filesystem::remove(root_ / "m.bin");
    EXPECT_EQ(convert(random_export(options)), 0) << options.name;
    EXPECT_TRUE(std::filesystem::exists(root_ / "m.bin")) << options.name;
  }
}

TEST_F(Export, ADifferenceIsNoticed) {
  Arrays arrays = random_export(kSmall);
  arrays.items.at("1.bias").values.at(0) += 0.5F;
  EXPECT_NE(convert(arrays), 0);
}

TEST_F(Export, Int8AnswersNearlyAsTheTrainedNetwork) {
  EXPECT_EQ(convert(random_export({"residual", {16, 32}, {1, 1}, 0.2}), "--int8"), 0);
  std::ifstream xml(root_ / "m.xml");
  const std::string text{std::istreambuf_iterator<char>(xml), {}};
  EXPECT_NE(text.find("FakeQuantize"), std::string::npos);
}

TEST_F(Export, Int8WithoutCalibrationPicturesIsRefused) {
  Arrays arrays = random_export(kSmall);
  arrays.items.erase("calibration.input");
  EXPECT_NE(convert(arrays, "--int8"), 0);
}

TEST_F(Export, ArraysSurviveTheFile) {
  const Arrays arrays = random_export(kSmall);
  ASSERT_TRUE(write_arrays(root_ / "w.arrays", arrays));
  const Result<Arrays> back = read_arrays(root_ / "w.arrays");
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->about, arrays.about);
  EXPECT_EQ(back->items, arrays.items);
}

TEST_F(Export, DamagedArraysAreRefused) {
  ASSERT_TRUE(write_arrays(root_ / "w.arrays", random_export(kSmall)));
  const auto size = std::filesystem::file_size(root_ / "w.arrays");
  for (const auto keep : {size - 1, size / 2, std::uintmax_t{12}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(root_ / "w.arrays", keep);
    EXPECT_FALSE(read_arrays(root_ / "w.arrays")) << keep;
  }
  EXPECT_FALSE(read_arrays(root_ / "absent"));
}

TEST(Program, AHalfDescriptionIsRefused) {
  const Arrays whole = random_export(kSmall);
  ASSERT_TRUE(program_of(whole));
  Arrays arrays = whole;
  arrays.items.erase("1.weight");
  EXPECT_FALSE(program_of(arrays));
  arrays = whole;
  arrays.about["steps"][1]["inputs"] = {7};
  EXPECT_FALSE(program_of(arrays));
  arrays = whole;
  arrays.about["steps"][1]["op"] = "dream";
  EXPECT_FALSE(program_of(arrays));
  arrays = whole;
  arrays.about.erase("product");
  EXPECT_FALSE(program_of(arrays));
}

TEST(Program, CountsMultiplyAdds) {
  torch::manual_seed(1);
  const Result<NetPtr> net = make_net({"residual", {32, 64, 160}, {1, 2, 2}, 0.2});
  // By hand: stem 32·25·24², stage one 2·32·32·9·24², stage two (32·64·9 + 3·64·64·9 + 32·64)·12², stage
  // three (64·160·9 + 3·160·160·9 + 64·160)·6², heads 2·7·160.
  EXPECT_EQ(multiply_adds((*net)->program()), 460'800 + 10'616'832 + 18'874'368 + 28'569'600 + 2'240);
}

}  // namespace
}  // namespace pyro::training

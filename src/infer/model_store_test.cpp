#include "pyro/infer/model_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "testing/folders.hpp"

namespace pyro::infer {
namespace {

using ::testing::HasSubstr;
using testing::home;
using testing::source;
namespace fs = std::filesystem;

// A folder of its own with copies of some fetched files, removed at the end.
class OwnHome : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("pyro_store_test_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    copy("face_landmarker/face_detector.tflite");
  }
  void TearDown() override { fs::remove_all(folder_); }
  void copy(const std::string& name) {
    fs::create_directories((folder_ / "models" / name).parent_path());
    fs::copy_file(home() / "models" / name, folder_ / "models" / name, fs::copy_options::overwrite_existing);
  }
  static void change_byte(const fs::path& path, std::int64_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(at);
    const char old = static_cast<char>(file.get());
    file.seekp(at);
    file.put(static_cast<char>(old ^ 1));
  }
  [[nodiscard]] ModelStore store() const {
    auto opened = ModelStore::open({source() / "models", folder_});
    EXPECT_TRUE(opened) << opened.error().text();
    return *opened;
  }
  fs::path folder_;
};

TEST_F(OwnHome, AModelWithOneByteChangedIsRefused) {
  change_byte(folder_ / "models/face_landmarker/face_detector.tflite", 100000);
  const auto model = store().compile("face_detector");
  ASSERT_FALSE(model);
  EXPECT_THAT(model.error().text(), HasSubstr("face_detector"));
  EXPECT_THAT(model.error().text(), HasSubstr("setup/fetch"));
  EXPECT_THAT(model.error().text(), HasSubstr("models verify"));
  const auto own = store();
  EXPECT_FALSE(own.verify(*own.find("face_detector")));
}

TEST_F(OwnHome, ACutModelAndAMissingOneAreRefused) {
  fs::resize_file(folder_ / "models/face_landmarker/face_detector.tflite", 1000);
  EXPECT_THAT(store().compile("face_detector").error().text(), HasSubstr("1000 bytes"));
  EXPECT_THAT(store().compile("face_mesh_468").error().text(), HasSubstr("missing"));
  EXPECT_EQ(store().compile("no_such").error().code, ErrorCode::wrong_use);
}

TEST_F(OwnHome, TheCompiledFormServesTheNextStartAndDamageToItIsHarmless) {
  const auto result = [&] {
    const auto model = store().compile("face_detector");
    EXPECT_TRUE(model) << model.error().text();
    auto network = Network::create(*model);
    EXPECT_TRUE(network);
    std::ranges::fill(network->input(), 0.25F);
    EXPECT_TRUE(network->run());
    return std::vector<float>(network->output(1).begin(), network->output(1).end());
  };
  const auto first = result();
  std::vector<fs::path> blobs;
  for (const auto& item : fs::directory_iterator(folder_ / "compiled")) blobs.push_back(item.path());
  ASSERT_EQ(blobs.size(), 1U);
  EXPECT_EQ(blobs[0].extension(), ".blob");
  EXPECT_EQ(result(), first);
  change_byte(blobs[0], 5000);
  EXPECT_EQ(result(), first);
  fs::resize_file(blobs[0], 40);
  EXPECT_EQ(result(), first);
}

TEST_F(OwnHome, TheBundleServesWhereTheSingleFileIsMissing) {
  copy("face_landmarker/face_landmarker.task");
  fs::remove(folder_ / "models/face_landmarker/face_detector.tflite");
  const auto model = store().compile("face_detector");
  EXPECT_TRUE(model) << model.error().text();
  EXPECT_TRUE(store().read("face_geometry"));
}

TEST(ModelStore, GivesEachCallerACompiledModelOfItsOwnAndKnowsItsVersion) {
  const auto store = ModelStore::open({source() / "models", home()});
  ASSERT_TRUE(store) << store.error().text();
  const auto a = store->compile("face_blendshapes"), b = store->compile("face_blendshapes");
  ASSERT_TRUE(a && b);
  EXPECT_NE(&a->impl(), &b->impl());
  EXPECT_EQ(a->version(), store->find("face_blendshapes")->version);
  auto network = Network::create(*a);
  ASSERT_TRUE(network);
  EXPECT_EQ(network->input_shape(), (std::vector<std::size_t>{1, 146, 2}));
  EXPECT_EQ(network->output().size(), 52U);
}

TEST(ModelStore, EveryFetchedModelIsAsTheManifestSays) {
  const auto store = ModelStore::open({source() / "models", home()});
  ASSERT_TRUE(store);
  for (const ModelEntry& entry : store->entries()) {
    const auto status = store->verify(entry);
    EXPECT_TRUE(status) << status.error().text();
  }
}

}  // namespace
}  // namespace pyro::infer

#include "pyro/face/face_finder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pyro/face/head_pose.hpp"
#include "testing/frame_fixture.hpp"

namespace pyro::face {
namespace {

using testing::Pixels;

struct Photo {
  const char* file;
  int width, height;
  std::size_t whole;  // faces that the original short-range detector finds
  std::size_t parts;  // that it finds when it also looks in parts of the picture
  std::size_t mtcnn;  // faces by eye
};
class Photos : public ::testing::TestWithParam<Photo> {};

TEST_P(Photos, HaveTheirFaces) {
  const auto [file, width, height, whole, parts, mtcnn] = GetParam();
  const auto path = testing::shared_data() / "photos" / file;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing: set PYROMETER_SHARED";
  testing::FrameReader reader(path, Pixels::rgb, width, height);
  records::Frame frame;
  ASSERT_TRUE(reader.next(frame));
  const auto store = testing::open_store();
  for (const auto& [detector, small_faces, faces] :
       {std::tuple{DetectorKind::blazeface, false, whole}, std::tuple{DetectorKind::blazeface, true, parts},
        std::tuple{DetectorKind::mtcnn, true, mtcnn}}) {
    auto finder =
        FaceFinder::create(store, {.max_faces = 8, .detector = detector, .small_faces = small_faces});
    ASSERT_TRUE(finder) << finder.error().text();
    std::vector<records::FaceMesh> found;
    ASSERT_TRUE(finder->find(frame, {}, Search::thorough(), found));
    EXPECT_EQ(found.size(), faces) << (detector == DetectorKind::mtcnn ? "mtcnn" : "blazeface")
                                   << small_faces;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Photos,
                         ::testing::Values(Photo{"dlib_2007_007763.jpg", 500, 375, 0, 5, 7},
                                           Photo{"dlib_2008_001322.jpg", 500, 375, 3, 3, 3},
                                           Photo{"dlib_2008_002470.jpg", 500, 332, 0, 5, 6},
                                           Photo{"dlib_dogs.jpg", 900, 916, 0, 0, 0},
                                           Photo{"pyfeat_multi_face.jpg", 1000, 667, 2, 4, 5},
                                           Photo{"pyfeat_no-face.jpg", 1600, 1067, 0, 0, 0},
                                           Photo{"skimage_coffee_noface.png", 600, 400, 0, 0, 0}));

class Finder : public ::testing::Test {
 protected:
  static records::Frame grey(int width, int height) {
    const auto chroma =
        static_cast<std::size_t>((width + 1) / 2) * static_cast<std::size_t>((height + 1) / 2);
    const auto luma = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    return testing::make_frame(std::vector<std::uint8_t>(luma + 2 * chroma, 128), width, height,
                               Pixels::yuv420);
  }
  static records::Frame astronaut() {
    testing::FrameReader reader(testing::home_folder() / "demo/astronaut.png", Pixels::rgb, 512, 512);
    records::Frame frame;
    EXPECT_TRUE(reader.next(frame));
    return frame;
  }
  infer::ModelStore store_ = testing::open_store();
  std::vector<records::FaceMesh> faces_;
};

TEST_F(Finder, TinyAndHugeFramesHaveNoFace) {
  for (const auto detector : {DetectorKind::blazeface, DetectorKind::mtcnn}) {
    auto finder = FaceFinder::create(store_, {.detector = detector, .mtcnn_min_face_px = 400});
    ASSERT_TRUE(finder) << finder.error().text();
    for (const auto& [width, height] : {std::pair{1, 1}, std::pair{3, 2}, std::pair{7680, 4320}}) {
      EXPECT_TRUE(finder->find(grey(width, height), {}, Search::thorough(), faces_));
      EXPECT_TRUE(faces_.empty());
    }
  }
}

TEST_F(Finder, RegionsWithoutAFaceAreDropped) {
  auto finder = FaceFinder::create(store_, {});
  ASSERT_TRUE(finder);
  const std::array<records::FaceRegion, 3> known{
      {{{-500, -500}, 100, 0}, {{20, 20}, 30, 1}, {{NAN, 5}, 10, 0}}};
  EXPECT_TRUE(finder->find(grey(64, 48), known, Search::nowhere(), faces_));
  EXPECT_TRUE(faces_.empty());
}

TEST_F(Finder, AFaceThatMovedIsFoundInItsOldRegionWithTheSameResult) {
  auto finder = FaceFinder::create(store_, {});
  ASSERT_TRUE(finder);
  const auto frame = astronaut();
  ASSERT_TRUE(finder->find(frame, {}, Search::thorough(), faces_));
  ASSERT_EQ(faces_.size(), 1U);
  const std::array exact{region_of(faces_[0])};
  ASSERT_TRUE(finder->find(frame, exact, Search::nowhere(), faces_));
  ASSERT_EQ(faces_.size(), 1U);
  const auto there = faces_[0];
  auto moved = exact;
  moved[0].centre.x += 0.2F * moved[0].size;
  moved[0].angle_rad += 0.2F;
  ASSERT_TRUE(finder->find(frame, moved, Search::nowhere(), faces_));
  ASSERT_EQ(faces_.size(), 1U);
  for (std::size_t i = 0; i < 468; i += 13) {
    EXPECT_NEAR(faces_[0].points[i].x, there.points[i].x, 0.02F * there.box.width);
    EXPECT_NEAR(faces_[0].points[i].y, there.points[i].y, 0.02F * there.box.width);
  }
  // Known twice is still one face; the detector adds no second one.
  const std::array twice{exact[0], moved[0]};
  ASSERT_TRUE(finder->find(frame, twice, Search::thorough(), faces_));
  EXPECT_EQ(faces_.size(), 1U);
}

TEST_F(Finder, TheFastMeshIsNearTheFullOne) {
  const auto frame = astronaut();
  auto full = FaceFinder::create(store_, {}), fast = FaceFinder::create(store_, {.mesh = MeshKind::fast});
  ASSERT_TRUE(full && fast);
  std::vector<records::FaceMesh> other;
  ASSERT_TRUE(full->find(frame, {}, Search::thorough(), faces_));
  ASSERT_TRUE(fast->find(frame, {}, Search::thorough(), other));
  ASSERT_EQ(faces_.size(), 1U);
  ASSERT_EQ(other.size(), 1U);
  EXPECT_EQ(other[0].point_count, 468);
  EXPECT_TRUE(other[0].has_blendshapes);
  for (const std::size_t i : {1U, 33U, 152U, 263U}) {
    EXPECT_NEAR(other[0].points[i].x, faces_[0].points[i].x, 0.05F * faces_[0].box.width);
    EXPECT_NEAR(other[0].points[i].y, faces_[0].points[i].y, 0.05F * faces_[0].box.width);
  }
}

TEST_F(Finder, WrongSettingsAreSaid) {
  EXPECT_EQ(FaceFinder::create(store_, {.max_faces = 0}).error().code, ErrorCode::wrong_use);
  const auto small = FaceFinder::create(store_, {.detector = DetectorKind::mtcnn, .mtcnn_min_face_px = 3});
  EXPECT_EQ(small.error().code, ErrorCode::wrong_use);
}

TEST(PoseFitter, DamagedGeometryIsRefused) {
  const auto store = testing::open_store();
  const auto bytes = store.read("face_geometry");
  ASSERT_TRUE(bytes) << bytes.error().text();
  EXPECT_TRUE(PoseFitter::parse(*bytes));
  for (std::size_t length = 0; length < bytes->size(); length += 37) {
    EXPECT_FALSE(PoseFitter::parse(std::span(*bytes).first(length))) << length;
  }
  EXPECT_FALSE(PoseFitter::parse({}));
}

}  // namespace
}  // namespace pyro::face

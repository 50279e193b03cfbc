// The mesh, the facial actions and the pose against values recorded from the original runtime
// (tests/reference).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/face/face_finder.hpp"
#include "pyro/face/head_pose.hpp"
#include "testing/frame_fixture.hpp"

namespace pyro::face {
namespace {

using testing::FrameReader;
using testing::Pixels;

struct Differences {
  double xy_px = 0, z_px = 0, blendshape = 0, rotation = 0, position_cm = 0;
};

Differences compare(const PoseFitter& poses, const records::Frame& frame, const records::FaceMesh& face,
                    const nlohmann::json& golden) {
  Differences most;
  for (std::size_t i = 0; i < records::kMeshPoints; ++i) {
    const auto& values = golden["landmarks_px"];
    most.xy_px = std::max({most.xy_px, std::abs(face.points[i].x - values[3 * i].get<double>()),
                           std::abs(face.points[i].y - values[3 * i + 1].get<double>())});
    most.z_px = std::max(most.z_px, std::abs(face.points[i].z - values[3 * i + 2].get<double>()));
  }
  for (std::size_t i = 0; i < records::kBlendshapes; ++i) {
    most.blendshape =
        std::max(most.blendshape, std::abs(face.blendshapes[i] - golden["blendshapes"][i].get<double>()));
  }
  const auto fit = poses.fit(face, frame.width, frame.height);
  for (std::size_t i = 0; i < 12; ++i) {
    double& worst = i % 4 == 3 ? most.position_cm : most.rotation;
    worst =
        std::max(worst, std::abs(fit.camera_from_face[i] - golden["face_from_canonical"][i].get<double>()));
  }
  return most;
}

Differences allowed(const std::string& file, int frame) {
  Differences limits{0.05, 0.1, 0.002, 1e-3, 0.005};
  // Its width puts the detector's samples exactly between grid positions, where the original's rounding
  // depends on the noise of its own equation solver.
  if (file.ends_with("fr_two_people.jpg")) limits = {0.25, 0.25, 0.03, 2e-3, 0.02};
  // A hand covers the face: the network is unstable there, in the original as here.
  if (file.ends_with("wolfganglanger.mp4") && frame == 100) limits = {0.1, 0.1, 0.0025, 1e-3, 0.005};
  return limits;
}

TEST(Reference, StillsAgreeWithTheOriginal) {
  std::ifstream stream(testing::source_folder() / "tests/golden/landmarks_still.json");
  const auto golden = nlohmann::json::parse(stream);
  const auto store = testing::open_store();
  auto finder = FaceFinder::create(store, {.max_faces = 8});
  ASSERT_TRUE(finder) << finder.error().text();
  const auto poses = PoseFitter::create(store);
  ASSERT_TRUE(poses) << poses.error().text();
  for (const auto& item : golden["items"]) {
    const std::string file = item["file"];
    const int index = item["frame"];
    SCOPED_TRACE(file + " frame " + std::to_string(index));
    const auto path = (file.starts_with("demo/") ? testing::home_folder() : testing::shared_data()) / file;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing: set PYROMETER_SHARED";
    FrameReader reader(path, Pixels::rgb, item["width"], item["height"], index);
    records::Frame frame;
    ASSERT_TRUE(reader.next(frame));
    std::vector<records::FaceMesh> faces;
    ASSERT_TRUE(finder->find(frame, {}, true, faces));
    ASSERT_EQ(faces.size(), item["faces"].size());
    const Differences limit = allowed(file, index);
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const Differences found = compare(*poses, frame, faces[i], item["faces"][i]);
      EXPECT_LE(found.xy_px, limit.xy_px);
      EXPECT_LE(found.z_px, limit.z_px);
      EXPECT_LE(found.blendshape, limit.blendshape);
      EXPECT_LE(found.rotation, limit.rotation);
      EXPECT_LE(found.position_cm, limit.position_cm);
      // Roll and the region's turn say the same, with the same sign.
      EXPECT_NEAR(faces[i].pose.roll_deg, region_of(faces[i]).angle_rad * 180 / 3.14159265F, 6);
    }
  }
}

// The planes of a video are sampled where they lie, the original converts the whole picture first: the
// network answers such tiny differences with tenths of a pixel.
TEST(Reference, VideoPlanesGiveNearlyTheSame) {
  std::ifstream stream(testing::source_folder() / "tests/golden/landmarks_still.json");
  const auto golden = nlohmann::json::parse(stream);
  const auto store = testing::open_store();
  auto finder = FaceFinder::create(store, {.max_faces = 8});
  ASSERT_TRUE(finder) << finder.error().text();
  const auto poses = PoseFitter::create(store);
  ASSERT_TRUE(poses);
  for (const auto& item : golden["items"]) {
    const std::string file = item["file"];
    if (!file.starts_with("videos/")) continue;
    SCOPED_TRACE(file);
    const auto path = testing::shared_data() / file;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing: set PYROMETER_SHARED";
    FrameReader reader(path, Pixels::yuv420, item["width"], item["height"], item["frame"]);
    records::Frame frame;
    ASSERT_TRUE(reader.next(frame));
    std::vector<records::FaceMesh> faces;
    ASSERT_TRUE(finder->find(frame, {}, true, faces));
    ASSERT_EQ(faces.size(), 1U);
    const Differences found = compare(*poses, frame, faces[0], item["faces"][0]);
    EXPECT_LE(found.xy_px, 1.0);
    EXPECT_LE(found.blendshape, 0.03);
    EXPECT_LE(found.rotation, 5e-3);
  }
}

}  // namespace
}  // namespace pyro::face

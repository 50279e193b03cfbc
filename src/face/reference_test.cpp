// The mesh, the facial actions and the pose against values recorded from the original runtime.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iostream>
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

class Reference : public ::testing::TestWithParam<Pixels> {};

TEST_P(Reference, StillsAgree) {
  std::ifstream stream(testing::source_folder() / "tests/golden/landmarks_still.json");
  const auto golden = nlohmann::json::parse(stream);
  const auto store = testing::open_store();
  auto finder = FaceFinder::create(store, {.max_faces = 8});
  const auto poses = PoseFitter::create(store);
  ASSERT_TRUE(poses) << poses.error().text();
  ASSERT_TRUE(finder) << finder.error().text();
  for (const auto& item : golden["items"]) {
    const std::string file = item["file"];
    const auto path = (file.starts_with("demo/") ? testing::home_folder() : testing::shared_data()) / file;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing";
    FrameReader reader(path, GetParam(), item["width"], item["height"], item["frame"]);
    records::Frame frame;
    ASSERT_TRUE(reader.next(frame)) << file;
    std::vector<records::FaceMesh> faces;
    ASSERT_TRUE(finder->find(frame, {}, true, faces));
    EXPECT_EQ(faces.size(), item["faces"].size()) << file;
    for (std::size_t i = 0; i < std::min(faces.size(), item["faces"].size()); ++i) {
      const Differences d = compare(*poses, frame, faces[i], item["faces"][i]);
      std::cout << file << " " << item["frame"] << " face " << i << " xy " << d.xy_px << " z " << d.z_px
                << " bs " << d.blendshape << " R " << d.rotation << " t " << d.position_cm << " ypr "
                << faces[i].pose.yaw_deg << " " << faces[i].pose.pitch_deg << " " << faces[i].pose.roll_deg
                << " size " << faces[i].box.height << "\n";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pixels, Reference, ::testing::Values(Pixels::rgb, Pixels::yuv420));

}  // namespace
}  // namespace pyro::face

#include "pyro/face/tracker.hpp"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <set>

#include "pyro/face/face_finder.hpp"
#include "testing/frame_fixture.hpp"

namespace pyro::face {
namespace {

// A face without mesh, as only a detector gives it.
records::FaceMesh at(float x, float y, float size = 100) {
  records::FaceMesh face;
  face.box = {x, y, size, size, 1, {}, 0};
  return face;
}

TEST(Tracker, KeepsIdsOfPeopleWhoPassEachOther) {
  Tracker tracker;
  for (int i = 0; i <= 40; ++i) {
    const auto step = static_cast<float>(i) * 10;
    std::array faces{at(step, 100), at(400 - step, 160)};
    if (i % 2 == 1) std::swap(faces[0], faces[1]);  // the order says nothing
    tracker.assign(Seconds(i / 25.0), faces);
    EXPECT_EQ(faces[static_cast<std::size_t>(i % 2)].face_id, 0) << i;
    EXPECT_EQ(faces[static_cast<std::size_t>((i + 1) % 2)].face_id, 1) << i;
  }
}

TEST(Tracker, AFaceThatIsBackInTimeKeepsItsIdAndALaterOneGetsANew) {
  Tracker tracker({.keep_lost = Seconds(10)});
  std::array face{at(50, 50)};
  tracker.assign(Seconds(0), face);
  tracker.assign(Seconds(3), {});
  tracker.assign(Seconds(4), face);
  EXPECT_EQ(face[0].face_id, 0);
  tracker.assign(Seconds(14.5), face);
  EXPECT_EQ(face[0].face_id, 1);
}

TEST(Tracker, APauseInTheFramesIsNobodysAbsenceWhereThatIsSaid) {
  for (const bool said : {false, true}) {
    Tracker tracker({.keep_over_pause = said ? Seconds(300) : Seconds(0)});
    std::array both{at(50, 50), at(400, 50)};
    tracker.assign(Seconds(0), both);
    std::array stayed{at(50, 50)};
    tracker.assign(Seconds(5), stayed);  // the second face has left
    std::array after{at(60, 55), at(400, 50)};
    tracker.assign(Seconds(45), after);  // no frame came meanwhile
    EXPECT_EQ(after[0].face_id, said ? 0 : 2);
    EXPECT_EQ(after[1].face_id, said ? 2 : 3) << "who had left before the pause is somebody new";
    std::array elsewhere{at(2000, 900)};
    tracker.assign(Seconds(100), elsewhere);
    EXPECT_EQ(elsewhere[0].face_id, said ? 3 : 4) << "another place";
    std::array late{at(2000, 900)};
    tracker.assign(Seconds(500), late);
    EXPECT_EQ(late[0].face_id, said ? 4 : 5) << "a pause that is too long";
  }
}

TEST(Tracker, TheSameAtAnyFrameRate) {
  for (const double fps : {5.0, 12.0, 60.0}) {
    Tracker tracker;
    for (int i = 0; i < static_cast<int>(3 * fps); ++i) {
      const double time = i / fps;
      std::array face{at(static_cast<float>(120 * time), 50)};
      tracker.assign(Seconds(time), face);
      EXPECT_EQ(face[0].face_id, 0) << fps << " fps, " << time << " s";
    }
  }
}

struct Clip {
  const char* file;
  int width, height;
  double fps;
  std::size_t people;
};
class RealClip : public ::testing::TestWithParam<Clip> {};

TEST_P(RealClip, HasAsManyIdsAsPeople) {
  const auto [file, width, height, fps, people] = GetParam();
  const auto path = testing::shared_data() / "videos" / file;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing: set PYROMETER_SHARED";
  const auto store = testing::open_store();
  auto finder = FaceFinder::create(store, {.mesh = MeshKind::fast, .blendshapes = false});
  ASSERT_TRUE(finder) << finder.error().text();
  testing::FrameReader reader(path, testing::Pixels::yuv420, width, height);
  records::Frame frame;
  std::deque<std::vector<records::FaceRegion>> known(2);
  std::vector<records::FaceMesh> faces;
  std::set<std::int32_t> ids;
  Tracker tracker;
  while (reader.next(frame)) {
    const bool detect = frame.index % 12 == 0 || known.front().empty();
    ASSERT_TRUE(
        finder->find(frame, known.front(), detect ? Search::quick(frame.index) : Search::nowhere(), faces));
    known.pop_front();
    known.emplace_back();
    for (const auto& face : faces) known.back().push_back(region_of(face));
    tracker.assign(Seconds(static_cast<double>(frame.index) / fps), faces);
    for (const auto& face : faces) ids.insert(face.face_id);
    if (people == 2 && faces.size() == 2) {
      const bool first_is_left = faces[0].box.x < faces[1].box.x;
      EXPECT_EQ(faces[first_is_left ? 0 : 1].face_id, *ids.begin());
    }
  }
  EXPECT_EQ(ids.size(), people);
  EXPECT_TRUE(ids.empty() || *ids.begin() == 0);
}

INSTANTIATE_TEST_SUITE_P(Clips, RealClip,
                         ::testing::Values(Clip{"made_leave_return.mp4", 640, 360, 25, 1},
                                           Clip{"intel_head-pose-face-detection-female-and-male.mp4", 480,
                                                270, 12, 2},
                                           Clip{"intel_bottle.mp4", 640, 360, 29.8, 0}));

}  // namespace
}  // namespace pyro::face

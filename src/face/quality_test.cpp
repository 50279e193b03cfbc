#include "pyro/face/quality.hpp"

#include <gtest/gtest.h>

#include "pyro/face/face_finder.hpp"
#include "pyro/face/one_euro.hpp"
#include "testing/frame_fixture.hpp"

namespace pyro::face {
namespace {

using records::GapReason;
using testing::Pixels;

struct Altered {
  const char* filter;
  int width, height;
  GapReason reason;
};
class Quality : public ::testing::TestWithParam<Altered> {};

// The reference clip's frame 200 (a face of 274 px in 640×360), altered.
TEST_P(Quality, SaysWhatIsWrong) {
  const auto path = testing::shared_data() / "videos/pyfeat_wolfganglanger.mp4";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is missing: set PYROMETER_SHARED";
  const auto [filter, width, height, reason] = GetParam();
  testing::FrameReader reader(path, Pixels::yuv420, width, height, 200, filter);
  records::Frame frame;
  ASSERT_TRUE(reader.next(frame));
  const auto store = testing::open_store();
  auto finder = FaceFinder::create(store, {.blendshapes = false});
  ASSERT_TRUE(finder) << finder.error().text();
  std::vector<records::FaceMesh> faces;
  ASSERT_TRUE(finder->find(frame, {}, Search::thorough(), faces));
  ASSERT_EQ(faces.size(), 1U) << filter;
  EXPECT_EQ(judge_quality(faces[0], {}), reason)
      << filter << ": size " << faces[0].quality.size_px << " sharpness " << faces[0].quality.sharpness
      << " brightness " << faces[0].quality.brightness << " contrast " << faces[0].quality.contrast
      << " inside " << faces[0].quality.inside_fraction << " presence " << faces[0].quality.presence;
}

INSTANTIATE_TEST_SUITE_P(Kinds, Quality,
                         ::testing::Values(Altered{"null", 640, 360, GapReason::none},
                                           Altered{"gblur=sigma=9", 640, 360, GapReason::blurred},
                                           Altered{"lutyuv=y=16+(val-16)/8", 640, 360, GapReason::too_dark},
                                           Altered{"lutyuv=y=205+(val-16)/8", 640, 360,
                                                   GapReason::too_bright},
                                           Altered{"scale=80:45:flags=area", 80, 45, GapReason::too_small},
                                           Altered{"crop=488:360:0:0", 488, 360, GapReason::outside_frame}));

TEST(QualityLimits, TurnedAwayAndDoubted) {
  records::FaceMesh face;
  face.quality = {200, 1, 0.5F, 0.2F, 1, 1, GapReason::none};
  EXPECT_EQ(judge_quality(face, {}), GapReason::none);
  face.pose.yaw_deg = -60;
  EXPECT_EQ(judge_quality(face, {}), GapReason::turned_away);
  face.pose = {};
  face.quality.presence = 0.6F;
  EXPECT_EQ(judge_quality(face, {}), GapReason::occluded);
}

TEST(OneEuro, CalmsNoiseAndFollowsMovement) {
  OneEuro filter;
  const OneEuroOptions options;
  double last = 0, least = 1e9, most = -1e9;
  for (int i = 0; i < 200; ++i) {
    last = filter.filter(10 + (i % 2 == 0 ? 0.01 : -0.01), Seconds(i / 30.0), options);
    if (i > 50) least = std::min(least, last), most = std::max(most, last);
  }
  EXPECT_LT(most - least, 0.01);
  for (int i = 200; i < 230; ++i) last = filter.filter(20, Seconds(i / 30.0), options);
  EXPECT_NEAR(last, 20, 0.1);
}

}  // namespace
}  // namespace pyro::face

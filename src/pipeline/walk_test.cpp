#include "pyro/pipeline/walk.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <vector>

#include "pyro/base/testing/allocations.hpp"

namespace {

using namespace pyro;
namespace fs = std::filesystem;

const fs::path kRoot = PYRO_SOURCE_DIR;

// The demonstration photograph as a moving picture: a window that wanders over it. No pixel is copied.
class Wandering : public capture::Source {
 public:
  Wandering(int frames, int fail_at = -1) : frames_(frames), fail_at_(fail_at) {
    auto photo = capture::open((kRoot / ".pyrometer" / "demo" / "astronaut.png").string());
    if (!photo) return;
    auto first = (*photo)->next();
    if (first && *first) photo_ = **first;
    info_.name = "wandering";
    info_.nominal_fps = 25;
  }
  [[nodiscard]] bool ready() const { return photo_.width > 0; }
  [[nodiscard]] const capture::SourceInfo& info() const override { return info_; }
  Result<std::optional<records::Frame>> next() override {
    if (next_ == fail_at_) return bad_input("'wandering' is damaged");
    if (next_ == frames_ || interrupted_) return std::optional<records::Frame>{};
    records::Frame frame = photo_;
    const int at = next_ % 40 < 20 ? next_ % 40 : 40 - next_ % 40;
    const int x = 2 * at, y = at;
    frame.width = photo_.width - 60;
    frame.height = photo_.height - 60;
    frame.y.data += y * frame.y.stride_bytes + x;
    if (frame.rgb.data != nullptr) frame.rgb.data += y * frame.rgb.stride_bytes + std::ptrdiff_t{3} * x;
    if (frame.u.data != nullptr) {
      const auto shift = [&](records::Plane& plane) {
        plane.data += (y >> frame.chroma_shift_y) * plane.stride_bytes + (x >> frame.chroma_shift_x);
      };
      shift(frame.u);
      shift(frame.v);
    }
    if (blind_from_ >= 0 && next_ >= blind_from_) frame.height = 40;  // the top of the photograph: no face
    frame.index = next_;
    frame.time = Seconds{next_ / 25.0};
    ++next_;
    return std::optional{frame};
  }
  void interrupt() override { interrupted_ = true; }

  int blind_from_ = -1;

 private:
  capture::SourceInfo info_;
  records::Frame photo_;
  int frames_, fail_at_, next_ = 0;
  std::atomic<bool> interrupted_{false};
};

struct Collector : pipeline::Sink {
  Status take(const records::Frame& frame, std::span<const records::Observation> faces) override {
    EXPECT_EQ(frame.index, frames);
    ++frames;
    if (frames == count_from) pyro::allocations::start_counting();
    if (frames == count_to) allocated = pyro::allocations::stop_counting();
    if (keep) seen.insert(seen.end(), faces.begin(), faces.end());
    if (frames == fail_at) return failed("the disk is full");
    if (frames == stop_at) stop.request_stop();
    return {};
  }
  std::int64_t frames = 0, fail_at = -1, stop_at = -1, count_from = -1, count_to = -1;
  long allocated = -1;
  bool keep = true;
  std::stop_source stop;
  std::vector<records::Observation> seen;
};

class WalkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto models = infer::ModelStore::open({kRoot / "models", kRoot / ".pyrometer"});
    ASSERT_TRUE(models) << models.error().text();
    models_ = *models;
    settings_.expressions = models_->find("expression") != nullptr;
  }
  Status run(int threads, std::unique_ptr<Wandering> source, Collector& sink) {
    settings_.threads = threads;
    auto walk = pipeline::Walk::create(*models_, settings_);
    if (!walk) return tl::make_unexpected(walk.error());
    return walk->run(std::move(source), sink, sink.stop.get_token(), summary_);
  }
  std::optional<infer::ModelStore> models_;
  pipeline::WalkSettings settings_;
  pipeline::WalkSummary summary_;
};

}  // namespace

TEST_F(WalkTest, OneAndTwoThreadsGiveTheSameNumbers) {
  Collector one, two;
  auto source = std::make_unique<Wandering>(60);
  ASSERT_TRUE(source->ready()) << "run setup/fetch";
  source->blind_from_ = 50;
  ASSERT_TRUE(run(1, std::move(source), one));
  source = std::make_unique<Wandering>(60);
  source->blind_from_ = 50;
  ASSERT_TRUE(run(2, std::move(source), two));
  ASSERT_EQ(one.seen.size(), two.seen.size());
  ASSERT_EQ(one.frames, 60);
  for (std::size_t i = 0; i < one.seen.size(); ++i) {
    const records::Observation &a = one.seen[i], &b = two.seen[i];
    ASSERT_EQ(a.frame, b.frame);
    ASSERT_EQ(a.face.face_id, b.face.face_id);
    ASSERT_EQ(a.valid, b.valid);
    // Bit for bit is meant: not known (NaN) is equal to itself here.
    // NOLINTBEGIN(bugprone-suspicious-memory-comparison)
    ASSERT_EQ(std::memcmp(a.face.points.data(), b.face.points.data(), sizeof a.face.points), 0)
        << "frame " << a.frame;
    ASSERT_EQ(std::memcmp(&a.expression, &b.expression, sizeof a.expression), 0) << "frame " << a.frame;
    ASSERT_EQ(std::memcmp(&a.score.final, &b.score.final, sizeof a.score.final), 0) << "frame " << a.frame;
    // NOLINTEND(bugprone-suspicious-memory-comparison)
  }
  EXPECT_EQ(one.seen.front().face.face_id, 0);
  EXPECT_TRUE(one.seen.front().valid);
  EXPECT_EQ(one.seen.back().face.face_id, -1);
  EXPECT_EQ(one.seen.back().face.quality.reason, records::GapReason::no_face);
  EXPECT_EQ(summary_.frames, 60);
  EXPECT_EQ(summary_.gaps[static_cast<std::size_t>(records::GapReason::no_face)], 10);
}

TEST_F(WalkTest, DamageComesAfterAllFramesBeforeIt) {
  Collector sink;
  const Status ended = run(2, std::make_unique<Wandering>(60, 17), sink);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::bad_input);
  EXPECT_EQ(sink.frames, 17);
  EXPECT_EQ(summary_.frames, 17);
}

TEST_F(WalkTest, ASinkThatFailsEndsTheWalkWithItsError) {
  Collector sink;
  sink.fail_at = 9;
  const Status ended = run(2, std::make_unique<Wandering>(60), sink);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "the disk is full");
  EXPECT_EQ(sink.frames, 9);
}

TEST_F(WalkTest, StopsWhenAskedWithoutAnError) {
  Collector sink;
  sink.stop_at = 5;
  ASSERT_TRUE(run(2, std::make_unique<Wandering>(100000), sink));
  EXPECT_GE(sink.frames, 5);
  EXPECT_LT(sink.frames, 40) << "what was queued may still come";
}

TEST_F(WalkTest, AllocatesNothingPerFrameInSteadyState) {
  if (!pyro::allocations::kCountsAllocations) GTEST_SKIP() << "a sanitizer owns the allocator";
  Collector sink;
  sink.keep = false;
  sink.count_from =
      100;  // windows and pools have filled by then: two seconds of blinks, four of detector calls
  sink.count_to = 200;
  ASSERT_TRUE(run(1, std::make_unique<Wandering>(210), sink));
  EXPECT_EQ(sink.allocated, 0);
}

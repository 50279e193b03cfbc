#include "frame_pool.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "picture.hpp"
#include "pyro/base/testing/allocations.hpp"
#include "still_colours.hpp"
#include "still_decoder.hpp"
#include "test_clips.hpp"

namespace pyro::capture {
namespace {

TEST(FramePool, RecyclesFramesAndControlBlocks) {
  const auto pool = FramePool::create();
  { std::vector<std::shared_ptr<AVFrame>> held{pool->take(), pool->take(), pool->take()}; }
  allocations::start_counting();
  for (int i = 0; i < 1000; ++i) {
    const auto a = pool->take();
    const auto b = pool->take();
    const std::shared_ptr<const void> c = pool->take();
    ASSERT_NE(a, b);
  }
  EXPECT_EQ(allocations::stop_counting(), 0);
}

TEST(FramePool, OutlivesItsOwnerAndCrossesThreads) {
  auto pool = FramePool::create();
  std::shared_ptr<AVFrame> last = pool->take();
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([pool] {
      for (int i = 0; i < 2000; ++i) (void)pool->take();
    });
  }
  for (auto& thread : threads) thread.join();
  pool.reset();
  last->width = 3;
  last.reset();
}

// Straight, converted and turned pictures, through the source as the pipeline uses it.
void expect_no_allocation_in_steady_state(const std::string& clip) {
  SourceOptions options;
  options.loop = true;
  auto source = open(clip, options);
  ASSERT_TRUE(source) << source.error().text();
  for (int i = 0; i < 12; ++i) ASSERT_TRUE((*source)->next().has_value());
  allocations::start_counting();
  for (int i = 0; i < 30; ++i) {
    auto frame = (*source)->next();
    ASSERT_TRUE(frame && *frame);
  }
  EXPECT_EQ(allocations::stop_counting(), 0) << clip;
}

// A picture's planes, its colours and both turned, without the reading of the file.
TEST(SteadyState, NoAllocationOfOursPerStill) {
  const auto bytes = test::make_jpeg(320, 240, 90);
  StillDecoder decoder;
  StillColours colours;
  PictureShaper shaper;
  const auto still = [&](Orientation orientation) {
    auto picture = shaper.take();
    if (!decoder.decode(bytes, *picture)) return false;
    auto rgb = colours.of(bytes, *picture);
    const auto frame = shaper.shape(std::move(picture), orientation, std::move(rgb));
    return frame && frame->rgb.data != nullptr;
  };
  for (const Orientation orientation : {Orientation{}, Orientation{true, false, true}}) {
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(still(orientation));
    allocations::start_counting();
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(still(orientation));
    EXPECT_EQ(allocations::stop_counting(), 0);
  }
}

TEST(SteadyState, NoAllocationOfOursPerFrame) {
  NEEDS_FFMPEG();
  const test::TempFolder folder;
  ASSERT_TRUE(test::ffmpeg(test::pattern + "-c:v mpeg4 '" + folder / "plain.mp4" + "'"));
  ASSERT_TRUE(test::ffmpeg("-i '" + folder / "plain.mp4" + "' -c copy -metadata:s:v:0 rotate=90 '" +
                           folder / "turned.mp4" + "'"));
  ASSERT_TRUE(test::ffmpeg(test::pattern + "-c:v ffv1 -pix_fmt yuv422p10le '" + folder / "deep.mkv" + "'"));
  for (const char* name : {"plain.mp4", "turned.mp4", "deep.mkv"})
    expect_no_allocation_in_steady_state(folder / name);
}

}  // namespace
}  // namespace pyro::capture

#include "frame_pool.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "pyro/base/testing/allocations.hpp"
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

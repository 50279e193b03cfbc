// Nothing is allocated per frame once a run has settled: every allocation of this program is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "pyro/report/run_files.hpp"
#include "test_support.hpp"

namespace {
std::atomic<std::int64_t> allocations{0};
}

// Not inlined: GCC 12 would see malloc's memory freed and not the pair of operators.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace pyro::report {
namespace {

TEST(SteadyState, AFrameIsScoredAndWrittenWithoutAllocating) {
  const Scratch scratch;
  RunFilesOptions options;
  options.refresh = Seconds{3600};  // the session files are not per frame
  Result<RunFiles> files = RunFiles::create(scratch / "", Provenance{}, options);
  ASSERT_TRUE(files);
  score::Scorer scorer{score::ScoreSettings{}};
  std::int64_t frame = 0;
  const auto one = [&] {
    const records::Observation row = sample(frame++, scorer);
    return files->append({&row, 1}).has_value();
  };
  while (frame < 3000) ASSERT_TRUE(one());  // 100 s: the window has filled
  const std::int64_t before = allocations;
  bool good = true;
  while (frame < 6000) good = one() && good;
  EXPECT_EQ(allocations - before, 0);
  EXPECT_TRUE(good);
}

}  // namespace
}  // namespace pyro::report

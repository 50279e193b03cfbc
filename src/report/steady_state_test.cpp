// Nothing is allocated per frame once a run has settled: every allocation of this program is counted.
#include <gtest/gtest.h>

#include "pyro/base/testing/allocations.hpp"
#include "pyro/report/run_files.hpp"
#include "test_support.hpp"

namespace pyro::report {
namespace {

TEST(SteadyState, AFrameIsScoredAndWrittenWithoutAllocating) {
  if (!allocations::kCountsAllocations) GTEST_SKIP() << "a sanitizer owns the allocator";
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
  allocations::start_counting();
  bool good = true;
  while (frame < 6000) good = one() && good;
  EXPECT_EQ(allocations::stop_counting(), 0);
  EXPECT_TRUE(good);
}

}  // namespace
}  // namespace pyro::report

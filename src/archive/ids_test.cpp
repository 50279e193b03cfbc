#include "pyro/archive/ids.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

namespace pyro::archive {
namespace {

using std::chrono::milliseconds;
constexpr UtcTime kNow = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

TEST(Ids, AreOfVersion7AndBeginWithTheTime) {
  const std::string id = new_id(kNow);
  EXPECT_TRUE(is_id(id)) << id;
  EXPECT_EQ(id[14], '7') << id;
  EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos) << id;
  const auto ms = std::chrono::duration_cast<milliseconds>(kNow.time_since_epoch()).count();
  EXPECT_EQ(std::stoll(id.substr(0, 8) + id.substr(9, 4), nullptr, 16), ms) << id;
}

TEST(Ids, OfOneMillisecondKeepTheOrderInWhichTheyWereMade) {
  std::string before = new_id(kNow + milliseconds{10});
  for (int i = 0; i < 20'000; ++i) {
    const std::string id = new_id(kNow + milliseconds{10});
    ASSERT_LT(before, id);
    ASSERT_TRUE(is_id(id) && id[14] == '7' && std::string("89ab").find(id[19]) != std::string::npos) << id;
    before = id;
  }
}

TEST(Ids, KeepTheirOrderWhereTheClockIsPutBack) {
  const std::string later = new_id(kNow + milliseconds{5000});
  EXPECT_LT(later, new_id(kNow + milliseconds{20}));
  EXPECT_LT(later, new_id(kNow + milliseconds{5001}));
}

TEST(Ids, AreNotGuessedFromOneAnother) {
  std::set<std::string> steps;
  std::string before = new_id(kNow + milliseconds{9000});
  for (int i = 0; i < 100; ++i) {
    const std::string id = new_id(kNow + milliseconds{9000});
    const auto low = [](const std::string& text) {
      return std::stoull(text.substr(24), nullptr, 16);  // the last 48 bits
    };
    steps.insert(std::to_string((low(id) - low(before)) & 0xFFFFFFFFFFFFULL));
    before = id;
  }
  EXPECT_GT(steps.size(), 95U);
}

TEST(Ids, OfSeveralThreadsAreInOrderForEachAndNeverTheSame) {
  std::vector<std::vector<std::string>> made(4);
  {
    std::vector<std::jthread> threads;
    threads.reserve(made.size());
    for (auto& mine : made) {
      threads.emplace_back([&mine] {
        for (int i = 0; i < 5000; ++i) mine.push_back(new_id(kNow + milliseconds{20'000 + i / 500}));
      });
    }
  }
  std::set<std::string> all;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::ranges::is_sorted(mine));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), made.size() * 5000);
}

}  // namespace
}  // namespace pyro::archive

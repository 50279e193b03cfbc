// What only a server can do: go away, come back, refuse.
#include <chrono>
#include <thread>

#include "test_support.hpp"

namespace pyro::store {
namespace {

using Clock = std::chrono::steady_clock;

class Postgres : public ::testing::Test {
 protected:
  void SetUp() override {
    if (cluster() == nullptr) GTEST_SKIP() << "PostgreSQL is not installed: apt-get install postgresql-15";
  }
};

TEST_F(Postgres, IsReachedAgainAfterItWasAway) {
  auto database = open_postgresql(cluster()->fresh_database(), 4);
  ASSERT_TRUE(database) << why(database);
  ASSERT_TRUE(change(**database, "CREATE TABLE kept (id BIGINT PRIMARY KEY)"));
  cluster()->stop();
  const Clock::time_point asked = Clock::now();
  const Status away = change(**database, "INSERT INTO kept VALUES (1)");
  const auto waited = Clock::now() - asked;
  ASSERT_FALSE(away);
  EXPECT_EQ(fault_of(away.error()), Fault::unavailable) << why(away);
  EXPECT_LT(waited, std::chrono::seconds(7));
  // A short absence is waited out: the server comes back while the call is under way.
  Status back;
  std::thread caller([&] { back = change(**database, "INSERT INTO kept VALUES (2)"); });
  std::this_thread::sleep_for(std::chrono::seconds(1));
  ASSERT_TRUE(cluster()->start());
  caller.join();
  EXPECT_TRUE(back) << why(back);
  EXPECT_EQ(number(**database, "SELECT count(*) FROM kept"), 1);
}

TEST_F(Postgres, WritersThatGoOnWhileItRestartsLoseAndDoubleNothing) {
  auto database = open_postgresql(cluster()->fresh_database(), 4);
  ASSERT_TRUE(database) << why(database);
  ASSERT_TRUE(change(**database, "CREATE TABLE kept (id BIGINT PRIMARY KEY)"));
  std::atomic<bool> go_on{true};
  std::atomic<int> written{0}, unknown{0};
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&, t] {
      for (std::int64_t id = t * 1'000'000; go_on; ++id) {
        const Status done = change(**database, "INSERT INTO kept VALUES ($1)", {id});
        if (done) {
          ++written;
        } else if (fault_of(done.error()) == Fault::unknown) {
          ++unknown;
        } else {
          ADD_FAILURE() << why(done);
        }
      }
    });
  }
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    cluster()->stop();
    ASSERT_TRUE(cluster()->start());
  }
  go_on = false;
  for (std::thread& writer : writers) writer.join();
  const std::int64_t rows = number(**database, "SELECT count(*) FROM kept");
  EXPECT_GE(rows, written);
  EXPECT_LE(rows, written + unknown);
  EXPECT_GT(written, 100);
}

TEST_F(Postgres, NamesTheTypeThatItDoesNotKnow) {
  auto database = open_postgresql(cluster()->fresh_database());
  ASSERT_TRUE(database) << why(database);
  const Status done = (*database)->read([](Connection& connection) -> Status {
    const auto rows = connection.query("SELECT CAST(1 AS NUMERIC) AS price");
    if (!rows) return tl::make_unexpected(rows.error());
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("price has the type numeric"), std::string::npos) << why(done);
  Rows rows;
  const Status narrow = (*database)->read([&rows](Connection& connection) -> Status {
    auto found = connection.query(
        "SELECT CAST(7 AS SMALLINT), CAST(-7 AS INTEGER), TRUE, CAST(0.5 AS REAL), CAST('ab' AS VARCHAR(5)), "
        "'00112233-4455-6677-8899-aabbccddeeff'::uuid");
    if (!found) return tl::make_unexpected(found.error());
    rows = std::move(*found);
    return {};
  });
  ASSERT_TRUE(narrow) << why(narrow);
  const Row wanted{std::int64_t{7},   std::int64_t{-7},
                   std::int64_t{1},   0.5,
                   std::string("ab"), std::string("00112233-4455-6677-8899-aabbccddeeff")};
  EXPECT_EQ(rows.at(0), wanted);
}

TEST_F(Postgres, AnErrorNeverNamesThePassword) {
  const std::string secret = "hunter2secret";
  for (const std::string& address :
       {"postgresql://pyro:" + secret + "@127.0.0.1:1/x", "postgresql://pyro:a@" + secret + "@127.0.0.1:1/x",
        "postgresql://pyro:" + secret + "/x@127.0.0.1:1/x",
        "host=127.0.0.1 port=1 password=" + secret + " oops", "password='" + secret,
        "host=127.0.0.1 port=1 password=" + secret + " user=" + secret}) {
    const auto none = open_postgresql(address);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().text().find(secret), std::string::npos) << none.error().text();
  }
  const auto nowhere = open_postgresql("host=/nonexistent dbname=x");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(fault_of(nowhere.error()), Fault::unavailable);
}

}  // namespace
}  // namespace pyro::store

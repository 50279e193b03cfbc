#include "pyro/store/migrations.hpp"

#include <csignal>
#include <random>
#include <thread>

#include "test_support.hpp"

namespace pyro::store {
namespace {

class Migrations : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "postgresql") {
      if (cluster() == nullptr) GTEST_SKIP() << "PostgreSQL is not installed: apt-get install postgresql-15";
      address_ = cluster()->fresh_database();
    }
  }
  [[nodiscard]] std::unique_ptr<Database> open() const {
    auto database = address_.empty() ? open_sqlite(folder_ / "main.db", key_) : open_postgresql(address_, 4);
    EXPECT_TRUE(database) << why(database);
    return database ? std::move(*database) : nullptr;
  }

  Folder folder_;
  Key key_ = Key::random();
  std::string address_;
  std::vector<Migration> list_{
      {1,
       "people",
       {"CREATE TABLE person (id BIGINT PRIMARY KEY, name TEXT)", "INSERT INTO person VALUES (1, 'a')"}},
      {2, "ages", {"ALTER TABLE person ADD COLUMN age BIGINT", "UPDATE person SET age = 5"}},
      {3, "places", {"CREATE TABLE place (id UUID PRIMARY KEY)", "CREATE INDEX by_age ON person (age)"}}};
};
INSTANTIATE_TEST_SUITE_P(Both, Migrations, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& which) { return which.param; });

TEST_P(Migrations, AreAppliedOnceAndGoOnWhereTheyEnded) {
  const auto database = open();
  const std::span<const Migration> all = list_;
  for (const std::size_t count : {1U, 1U, 3U, 3U}) {
    const Status done = migrate(*database, all.first(count));
    ASSERT_TRUE(done) << why(done);
    EXPECT_EQ(number(*database, "SELECT count(*) FROM schema_migration"), static_cast<std::int64_t>(count));
  }
  EXPECT_EQ(number(*database, "SELECT age FROM person"), 5);
  const Status newer = migrate(*database, all.first(2));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::bad_input);
  EXPECT_NE(newer.error().message.find("newer"), std::string::npos);
  std::vector<Migration> changed = list_;
  changed[1].statements[1] = "UPDATE person SET age = 6";
  const Status other = migrate(*database, changed);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::bad_input);
  EXPECT_NE(other.error().message.find("migration 2 (ages)"), std::string::npos);
  changed[1].version = 5;
  EXPECT_EQ(migrate(*database, changed).error().code, ErrorCode::wrong_use);
}

TEST_P(Migrations, OneThatFailsLeavesNothingOfItself) {
  const auto database = open();
  list_[1].statements.emplace_back("INSERT INTO person VALUES (1, 'again', 1)");
  const Status done = migrate(*database, list_);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("migration 2 (ages)"), std::string::npos) << why(done);
  EXPECT_EQ(number(*database, "SELECT count(*) FROM schema_migration"), 1);
  EXPECT_FALSE(database->read(
      [](Connection& connection) { return ran(connection.change("SELECT age FROM person")); }));
  list_[1].statements.pop_back();
  EXPECT_TRUE(migrate(*database, list_));
}

TEST_P(Migrations, SeveralProgramsMayStartAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      const auto database = open();
      const Status done = migrate(*database, list_);
      EXPECT_TRUE(done) << why(done);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(number(*open(), "SELECT count(*) FROM schema_migration"), 3);
}

TEST_P(Migrations, AKillLeavesAWholeVersion) {
  std::mt19937 random(11);
  for (int round = 0; round < 6; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      const auto database = open();
      _exit(database && migrate(*database, list_) ? 0 : 1);
    }
    usleep(2000 + static_cast<useconds_t>(random() % 30000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto database = open();
    ASSERT_TRUE(database);
    const Status done = migrate(*database, list_);
    ASSERT_TRUE(done) << why(done);
    EXPECT_EQ(number(*database, "SELECT age FROM person"), 5);
    EXPECT_EQ(number(*database, "SELECT count(*) FROM place"), 0);
    for (const char* drop : {"DROP TABLE schema_migration", "DROP TABLE person", "DROP TABLE place"})
      ASSERT_TRUE(change(*database, drop));
  }
}

}  // namespace
}  // namespace pyro::store

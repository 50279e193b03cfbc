// What the port promises, asked of both databases.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <thread>

#include "test_support.hpp"

namespace pyro::store {
namespace {

class AnyDatabase : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "postgresql") {
      if (cluster() == nullptr) GTEST_SKIP() << "PostgreSQL is not installed: apt-get install postgresql-15";
      open(open_postgresql(cluster()->fresh_database()));
    } else {
      open(open_sqlite(folder_ / "main.db", Key::random()));
    }
  }
  void open(Result<std::unique_ptr<Database>> database) {
    ASSERT_TRUE(database) << why(database);
    database_ = std::move(*database);
  }
  void run(const std::string& sql) {
    const Status done = change(*database_, sql);
    ASSERT_TRUE(done) << sql << ": " << why(done);
  }
  Fault fault(const std::string& sql, const std::vector<Value>& values = {}) {
    const Status done = change(*database_, sql, values);
    return done ? Fault::none : fault_of(done.error());
  }

  Folder folder_;
  std::unique_ptr<Database> database_;
};
INSTANTIATE_TEST_SUITE_P(Both, AnyDatabase, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& which) { return which.param; });

constexpr const char* kAllTypes =
    "CREATE TABLE value (id BIGINT PRIMARY KEY, n BIGINT, x DOUBLE PRECISION, t TEXT, u UUID, b BYTEA)";

TEST_P(AnyDatabase, ValuesOfAllTypesComeBackAsTheyWere) {
  run(kAllTypes);
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  const std::string uuid = "00112233-4455-6677-8899-aabbccddeeff";
  const Rows rows{
      {std::int64_t{1}, std::int64_t{-5}, 0.1, std::string("héllo \"x\" 'y' $1"), uuid, Blob{every_byte}},
      {std::int64_t{2}, std::numeric_limits<std::int64_t>::min(), -0.0, std::string(), uuid, Blob{}},
      {std::int64_t{3}, std::numeric_limits<std::int64_t>::max(), 5e-324, std::string("\U0001F600"), uuid,
       Blob{"a"}},
      {std::int64_t{4}, std::monostate{}, std::numeric_limits<double>::infinity(), std::monostate{},
       std::monostate{}, std::monostate{}},
      {std::int64_t{5}, std::int64_t{0}, std::numeric_limits<double>::max(), std::string(70000, 'z'), uuid,
       Blob{std::string(300000, '\0')}},
  };
  const auto read_back = [this] {
    Rows read;
    const Status done = database_->read([&read](Connection& connection) -> Status {
      auto found = connection.query("SELECT id, n, x, t, u, b FROM value ORDER BY id");
      if (!found) return tl::make_unexpected(found.error());
      read = std::move(*found);
      return {};
    });
    EXPECT_TRUE(done) << why(done);
    return read;
  };
  for (const Row& row : rows) {
    const Status done = change(*database_, "INSERT INTO value VALUES ($1, $2, $3, $4, $5, $6)", row);
    ASSERT_TRUE(done) << why(done);
  }
  EXPECT_EQ(read_back(), rows);
  run("DELETE FROM value");
  const Status inserted = database_->write(
      [&rows](Connection& connection) { return connection.insert("value", "id, n, x, t, u, b", rows); });
  ASSERT_TRUE(inserted) << why(inserted);
  EXPECT_EQ(read_back(), rows);
}

TEST_P(AnyDatabase, ParametersGoByNumberAndMustBeAsMany) {
  run(kAllTypes);
  run("INSERT INTO value (id, n, t) VALUES (1, 2, 'x')");
  const Status done = database_->read([](Connection& connection) -> Status {
    const auto rows = connection.query("SELECT id FROM value WHERE n = $2 AND t = $1 AND id < $2 AND t = $1",
                                       std::string("x"), std::int64_t{2});
    EXPECT_TRUE(rows && rows->size() == 1) << why(rows);
    return {};
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(fault("DELETE FROM value WHERE id = $1", {std::int64_t{1}, std::int64_t{2}}), Fault::broken);
  EXPECT_EQ(fault("DELETE FROM value WHERE id = $1"), Fault::broken);
  EXPECT_EQ(fault("DELETE FROM value; DELETE FROM value"), Fault::broken);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM value"), 1);
}

TEST_P(AnyDatabase, WhatTheyCannotHoldAlikeIsRefused) {
  run(kAllTypes);
  const std::string insert = "INSERT INTO value (id, t, x) VALUES (1, $1, $2)";
  for (const std::string& text : {std::string("a\0b", 3), std::string("\xFF"), std::string("\xC0\x80"),
                                  std::string("\xED\xA0\x80"), std::string("\xE2\x82")}) {
    const Status done = change(*database_, insert, {text, 1.0});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::bad_input);
  }
  EXPECT_FALSE(change(*database_, insert, {std::string("x"), std::nan("")}));
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM value"), 0);
}

TEST_P(AnyDatabase, FaultsAreToldApart) {
  run("CREATE TABLE parent (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, age BIGINT CHECK (age > 0))");
  run("CREATE TABLE child (id BIGINT PRIMARY KEY, parent BIGINT NOT NULL REFERENCES parent (id))");
  run("INSERT INTO parent VALUES (1, 'Anna Secret', 5)");
  EXPECT_EQ(fault("INSERT INTO parent VALUES (1, 'b', 5)"), Fault::conflict);
  EXPECT_EQ(fault("INSERT INTO child VALUES (1, 2)"), Fault::missing);
  EXPECT_EQ(fault("INSERT INTO parent VALUES (2, NULL, 5)"), Fault::refused);
  EXPECT_EQ(fault("INSERT INTO parent VALUES (2, 'b', 0)"), Fault::refused);
  EXPECT_EQ(fault("INSERT INTO nowhere VALUES (2)"), Fault::broken);
  EXPECT_EQ(fault("SELEKT"), Fault::broken);
  const Status twice = change(*database_, "INSERT INTO parent VALUES (2, 'Anna Secret', 5)");
  ASSERT_FALSE(twice);
  EXPECT_EQ(fault_of(twice.error()), Fault::conflict);
  EXPECT_EQ(twice.error().text().find("Anna"), std::string::npos) << "an error names no row's values";
  const Status copied = database_->write([](Connection& connection) {
    const Rows rows{{std::int64_t{3}, std::string("c"), std::int64_t{1}},
                    {std::int64_t{1}, std::string("d"), std::int64_t{1}}};
    return connection.insert("parent", "id, name, age", rows);
  });
  ASSERT_FALSE(copied);
  EXPECT_EQ(fault_of(copied.error()), Fault::conflict);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM parent"), 1);
}

TEST_P(AnyDatabase, AnErrorRollsBackAndComesOutUnchanged) {
  run(kAllTypes);
  const Status done = database_->write([](Connection& connection) -> Status {
    EXPECT_TRUE(connection.change("INSERT INTO value (id) VALUES (1)"));
    return fail(ErrorCode::wrong_use, "mine", "my context");
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "mine");
  EXPECT_EQ(done.error().context, "my context");
  EXPECT_EQ(fault_of(done.error()), Fault::none);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM value"), 0);
  EXPECT_THROW(static_cast<void>(database_->write([](Connection& connection) -> Status {
                 EXPECT_TRUE(connection.change("INSERT INTO value (id) VALUES (1)"));
                 throw std::runtime_error("thrown");
               })),
               std::runtime_error);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM value"), 0);
  run("INSERT INTO value (id) VALUES (1)");
}

TEST_P(AnyDatabase, AFailureThatTheWorkPassesOverStillRollsBack) {
  run(kAllTypes);
  const Status done = database_->write([](Connection& connection) -> Status {
    EXPECT_TRUE(connection.change("INSERT INTO value (id) VALUES (1)"));
    EXPECT_FALSE(connection.change("INSERT INTO value (id) VALUES (1)"));
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(fault_of(done.error()), Fault::conflict);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM value"), 0);
}

TEST_P(AnyDatabase, ChangeCountsRowsAndAReadChangesNone) {
  run(kAllTypes);
  run("INSERT INTO value (id) VALUES (1), (2), (3)");
  const Status done = database_->write([](Connection& connection) -> Status {
    EXPECT_EQ(connection.change("UPDATE value SET n = 1 WHERE id > 1").value(), 2);
    EXPECT_EQ(connection.change("UPDATE value SET n = 1 WHERE id > 5").value(), 0);
    EXPECT_EQ(connection.change("CREATE TABLE other (id BIGINT)").value(), 0);
    EXPECT_EQ(connection.query("INSERT INTO value (id) VALUES (9) RETURNING id").value().size(), 1U);
    return {};
  });
  EXPECT_TRUE(done) << why(done);
  const Status read =
      database_->read([](Connection& connection) { return ran(connection.change("DELETE FROM value")); });
  EXPECT_FALSE(read);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM value"), 4);
}

TEST_P(AnyDatabase, OthersInTheSameGroupCommitWhenOneFails) {
  run("CREATE TABLE kept (id BIGINT PRIMARY KEY)");
  std::atomic<int> kept{0}, lost{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 40; ++i) {
        const std::int64_t id = t * 1000 + i;
        const Status done = database_->write([&](Connection& connection) -> Status {
          if (Status first = ran(connection.change("INSERT INTO kept VALUES ($1)", id)); !first) return first;
          if (i % 4 == 1) return failed("on purpose");
          if (i % 4 == 2) return ran(connection.change("INSERT INTO kept VALUES ($1)", id));
          return {};
        });
        ++(done ? kept : lost);
        EXPECT_EQ(done.has_value(), i % 4 == 0 || i % 4 == 3) << why(done);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(kept, 160);
  EXPECT_EQ(lost, 160);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM kept"), 160);
}

TEST_P(AnyDatabase, AReferenceThatIsOwedToTheEndFailsItsOwnWorkOnly) {
  run("CREATE TABLE parent (id BIGINT PRIMARY KEY)");
  run("CREATE TABLE child (id BIGINT PRIMARY KEY, parent BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY "
      "DEFERRED)");
  std::atomic<int> kept{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 6; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        const std::int64_t id = t * 100 + i;
        const Status done = database_->write([&](Connection& connection) -> Status {
          if (Status first = ran(connection.change("INSERT INTO child VALUES ($1, $1)", id)); !first)
            return first;
          return t % 2 == 0 ? ran(connection.change("INSERT INTO parent VALUES ($1)", id)) : Status{};
        });
        EXPECT_EQ(done.has_value(), t % 2 == 0) << why(done);
        if (done) {
          ++kept;
        } else {
          EXPECT_EQ(fault_of(done.error()), Fault::missing) << why(done);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(kept, 60);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM child"), 60);
}

TEST_P(AnyDatabase, EightThreadsAddUpExactly) {
  run("CREATE TABLE counter (id BIGINT PRIMARY KEY, n BIGINT NOT NULL)");
  run("INSERT INTO counter VALUES (1, 0), (2, 0)");
  std::atomic<int> added{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        // Read, then written: only what is serializable adds up.
        const Status done = database_->write([](Connection& connection) -> Status {
          const auto rows = connection.query("SELECT n FROM counter WHERE id = 1");
          if (!rows) return tl::make_unexpected(rows.error());
          const std::int64_t next = std::get<std::int64_t>(rows->at(0)[0]) + 1;
          if (Status one = ran(connection.change("UPDATE counter SET n = $1 WHERE id = 1", next)); !one)
            return one;
          return ran(connection.change("UPDATE counter SET n = n + 1 WHERE id = 2"));
        });
        if (done) ++added;
        EXPECT_TRUE(done) << why(done);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(added, 200);
  EXPECT_EQ(number(*database_, "SELECT n FROM counter WHERE id = 1"), 200);
  EXPECT_EQ(number(*database_, "SELECT n FROM counter WHERE id = 2"), 200);
}

TEST_P(AnyDatabase, AReadSeesOneSnapshotAndNobodyWaitsForIt) {
  run("CREATE TABLE kept (id BIGINT PRIMARY KEY)");
  const Status done = database_->read([this](Connection& connection) -> Status {
    EXPECT_EQ(std::get<std::int64_t>(connection.query("SELECT count(*) FROM kept").value()[0][0]), 0);
    EXPECT_TRUE(change(*database_, "INSERT INTO kept VALUES (1)"));
    EXPECT_EQ(std::get<std::int64_t>(connection.query("SELECT count(*) FROM kept").value()[0][0]), 0);
    return {};
  });
  EXPECT_TRUE(done) << why(done);
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM kept"), 1);
}

TEST_P(AnyDatabase, AnyNumbersTextsAndBytesComeBack) {
  run("CREATE TABLE value (n BIGINT, x DOUBLE PRECISION, t TEXT, b BYTEA)");
  rc::check("values survive", [this](std::int64_t whole, std::uint64_t bits, const std::string& text) {
    double real = 0;
    std::memcpy(&real, &bits, sizeof real);
    if (std::isnan(real)) real = 0;
    std::string ascii = text;
    for (char& c : ascii) c = static_cast<char>(1 + (static_cast<unsigned char>(c) % 127));
    const Row row{whole, real, ascii, Blob{text}};
    Rows read;
    const Status done = database_->write([&](Connection& connection) -> Status {
      if (Status gone = ran(connection.change("DELETE FROM value")); !gone) return gone;
      if (Status put = ran(connection.change("INSERT INTO value VALUES ($1, $2, $3, $4)", std::span(row)));
          !put)
        return put;
      auto found = connection.query("SELECT n, x, t, b FROM value");
      if (!found) return tl::make_unexpected(found.error());
      read = std::move(*found);
      return {};
    });
    RC_ASSERT(done.has_value());
    RC_ASSERT(read.size() == 1U && read[0] == row);
  });
}

TEST_P(AnyDatabase, MoreStatementsThanAreKeptReadyStillRun) {
  run(kAllTypes);
  for (int round = 0; round < 2; ++round) {
    const Status done = database_->write([](Connection& connection) -> Status {
      for (int i = 0; i < 300; ++i) {
        if (Status one = ran(connection.change("UPDATE value SET n = " + std::to_string(i))); !one)
          return one;
      }
      return {};
    });
    EXPECT_TRUE(done) << why(done);
  }
  // What was prepared before a column came.
  EXPECT_EQ(number(*database_, "SELECT count(*) FROM value"), 0);
  const auto columns = [this] {
    std::size_t count = 0;
    const Status done = database_->read([&count](Connection& connection) -> Status {
      const auto rows = connection.query("SELECT * FROM value");
      if (!rows) return tl::make_unexpected(rows.error());
      count = rows->at(0).size();
      return {};
    });
    EXPECT_TRUE(done) << why(done);
    return count;
  };
  run("INSERT INTO value (id) VALUES (1)");
  EXPECT_EQ(columns(), 6U);
  run("ALTER TABLE value ADD COLUMN more BIGINT");
  EXPECT_EQ(columns(), 7U);
}

TEST_P(AnyDatabase, ItSaysWhatItIs) {
  EXPECT_TRUE(database_->describe().starts_with(GetParam())) << database_->describe();
  const auto faults = check(*database_);
  ASSERT_TRUE(faults) << why(faults);
  EXPECT_TRUE(faults->empty());
}

TEST(Key, IsReadFromDigitsAndNothingElse) {
  const Key key = Key::random();
  const auto same = Key::of_hex("\n " + key.hex() + "\n");
  ASSERT_TRUE(same);
  EXPECT_EQ(same->hex(), key.hex());
  for (const std::string& text :
       {std::string(), key.hex().substr(1), key.hex() + "0", std::string(64, 'g')}) {
    const auto none = Key::of_hex(text);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::bad_input);
  }
  EXPECT_NE(Key::random().hex(), key.hex());
}

}  // namespace
}  // namespace pyro::store

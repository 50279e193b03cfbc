// What a file can meet: other keys, damage, kills, full disks.
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "test_support.hpp"

namespace pyro::store {
namespace {

constexpr const char* kName = "Annabella Plaintext";

class SqliteFile : public ::testing::Test {
 protected:
  std::unique_ptr<Database> open(const Key& key) {
    auto database = open_sqlite(file_, key);
    EXPECT_TRUE(database) << why(database);
    return database ? std::move(*database) : nullptr;
  }
  // A table of people with one row.
  void make() {
    const auto database = open(key_);
    ASSERT_TRUE(change(*database, "CREATE TABLE person (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"));
    ASSERT_TRUE(change(*database, "INSERT INTO person VALUES (1, $1)", {std::string(kName)}));
  }
  Error refusal(const Key& key) {
    const auto database = open_sqlite(file_, key);
    EXPECT_FALSE(database);
    return database ? Error{} : database.error();
  }

  Folder folder_;
  std::filesystem::path file_ = folder_ / "main.db";
  Key key_ = Key::random();
};

TEST_F(SqliteFile, IsMadeForItsUserOnly) {
  const mode_t before = umask(0);
  const auto database = open(key_);
  ASSERT_TRUE(change(*database, "CREATE TABLE x (id BIGINT)"));
  umask(before);
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    struct stat info {};
    ASSERT_EQ(stat(entry.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U) << entry.path();
  }
}

TEST_F(SqliteFile, RefusesAnotherKeyOtherFilesAndNewerOnes) {
  make();
  Error error = refusal(Key::random());
  EXPECT_EQ(error.code, ErrorCode::bad_input);
  EXPECT_NE(error.message.find(file_.string()), std::string::npos);
  EXPECT_NE(error.message.find("key"), std::string::npos);
  const std::string whole = bytes_of(file_);
  for (const std::string& other :
       {std::string("SQLite format 3\0", 16) + std::string(8176, '\0'), std::string("hello"),
        std::string(100000, 'x'), whole.substr(0, 1000), whole.substr(4096)}) {
    put_bytes(file_, other);
    error = refusal(key_);
    EXPECT_EQ(error.code, ErrorCode::bad_input) << error.text();
    EXPECT_NE(error.message.find(file_.string()), std::string::npos) << error.text();
    EXPECT_EQ(bytes_of(file_), other) << "what is not ours is left as it is";
  }
  put_bytes(file_, whole);
  {
    const auto database = open(key_);
    EXPECT_EQ(number(*database, "SELECT count(*) FROM person"), 1);
    ASSERT_TRUE(change(*database, "PRAGMA user_version = 2"));
  }
  error = refusal(key_);
  EXPECT_EQ(error.code, ErrorCode::bad_input);
  EXPECT_NE(error.message.find("newer"), std::string::npos) << error.text();
  const auto nowhere = open_sqlite(folder_ / "none/main.db", key_);
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message.find("none/main.db"), std::string::npos);
}

TEST_F(SqliteFile, HoldsNoNameInPlainAnywhere) {
  const auto database = open(key_);
  ASSERT_TRUE(change(*database, "CREATE TABLE person (id BIGINT PRIMARY KEY, name TEXT NOT NULL)"));
  const Status many = database->write([](Connection& connection) {
    Rows rows;
    for (std::int64_t i = 0; i < 20000; ++i) rows.push_back({i, kName + std::to_string(i)});
    return connection.insert("person", "id, name", rows);
  });
  ASSERT_TRUE(many) << why(many);
  // A sort that is larger than the cache would be spilled to a file.
  const Status sorted = database->read([](Connection& connection) -> Status {
    const auto rows = connection.query("SELECT name FROM person ORDER BY name DESC");
    if (!rows) return tl::make_unexpected(rows.error());
    return {};
  });
  ASSERT_TRUE(sorted);
  ASSERT_TRUE(backup_sqlite(*database, folder_ / "copy.db", Key::random()));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    ++files;
    const std::string bytes = bytes_of(entry.path());
    EXPECT_EQ(bytes.find("Annabella"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find("SQLite format"), std::string::npos) << entry.path();
    EXPECT_EQ(bytes.find("CREATE TABLE"), std::string::npos) << entry.path();
  }
  EXPECT_EQ(files, 4) << "the file, its log, the log's index, the copy";
}

TEST_F(SqliteFile, KeepsEveryRowThatItAcknowledgedThroughAKill) {
  make();
  std::mt19937 random(7);
  std::int64_t next = 100;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      auto database = open_sqlite(file_, key_);
      if (!database) _exit(1);
      std::vector<std::thread> writers;
      for (std::int64_t t = 0; t < 3; ++t) {
        writers.emplace_back([&, t] {
          for (std::int64_t id = next + t;; id += 3) {
            if (!change(**database, "INSERT INTO person VALUES ($1, 'n')", {id})) _exit(2);
            if (write(ends[1], &id, sizeof id) != sizeof id) _exit(3);
          }
        });
      }
      for (std::thread& writer : writers) writer.join();
      _exit(0);
    }
    close(ends[1]);
    std::vector<std::int64_t> acknowledged;
    std::int64_t id = 0;
    const std::size_t enough = 5 + random() % 200;
    while (acknowledged.size() < enough && read(ends[0], &id, sizeof id) == sizeof id)
      acknowledged.push_back(id);
    usleep(random() % 3000);
    kill(child, SIGKILL);
    while (read(ends[0], &id, sizeof id) == sizeof id) acknowledged.push_back(id);
    close(ends[0]);
    waitpid(child, nullptr, 0);
    ASSERT_GE(acknowledged.size(), enough);

    const auto database = open(key_);
    ASSERT_TRUE(database);
    for (const std::int64_t one : acknowledged) {
      EXPECT_EQ(number(*database, "SELECT count(*) FROM person WHERE id = " + std::to_string(one)), 1);
      next = std::max(next, one + 100);
    }
    EXPECT_EQ(check(*database).value(), std::vector<std::string>{});
  }
}

TEST_F(SqliteFile, ACopyOfFileAndLogAtAnyMomentIsConsistent) {
  make();
  const auto database = open(key_);
  ASSERT_TRUE(change(*database, "CREATE TABLE pair (id BIGINT PRIMARY KEY, twin BIGINT NOT NULL)"));
  std::atomic<bool> go_on{true};
  std::thread writer([&] {
    for (std::int64_t id = 1; go_on; ++id) {
      const Status done = database->write([id](Connection& connection) -> Status {
        if (Status one = ran(connection.change("INSERT INTO pair VALUES ($1, $2)", id, -id)); !one)
          return one;
        return ran(connection.change("INSERT INTO pair VALUES ($1, $2)", -id, id));
      });
      EXPECT_TRUE(done) << why(done);
    }
  });
  // As a power cut would leave them: what was written up to then. The file first: the log is brought into it
  // only now and then, and a copy that takes a moment must not see that half done, so those are told by its
  // size and time.
  int looked_at = 0;
  for (int i = 0; i < 30; ++i) {
    usleep(20000);
    const std::filesystem::path copy = folder_ / ("copy" + std::to_string(i) + ".db");
    const auto before = std::filesystem::last_write_time(file_);
    std::filesystem::copy_file(file_, copy);
    std::filesystem::copy_file(file_.string() + "-wal", copy.string() + "-wal");
    if (std::filesystem::last_write_time(file_) != before) continue;
    const auto opened = open_sqlite(copy, key_);
    ASSERT_TRUE(opened) << why(opened);
    EXPECT_EQ(number(**opened, "SELECT coalesce(sum(id), 0) FROM pair"), 0);
    EXPECT_EQ(check(**opened).value(), std::vector<std::string>{});
    ++looked_at;
  }
  go_on = false;
  writer.join();
  EXPECT_GT(looked_at, 10);
}

TEST_F(SqliteFile, IsUsableAgainWhenThereIsSpace) {
  // In a child: the limit on a file's size stands for the end of the disk, and holds for all that the process
  // writes.
  EXPECT_EQ(in_child([this] {
              std::signal(SIGXFSZ, SIG_IGN);
              auto database = open_sqlite(file_, key_);
              if (!database) return 1;
              if (!change(**database, "CREATE TABLE big (id BIGINT PRIMARY KEY, b BYTEA)")) return 2;
              if (!change(**database, "INSERT INTO big VALUES (1, $1)", {Blob{std::string(1000, 'x')}}))
                return 3;
              rlimit limit{1 << 20, RLIM_INFINITY};
              setrlimit(RLIMIT_FSIZE, &limit);
              std::int64_t id = 2;
              for (; id < 1000; ++id) {
                const Status done = change(**database, "INSERT INTO big VALUES ($1, $2)",
                                           {id, Blob{std::string(50000, 'x')}});
                if (done) continue;
                if (fault_of(done.error()) != Fault::unavailable) return 4;
                break;
              }
              if (id == 1000) return 5;
              if (number(**database, "SELECT count(*) FROM big") != id - 1) return 6;
              limit.rlim_cur = RLIM_INFINITY;
              setrlimit(RLIMIT_FSIZE, &limit);
              if (!change(**database, "INSERT INTO big VALUES ($1, $2)", {id, Blob{std::string(50000, 'x')}}))
                return 7;
              if (number(**database, "SELECT count(*) FROM big") != id) return 8;
              return check(**database).value().empty() ? 0 : 9;
            }),
            0);
}

TEST_F(SqliteFile, OneThatFillsTheDiskDoesNotTakeTheOthersWithIt) {
  const std::filesystem::path small = folder_ / "small";
  std::filesystem::create_directory(small);
  if (mount("tmpfs", small.c_str(), "tmpfs", 0, "size=3m") != 0) GTEST_SKIP() << "needs the right to mount";
  struct Unmount {
    std::filesystem::path path;
    ~Unmount() { umount2(path.c_str(), MNT_DETACH); }
  } const unmount{small};
  {
    auto database = open_sqlite(small / "main.db", key_);
    ASSERT_TRUE(database) << why(database);
    ASSERT_TRUE(change(**database, "CREATE TABLE big (id BIGINT PRIMARY KEY, b BYTEA)"));
    std::atomic<int> fit{0}, full{0};
    std::vector<std::thread> threads;
    for (std::int64_t t = 0; t < 6; ++t) {
      threads.emplace_back([&, t] {
        for (std::int64_t i = 0; i < 10; ++i) {
          const bool large = t == 0;
          const Status done = change(**database, "INSERT INTO big VALUES ($1, $2)",
                                     {t * 100 + i, Blob{std::string(large ? 4 << 20 : 100, 'x')}});
          ++(done ? fit : full);
          EXPECT_EQ(done.has_value(), !large) << why(done);
          if (!done) {
            EXPECT_EQ(fault_of(done.error()), Fault::unavailable) << why(done);
          }
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(fit, 50);
    EXPECT_EQ(full, 10);
    EXPECT_EQ(number(**database, "SELECT count(*) FROM big"), 50);
    EXPECT_TRUE(check(**database).value().empty());
  }
}

TEST_F(SqliteFile, IsBackedUpWhileItIsWritten) {
  make();
  const Key other = Key::random();
  const auto database = open(key_);
  ASSERT_TRUE(change(*database, "CREATE TABLE pair (id BIGINT PRIMARY KEY, twin BIGINT NOT NULL)"));
  std::atomic<bool> go_on{true};
  std::atomic<std::int64_t> written{0};
  std::thread writer([&] {
    for (std::int64_t id = 1; go_on; ++id) {
      const Status done = database->write([id](Connection& connection) -> Status {
        const Rows rows{{id, -id}, {-id, id}};
        return connection.insert("pair", "id, twin", rows);
      });
      EXPECT_TRUE(done) << why(done);
      written = id;
    }
  });
  const std::filesystem::path copy = folder_ / "copy.db";
  for (int i = 0; i < 5; ++i) {
    const std::int64_t before = written;
    const Status done = backup_sqlite(*database, copy, other);
    ASSERT_TRUE(done) << why(done);
    const auto opened = open_sqlite(copy, other);
    ASSERT_TRUE(opened) << why(opened);
    EXPECT_EQ(number(**opened, "SELECT coalesce(sum(id), 0) FROM pair"), 0);
    EXPECT_GE(number(**opened, "SELECT count(*) FROM pair"), 2 * before);
    EXPECT_EQ(check(**opened).value(), std::vector<std::string>{});
  }
  go_on = false;
  writer.join();
  EXPECT_FALSE(std::filesystem::exists(copy.string() + ".part"));
  struct stat info {};
  ASSERT_EQ(stat(copy.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_FALSE(open_sqlite(copy, key_));
  EXPECT_FALSE(backup_sqlite(*database, file_, other)) << "not over itself";
}

TEST_F(SqliteFile, TakesAnotherKey) {
  make();
  const Key other = Key::random();
  {
    const auto database = open(key_);
    const Status refused = rekey_sqlite(file_, key_, other);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("in use"), std::string::npos) << why(refused);
    EXPECT_EQ(number(*database, "SELECT count(*) FROM person"), 1);
    ASSERT_TRUE(change(*database, "INSERT INTO person VALUES (2, 'b')"));
  }
  EXPECT_FALSE(rekey_sqlite(file_, other, key_));
  const Status done = rekey_sqlite(file_, key_, other);
  ASSERT_TRUE(done) << why(done);
  EXPECT_FALSE(open_sqlite(file_, key_));
  const auto database = open(other);
  ASSERT_TRUE(database);
  EXPECT_EQ(number(*database, "SELECT count(*) FROM person"), 2);
  EXPECT_EQ(check(*database).value(), std::vector<std::string>{});
}

TEST_F(SqliteFile, IsUnderOneOfBothKeysWheneverARekeyIsKilled) {
  make();
  {
    const auto database = open(key_);
    ASSERT_TRUE(change(*database, "CREATE TABLE big (b BYTEA)"));
    ASSERT_TRUE(change(*database, "INSERT INTO big VALUES ($1)", {Blob{std::string(6 << 20, 'x')}}));
  }
  const Key other = Key::random();
  const auto begun = std::chrono::steady_clock::now();
  const Status undisturbed = rekey_sqlite(file_, key_, other);
  ASSERT_TRUE(undisturbed) << why(undisturbed);
  const auto whole_us =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
  std::array<Key, 2> keys{other, key_};
  int rekeyed = 0;
  for (int round = 0; round < 12; ++round) {
    const pid_t child = fork();
    if (child == 0) _exit(rekey_sqlite(file_, keys[0], keys[1]) ? 0 : 1);
    // The last one has all the time that it wants.
    usleep(static_cast<useconds_t>(round * whole_us.count() / 11));
    if (round < 11) kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    auto opened = open_sqlite(file_, keys[0]);
    if (!opened) {
      ++rekeyed;
      std::swap(keys[0], keys[1]);
      opened = open_sqlite(file_, keys[0]);
    }
    ASSERT_TRUE(opened) << why(opened);
    EXPECT_EQ(number(**opened, "SELECT count(*) FROM person"), 1);
    EXPECT_EQ(check(**opened).value(), std::vector<std::string>{});
  }
  EXPECT_GT(rekeyed, 0);
}

TEST_F(SqliteFile, CheckFindsAFlippedBit) {
  make();
  {
    const auto database = open(key_);
    const Status many = database->write([](Connection& connection) {
      Rows rows;
      for (std::int64_t i = 10; i < 3000; ++i) rows.push_back({i, "name " + std::to_string(i)});
      return connection.insert("person", "id, name", rows);
    });
    ASSERT_TRUE(many);
  }
  const std::string whole = bytes_of(file_);
  std::mt19937 random(5);
  for (int i = 0; i < 10; ++i) {
    std::string flipped = whole;
    char& byte = flipped[4096 + random() % (whole.size() - 4096)];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (random() % 8)));
    put_bytes(file_, flipped);
    const auto database = open(key_);
    ASSERT_TRUE(database);
    const auto faults = check(*database);
    ASSERT_TRUE(faults) << why(faults);
    EXPECT_FALSE(faults->empty());
  }
  // A file that ends too early.
  put_bytes(file_, whole.substr(0, whole.size() - 4096));
  const auto database = open_sqlite(file_, key_);
  if (database) {
    const auto faults = check(**database);
    ASSERT_TRUE(faults) << why(faults);
    EXPECT_FALSE(faults->empty());
  } else {
    EXPECT_EQ(fault_of(database.error()), Fault::broken);
  }
}

TEST_F(SqliteFile, AWorkThatStartsAnotherWriteIsToldSo) {
  make();
  const auto database = open(key_);
  const Status done =
      database->write([&database](Connection&) { return change(*database, "DELETE FROM person"); });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::wrong_use);
}

TEST_F(SqliteFile, TwoProgramsMayUseIt) {
  make();
  const auto one = open(key_);
  const auto two = open(key_);
  std::vector<std::thread> threads;
  for (const std::int64_t start : {1000, 2000}) {
    threads.emplace_back([&, start] {
      for (std::int64_t i = 0; i < 50; ++i) {
        const Status done =
            change(start == 1000 ? *one : *two, "INSERT INTO person VALUES ($1, 'x')", {start + i});
        EXPECT_TRUE(done) << why(done);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(number(*one, "SELECT count(*) FROM person"), 101);
}

}  // namespace
}  // namespace pyro::store

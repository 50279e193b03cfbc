// The queue, on both databases.
#include "pyro/jobs/queue.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "pyro/archive/ids.hpp"
#include "pyro/archive/schema.hpp"
#include "pyro/archive/site.hpp"
#include "pyro/jobs/folders.hpp"
#include "pyro/jobs/permission.hpp"
#include "pyro/store/testing/postgres.hpp"

namespace pyro::jobs {
namespace {

using std::chrono::seconds;

const UtcTime kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
constexpr std::array<std::string_view, 1> kKinds{"analyze"};

store::testing::PostgresCluster* cluster() {
  static const std::unique_ptr<store::testing::PostgresCluster> one =
      store::testing::PostgresCluster::start_new();
  return one.get();
}

class AnyQueue : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "pyro-jobs-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    Result<std::unique_ptr<store::Database>> opened = failed("not opened");
    if (GetParam() == "postgresql") {
      if (cluster() == nullptr) GTEST_SKIP() << "PostgreSQL is not installed: apt-get install postgresql-15";
      opened = store::open_postgresql(cluster()->fresh_database());
    } else {
      opened = store::open_sqlite(folder_ / "main.db", store::Key::random());
    }
    ASSERT_TRUE(opened) << opened.error().text();
    database_ = std::move(*opened);
    const Status made = store::migrate(*database_, archive::schema());
    ASSERT_TRUE(made) << made.error().text();
    queue_ = std::make_unique<Queue>(*database_, seconds{15});
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string upload(const std::string& account) {
    std::string id;
    const Status done = database_->write([&](store::Connection& in) -> Status {
      const auto row = archive::insert(in, archive::kUpload,
                                       {{"account", account}, {"kind", "video"}, {"bytes", 7}}, kStart);
      if (!row) return tl::make_unexpected(row.error());
      id = row->at("id");
      return {};
    });
    EXPECT_TRUE(done);
    return id;
  }
  std::optional<Json> add(const std::vector<std::string>& uploads = {}, const std::string& kind = "analyze") {
    std::optional<Json> out;
    const Status done = database_->write([&](store::Connection& in) -> Status {
      auto row =
          add_job(in, {{"kind", kind}, {"account", account_}, {"request", {{"uploads", uploads}}}}, uploads,
                  kStart + std::chrono::milliseconds{++added_});  // ids of one millisecond have no order
      if (!row) return tl::make_unexpected(row.error());
      out = std::move(*row);
      return {};
    });
    EXPECT_TRUE(done) << (done ? "" : done.error().text());
    return out;
  }
  Json row(const std::string& job) {
    Json out;
    const Status done = database_->read([&](store::Connection& in) -> Status {
      const auto found = archive::find(in, archive::kJob, job);
      if (!found) return tl::make_unexpected(found.error());
      if (*found) out = **found;
      return {};
    });
    EXPECT_TRUE(done);
    return out;
  }
  std::optional<Lease> take(seconds at) {
    const auto taken = queue_->take(kKinds, kStart + at, freed_);
    EXPECT_TRUE(taken) << (taken ? "" : taken.error().text());
    return taken ? *taken : std::nullopt;
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<Queue> queue_;
  Freed freed_;
  std::string account_ = archive::new_id(kStart);
  int added_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Both, AnyQueue, ::testing::Values("sqlite", "postgresql"),
                         [](const auto& which) { return which.param; });

TEST_P(AnyQueue, AJobThatIsHeldKeepsWhatItHasAndGoesOnAsIfItHadNotBeenTried) {
  const std::string file = upload(account_);
  const std::string job = add({file})->at("id");
  const auto changed = [&](auto&& deed, seconds at) {
    bool did = false;
    EXPECT_TRUE(database_->write([&](store::Connection& in) -> Status {
      const Result<bool> done = deed(in, job, kStart + at);
      if (!done) return tl::make_unexpected(done.error());
      did = *done;
      return {};
    }));
    return did;
  };
  EXPECT_FALSE(changed(resume_job, seconds{0}));
  for (int turn = 0; turn < 4; ++turn) {
    const std::optional<Lease> lease = take(seconds{1});
    ASSERT_TRUE(lease);
    EXPECT_EQ(lease->attempt, 1);
    ASSERT_TRUE(queue_->beat(*lease, 0.25 + 0.1 * turn, kStart + seconds{2}, Json{{"epochs", turn}}));
    EXPECT_TRUE(changed(pause_job, seconds{3}));
    EXPECT_FALSE(changed(pause_job, seconds{3}));
    EXPECT_EQ(*queue_->look(*lease), Word::lost);
    EXPECT_EQ(*queue_->beat(*lease, 0.9, kStart + seconds{4}), Word::lost);
    EXPECT_FALSE(take(seconds{1000})) << "nobody takes what is held";
    EXPECT_EQ(row(job)["result"]["epochs"], turn);
    EXPECT_TRUE(changed(resume_job, seconds{5}));
    EXPECT_EQ(row(job)["state"], "queued");
    EXPECT_NEAR(row(job)["progress"].get<double>(), 0.25 + 0.1 * turn, 1e-9);
    EXPECT_TRUE(changed(pause_job, seconds{5})) << "one that waits is held as well";
    EXPECT_TRUE(changed(resume_job, seconds{5}));
  }
  EXPECT_TRUE(changed(pause_job, seconds{6}));
  Freed freed;
  const auto held_since = [&](seconds at) {
    EXPECT_TRUE(database_->write([&](store::Connection& in) -> Status {
      freed.clear();
      return cancel_held(in, kStart + at, kStart + seconds{100}, freed);
    }));
  };
  held_since(seconds{6});
  EXPECT_EQ(row(job)["state"], "paused");
  held_since(seconds{7});
  EXPECT_EQ(row(job)["state"], "cancelled");
  EXPECT_TRUE(row(job)["result"].is_null());
  EXPECT_EQ(freed, Freed{file});
  EXPECT_FALSE(changed(pause_job, seconds{101}));
  EXPECT_FALSE(changed(resume_job, seconds{101}));
}

TEST_P(AnyQueue, AJobIsDoneOnceInTheOrderInWhichItWasMade) {
  EXPECT_FALSE(take(seconds{0}));
  const std::string sent = upload(account_);
  const std::string first = (*add({sent}))["id"], second = (*add())["id"];
  EXPECT_EQ(row(first)["state"], "queued");
  const auto lease = take(seconds{1});
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->job, first);
  EXPECT_EQ(lease->request["uploads"][0], sent);
  EXPECT_EQ(take(seconds{1})->job, second);
  EXPECT_FALSE(take(seconds{1}));
  EXPECT_EQ(queue_->beat(*lease, 0.5, kStart + seconds{2}, Json{{"epochs", 3}}), Word::go_on);
  EXPECT_EQ(queue_->beat(*lease, 0.5, kStart + seconds{2}), Word::go_on) << "what was told stays told";
  Json shown;
  ASSERT_TRUE(database_->read([&](store::Connection& in) -> Status {
    const auto row = archive::find(in, archive::kJob, lease->job);
    shown = (**row)["result"];
    return {};
  }));
  EXPECT_EQ(shown, (Json{{"epochs", 3}}));
  EXPECT_EQ(row(first)["progress"], 0.5);
  EXPECT_EQ(queue_->finish(*lease, {{"frames", 3}}, kStart + seconds{3}, freed_, {}), true);
  EXPECT_EQ(row(first)["state"], "done");
  EXPECT_EQ(row(first)["progress"], 1.0);
  EXPECT_EQ(row(first)["result"]["frames"], 3);
  EXPECT_EQ(freed_, Freed{sent}) << "its uploads go with its end";
  EXPECT_EQ(queue_->finish(*lease, {{"frames", 4}}, kStart + seconds{3}, freed_, {}), false);
  EXPECT_EQ(row(first)["result"]["frames"], 3);
}

TEST_P(AnyQueue, ALeaseThatRanOutIsTakenAgainAndItsHolderIsTold) {
  const std::string job = (*add())["id"];
  const auto first = take(seconds{0});
  EXPECT_FALSE(take(seconds{14})) << "its lease has not run out";
  EXPECT_EQ(queue_->beat(*first, 0.1, kStart + seconds{10}), Word::go_on);
  EXPECT_FALSE(take(seconds{20})) << "the heartbeat prolonged it";
  const auto second = take(seconds{26});
  ASSERT_TRUE(second);
  EXPECT_EQ(second->attempt, 2);
  EXPECT_EQ(row(job)["progress"], 0.0) << "from its start";
  EXPECT_EQ(queue_->look(*first), Word::lost);
  EXPECT_EQ(queue_->beat(*first, 0.9, kStart + seconds{27}), Word::lost);
  EXPECT_EQ(queue_->finish(*first, {{"by", 1}}, kStart + seconds{27}, freed_, {}), false);
  EXPECT_EQ(queue_->fail(*first, "no", kStart + seconds{27}, freed_), false);
  EXPECT_EQ(queue_->give_back(*first, true, kStart + seconds{27}), false);
  EXPECT_EQ(queue_->finish(*second, {{"by", 2}}, kStart + seconds{28}, freed_, {}), true);
  EXPECT_EQ(row(job)["result"]["by"], 2);
}

TEST_P(AnyQueue, ThreeAttemptsAreEnough) {
  const std::string sent = upload(account_), job = (*add({sent}))["id"];
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(take(seconds{100 * i}));
  EXPECT_FALSE(take(seconds{1000}));
  EXPECT_EQ(row(job)["state"], "failed");
  EXPECT_FALSE(row(job)["error"].get<std::string>().empty());
  EXPECT_EQ(freed_, Freed{sent});
}

TEST_P(AnyQueue, GivenBackItWaitsAgain) {
  const std::string job = (*add())["id"];
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(queue_->give_back(*take(seconds{0}), false, kStart), true) << "a server that stops is no try";
  EXPECT_EQ(row(job)["attempts"], 0);
  EXPECT_EQ(queue_->give_back(*take(seconds{0}), true, kStart), true);
  EXPECT_EQ(row(job)["attempts"], 1);
}

TEST_P(AnyQueue, CancelledWhileItWaitsWhileItRunsAndWhenItsWorkerIsDead) {
  const auto cancel = [&](const std::string& job) {
    const Status done = database_->write([&](store::Connection& in) -> Status {
      const auto asked = cancel_job(in, job, kStart, freed_);
      return asked ? Status{} : Status{tl::make_unexpected(asked.error())};
    });
    EXPECT_TRUE(done);
  };
  const std::string waits = (*add())["id"];
  cancel(waits);
  EXPECT_EQ(row(waits)["state"], "cancelled");
  EXPECT_FALSE(take(seconds{0}));
  const std::string runs = (*add())["id"];
  const auto lease = take(seconds{0});
  cancel(runs);
  EXPECT_EQ(row(runs)["state"], "running");
  EXPECT_EQ(queue_->look(*lease), Word::cancel);
  EXPECT_EQ(queue_->beat(*lease, 0.5, kStart), Word::cancel);
  EXPECT_EQ(queue_->cancelled(*lease, "", kStart, freed_), true);
  EXPECT_EQ(row(runs)["state"], "cancelled");
  const std::string dead = (*add())["id"];
  ASSERT_TRUE(take(seconds{0}));
  cancel(dead);
  EXPECT_FALSE(take(seconds{60}));
  EXPECT_EQ(row(dead)["state"], "cancelled");
}

TEST_P(AnyQueue, WhatMayNotBeKeptAtTheEndIsNotKept) {
  const std::string job = (*add())["id"];
  const auto lease = take(seconds{0});
  EXPECT_EQ(queue_->finish(*lease, {{"frames", 3}}, kStart, freed_,
                           [](store::Connection&) -> Result<std::string> { return "Withdrawn."; }),
            true);
  EXPECT_EQ(row(job)["state"], "cancelled");
  EXPECT_EQ(row(job)["error"], "Withdrawn.");
  EXPECT_TRUE(row(job)["result"].is_null());
}

TEST_P(AnyQueue, UploadsAreTheAccountsAndOneJobsAlone) {
  const std::string mine = upload(account_), other = upload(archive::new_id(kStart));
  EXPECT_TRUE(add({mine}));
  // Each within a transaction that is rolled back by its caller; here it only says no.
  EXPECT_FALSE(add({mine}));
  EXPECT_FALSE(add({other}));
}

TEST_P(AnyQueue, ManyWorkersNeverHaveTheSameJob) {
  constexpr int kJobs = 60, kWorkers = 6;
  for (int i = 0; i < kJobs; ++i) ASSERT_TRUE(add());
  std::mutex mutex;
  std::multiset<std::string> done;
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < kWorkers; ++i) {
      workers.emplace_back([&] {
        Freed freed;
        for (int idle = 0; idle < 3;) {
          const auto lease = queue_->take(kKinds, kStart, freed);
          if (!lease) ADD_FAILURE() << lease.error().text();
          if (!lease || !*lease) {
            ++idle;
            continue;
          }
          const auto ended = queue_->finish(**lease, Json::object(), kStart, freed, {});
          EXPECT_TRUE(ended && *ended);
          const std::lock_guard lock{mutex};
          done.insert((*lease)->job);
        }
      });
    }
  }
  EXPECT_EQ(done.size(), kJobs);
  EXPECT_EQ(std::set<std::string>(done.begin(), done.end()).size(), kJobs);
}

TEST_P(AnyQueue, SweepingLeavesWhatHasARow) {
  const Folders folders(folder_);
  ASSERT_TRUE(folders.make());
  const std::string old = upload(account_), bound = upload(account_), stray = archive::new_id(kStart);
  const std::string job = (*add({bound}))["id"];
  for (const std::string& id : {old, bound, stray}) std::filesystem::create_directory(folders.upload(id));
  for (const std::string& id : {job, stray}) std::filesystem::create_directory(folders.job(id));
  ASSERT_TRUE(folders.sweep(*database_, kStart + std::chrono::hours{23}));
  EXPECT_TRUE(std::filesystem::exists(folders.upload(old)));
  EXPECT_FALSE(std::filesystem::exists(folders.upload(stray)));
  EXPECT_FALSE(std::filesystem::exists(folders.job(stray)));
  ASSERT_TRUE(folders.sweep(*database_, kStart + std::chrono::hours{25}));
  EXPECT_FALSE(std::filesystem::exists(folders.upload(old))) << "a day is over";
  EXPECT_TRUE(std::filesystem::exists(folders.upload(bound))) << "a job waits for it";
  EXPECT_TRUE(std::filesystem::exists(folders.job(job)));
}

TEST_P(AnyQueue, AnAccountThatIsGoneHasNothingDone) {
  Status made = database_->write([&](store::Connection& in) { return archive::make_site(in, kStart); });
  ASSERT_TRUE(made);
  std::string refused;
  const Status asked = database_->read([&](store::Connection& in) -> Status {
    const auto may = permission(in, {"", "analyze", account_, std::nullopt, Json::object()}, kStart);
    if (!may) return tl::make_unexpected(may.error());
    refused = may->refused;
    return {};
  });
  ASSERT_TRUE(asked) << asked.error().text();
  EXPECT_FALSE(refused.empty());
}

}  // namespace
}  // namespace pyro::jobs

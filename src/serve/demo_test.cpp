#include "demo.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>

#include "group_hashes.hpp"
#include "pyro/archive/accounts.hpp"
#include "pyro/archive/schema.hpp"
#include "pyro/archive/simulated.hpp"
#include "pyro/archive/site.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/store/database.hpp"

namespace pyro::serve {
namespace {

using archive::Json;

class DemoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "pyro-demo-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    key_.emplace(store::Key::random());
    auto opened = store::open_sqlite(folder_ / "test.db", *key_);
    ASSERT_TRUE(opened) << opened.error().text();
    database_ = std::move(*opened);
    const Status made = store::migrate(*database_, archive::schema());
    ASSERT_TRUE(made) << made.error().text();
    within([](store::Connection& in) { return archive::make_site(in, utc_now()); });
    auto secrets = archive::secrets_of(*database_, *key_);
    ASSERT_TRUE(secrets);
    secrets_ = *secrets;
    ServiceSettings settings;
    settings.surveys = std::filesystem::path{PYRO_SOURCE_DIR} / "surveys";
    settings.alert_rules = std::filesystem::path{PYRO_SOURCE_DIR} / "trend" / "alerts.toml";
    auto library = load_library(settings);
    ASSERT_TRUE(library) << library.error().text();
    library_ = std::move(*library);
    accounts_ = *new_demo_accounts({8, 1});
  }
  void TearDown() override {
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  void within(const std::function<Status(store::Connection&)>& work) {
    const Status done = database_->write(work);
    EXPECT_TRUE(done) << done.error().text();
  }
  std::string made(const Result<Json>& row) {
    EXPECT_TRUE(row) << row.error().text();
    return row ? row->at("id").get<std::string>() : "";
  }
  std::int64_t count(const std::string& sql) {
    std::int64_t out = -1;
    within([&](store::Connection& in) -> Status {
      const auto rows = in.query(sql);
      if (rows) out = std::get<std::int64_t>(rows->front()[0]);
      return status_of(rows);
    });
    return out;
  }

  // Every row of every table but the audit log, as text.
  std::map<std::string, std::multiset<std::string>> all_rows() {
    std::map<std::string, std::multiset<std::string>> out;
    within([&](store::Connection& in) -> Status {
      const auto tables = in.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'audit'");
      if (!tables) return status_of(tables);
      for (const store::Row& table : *tables) {
        const std::string name = std::get<std::string>(table[0]);
        const auto rows = in.query("SELECT * FROM " + name);
        if (!rows) return status_of(rows);
        for (const store::Row& row : *rows) out[name].insert(text_of(row));
      }
      return {};
    });
    return out;
  }
  static std::string text_of(const store::Row& row) {
    std::string out;
    for (const store::Value& value : row) {
      out += std::visit(
          [](const auto& one) -> std::string {
            using T = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<T, std::monostate>) {
              return "NULL";
            } else if constexpr (std::is_same_v<T, std::string>) {
              return one;
            } else if constexpr (std::is_same_v<T, store::Blob>) {
              return one.bytes;
            } else {
              return std::to_string(one);
            }
          },
          value);
      out += '|';
    }
    return out;
  }

  // A site in use: a clinician with a patient, a team with a figure that was given.
  void make_real_people() {
    within([&](store::Connection& in) -> Status {
      const UtcTime now = utc_now();
      const auto clinician = made(archive::make_account(
          in, {{"name", "clara"}, {"role", "clinician"}, {"must_change_password", false}, {"password", "x"}},
          now));
      const auto person = made(archive::insert(in, archive::kPerson, {{"pseudonym", "P-1"}}, now));
      made(archive::insert(in, archive::kCare,
                           {{"person", person}, {"account", clinician}, {"kind", "clinician"}}, now));
      const auto session = made(archive::insert(in, archive::kSession,
                                                {{"person", person},
                                                 {"kind", "live"},
                                                 {"state", "ended"},
                                                 {"started", utc_text(now)},
                                                 {"ended", utc_text(now)}},
                                                now));
      made(archive::insert(in, archive::kNote, {{"person", person}, {"session", session}, {"text", "t"}},
                           now));
      const auto organisation = made(archive::insert(in, archive::kOrganisation, {{"name", "Clinic"}}, now));
      const auto team =
          made(archive::insert(in, archive::kTeam, {{"organisation", organisation}, {"name", "Ward"}}, now));
      made(archive::insert(in, archive::kMember, {{"team", team}, {"person", person}}, now));
      return answered(in, person);
    });
  }
  // A figure that was given of one person.
  Status answered(store::Connection& in, const std::string& person) {
    return status_of(in.change(
        "INSERT INTO aggregate_answer (id, figure, period, people, answer, created_us) VALUES ($1, 'f', "
        "'2026-01', $2, '{}', 1)",
        person, Json::array({GroupHashes(secrets_).of(person)}).dump()));
  }

  std::filesystem::path folder_;
  std::optional<store::Key> key_;
  std::unique_ptr<store::Database> database_;
  archive::Secrets secrets_;
  Library library_;
  std::vector<NewDemoAccount> accounts_;
};

TEST_F(DemoTest, GoesWithoutATraceAndLeavesAllElseAsItWas) {
  make_real_people();
  const auto before = all_rows();
  const UtcTime now = utc_now();
  within([&](store::Connection& in) { return begin_demo(in, accounts_, 7, now); });
  double progress = 0;
  const Status filled = fill_demo(*database_, library_, now, {}, [&](double part) {
    EXPECT_GE(part, progress);
    progress = part;
  });
  ASSERT_TRUE(filled) << filled.error().text();
  EXPECT_DOUBLE_EQ(progress, 1);
  EXPECT_EQ(count("SELECT COUNT(*) FROM person WHERE simulated = 1"), 24);
  EXPECT_EQ(count("SELECT COUNT(*) FROM account WHERE simulated = 1"), 4);
  EXPECT_EQ(count("SELECT COUNT(*) FROM team_lead"), 2);
  EXPECT_GT(count("SELECT COUNT(*) FROM session WHERE kind = 'simulated'"), 400);
  EXPECT_EQ(count("SELECT COUNT(DISTINCT session) FROM segment"), 48);
  EXPECT_GT(count("SELECT COUNT(*) FROM alert"), 5) << "strain rises in some of them";
  EXPECT_LT(count("SELECT COUNT(DISTINCT person) FROM alert"), 24) << "and not in all";
  EXPECT_GT(count("SELECT COUNT(*) FROM response"), 200);
  EXPECT_EQ(count("SELECT COUNT(*) FROM session WHERE started_us > ended_us OR ended_us > " +
                  std::to_string(archive::us_of(now))),
            0);
  // What its accounts make goes too.
  within([&](store::Connection& in) -> Status {
    const auto clinician = archive::account_named(in, kDemoClinician);
    if (!clinician) return status_of(clinician);
    const auto patient =
        made(archive::insert(in, archive::kPerson, {{"pseudonym", "P-2"}, {"simulated", true}}, now));
    made(archive::insert(in, archive::kCare,
                         {{"person", patient}, {"account", (*clinician)->id}, {"kind", "clinician"}}, now));
    const auto dataset =
        made(archive::insert(in, archive::kDataset, {{"name", "d"}, {"made_by", (*clinician)->id}}, now));
    made(archive::insert(in, archive::kDatasetPicture,
                         {{"dataset", dataset},
                          {"name", "a.png"},
                          {"pixels", "x"},
                          {"perceptual", "x"},
                          {"width", 1},
                          {"height", 1}},
                         now, {{"image", {"x"}}, {"thumbnail", {"x"}}, {"sketch", {"x"}}}));
    made(archive::insert(in, archive::kDatasetVersion,
                         {{"dataset", dataset},
                          {"name", "1"},
                          {"pictures", 1},
                          {"counts", Json::object()},
                          {"digest", "x"},
                          {"made_by", (*clinician)->id}},
                         now));
    made(archive::insert(in, archive::kUpload,
                         {{"account", (*clinician)->id}, {"kind", "video"}, {"bytes", 1}}, now));
    if (Status begun = archive::begin_login(in, "hash", (*clinician)->id, "browser", now, now); !begun)
      return begun;
    return answered(in, patient);
  });
  within([&](store::Connection& in) -> Status {
    const auto state = demo_state(in);
    if (!state) return status_of(state);
    EXPECT_TRUE(state->there && state->whole);
    EXPECT_EQ(state->seed, 7U);
    const auto gone = erase_demo(in, secrets_);
    if (!gone) return status_of(gone);
    EXPECT_EQ(gone->at("person"), 25);
    EXPECT_EQ(gone->at("aggregate_answer"), 1);
    return {};
  });
  const auto after = all_rows();
  for (const auto& [table, rows] : before)
    EXPECT_EQ(rows, after.contains(table) ? after.at(table) : std::multiset<std::string>{}) << table;
  EXPECT_EQ(before.size(), after.size());
}

TEST_F(DemoTest, IsThereOnceAndTakesNobodysName) {
  const UtcTime now = utc_now();
  within([&](store::Connection& in) { return begin_demo(in, accounts_, 1, now); });
  const auto refused = [&] {
    const Status again =
        database_->write([&](store::Connection& in) { return begin_demo(in, accounts_, 1, now); });
    return again ? std::string{} : again.error().message;
  };
  EXPECT_NE(refused().find("already"), std::string::npos);
  within([&](store::Connection& in) { return status_of(erase_demo(in, secrets_)); });
  within([&](store::Connection& in) {
    return status_of(archive::insert(in, archive::kPerson, {{"pseudonym", "DEMO-05"}}, now));
  });
  EXPECT_NE(refused().find("DEMO-05"), std::string::npos);
  EXPECT_EQ(count("SELECT COUNT(*) FROM person"), 1);
}

TEST_F(DemoTest, StopsWhereItIsAskedTo) {
  const UtcTime now = utc_now();
  within([&](store::Connection& in) { return begin_demo(in, accounts_, 1, now); });
  std::stop_source stop;
  const Status stopped =
      fill_demo(*database_, library_, now, stop.get_token(), [&](double) { stop.request_stop(); });
  EXPECT_FALSE(stopped);
  within([&](store::Connection& in) -> Status {
    const auto state = demo_state(in);
    EXPECT_TRUE(state && state->there && !state->whole);
    return status_of(state);
  });
}

}  // namespace
}  // namespace pyro::serve

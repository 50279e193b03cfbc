// The tables as tables.cpp describes them and as schema.cpp makes them, and the sweep over them, in both
// databases.
#include "pyro/archive/tables.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "pyro/archive/retention.hpp"
#include "pyro/archive/rows.hpp"
#include "pyro/archive/schema.hpp"
#include "pyro/store/testing/postgres.hpp"

namespace pyro::archive {
namespace {

class BothDatabases : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam()) {
      static const std::unique_ptr<store::testing::PostgresCluster> cluster =
          store::testing::PostgresCluster::start_new();
      if (!cluster) GTEST_SKIP() << "PostgreSQL is not installed";
      auto opened = store::open_postgresql(cluster->fresh_database());
      ASSERT_TRUE(opened) << opened.error().text();
      database_ = std::move(*opened);
    } else {
      std::string name = (std::filesystem::temp_directory_path() / "pyro-archive-XXXXXX").string();
      folder_ = mkdtemp(name.data());
      auto opened = store::open_sqlite(folder_ / "test.db", store::Key::random());
      ASSERT_TRUE(opened) << opened.error().text();
      database_ = std::move(*opened);
    }
    const Status made = store::migrate(*database_, schema());
    ASSERT_TRUE(made) << made.error().text();
  }
  void TearDown() override {
    database_.reset();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  void within(const std::function<Status(store::Connection&)>& work) {
    const Status done = database_->write(work);
    EXPECT_TRUE(done) << done.error().text();
  }

  std::filesystem::path folder_;
  std::unique_ptr<store::Database> database_;
};

TEST_P(BothDatabases, HaveExactlyTheColumnsThatTheTablesName) {
  const std::string sql = GetParam() ? "SELECT column_name::text FROM information_schema.columns WHERE "
                                       "table_schema = 'public' AND table_name = $1"
                                     : "SELECT name FROM pragma_table_info($1)";
  within([&](store::Connection& in) -> Status {
    for (const Table* table : all_tables()) {
      std::set<std::string> wanted{"id", "version", "created_us", "updated_us"}, there;
      for (const Field& field : table->fields) wanted.insert(column_of(field));
      const auto rows = in.query(sql, std::string{table->name});
      if (!rows) return tl::make_unexpected(rows.error());
      for (const store::Row& row : *rows) there.insert(std::get<std::string>(row[0]));
      EXPECT_EQ(wanted, there) << table->name;
    }
    return {};
  });
}

TEST_P(BothDatabases, LoseWhatIsOlderThanItsRuleAndNothingElse) {
  const UtcTime now = time_of_us(1'800'000'000'000'000), old = now - std::chrono::days{40};
  within([&](store::Connection& in) -> Status {
    const auto person = insert(in, kPerson, {{"pseudonym", "P-1"}}, old);
    if (!person) return tl::make_unexpected(person.error());
    const std::string id = person->at("id");
    const auto keep = [&](const Table& table, Json fields, UtcTime when) {
      fields["person"] = id;
      const auto row = insert(in, table, fields, when);
      EXPECT_TRUE(row) << row.error().text();
      return row ? row->at("id").get<std::string>() : "";
    };
    for (const UtcTime when : {old, now}) {
      const std::string session =
          keep(kSession,
               {{"kind", "live"}, {"state", "ended"}, {"started", utc_text(when)}, {"ended", utc_text(when)}},
               when);
      const auto segment = in.change(
          "INSERT INTO segment (session, number, first_seq, last_seq, first_us, last_us, bytes) VALUES ($1, "
          "0, 0, 0, 0, 0, $2)",
          session, store::Blob{"x"});
      if (!segment) return tl::make_unexpected(segment.error());
      keep(kNote, {{"session", session}, {"text", "t"}}, when);
      keep(kKeyword, {{"session", session}, {"word", "w"}, {"from", utc_text(when)}}, when);
      keep(kResponse,
           {{"instrument", "i"},
            {"definition", "1"},
            {"answers", Json::array()},
            {"score", Json::object()},
            {"taken", utc_text(when)}},
           when);
      const auto dataset = insert(in, kDataset, {{"name", "d"}}, when);
      if (!dataset) return tl::make_unexpected(dataset.error());
      const std::string capture =
          keep(kCapture, {{"at", utc_text(when)}, {"dataset", dataset->at("id")}}, when);
      keep(kDatasetItem, {{"dataset", dataset->at("id")}, {"capture", capture}, {"label", "happy"}}, when);
    }
    return {};
  });
  std::vector<Swept> gone;
  within([&](store::Connection& in) -> Status {
    if (Status kept = keep_retention(in, {{"observations", 30}, {"images", 30}, {"notes", 41}}, now); !kept)
      return kept;
    EXPECT_FALSE(keep_retention(in, {{"audit", 30}}, now));
    EXPECT_FALSE(keep_retention(in, {{"notes", 1}, {"notes", 2}}, now));
    EXPECT_FALSE(keep_retention(in, {{"notes", 0}}, now));
    auto swept = sweep(in, now);
    if (!swept) return tl::make_unexpected(swept.error());
    gone = std::move(*swept);
    return {};
  });
  ASSERT_EQ(gone.size(), 2U);
  EXPECT_EQ(gone[0].kind, "images");
  EXPECT_EQ(gone[0].rows, 2);  // the capture and its place in a data set
  EXPECT_EQ(gone[1].kind, "observations");
  EXPECT_EQ(gone[1].rows, 1);
  within([&](store::Connection& in) -> Status {
    for (const auto& [table, count] : std::map<std::string, std::int64_t>{{"segment", 1},
                                                                          {"capture", 1},
                                                                          {"dataset_item", 1},
                                                                          {"note", 2},
                                                                          {"keyword", 2},
                                                                          {"response", 2},
                                                                          {"session", 2}}) {
      const auto rows = in.query("SELECT COUNT(*) FROM " + table);
      if (!rows) return tl::make_unexpected(rows.error());
      EXPECT_EQ(std::get<std::int64_t>(rows->at(0)[0]), count) << table;
    }
    const auto again = sweep(in, now);
    if (!again) return tl::make_unexpected(again.error());
    EXPECT_TRUE(again->empty());
    return {};
  });
}

INSTANTIATE_TEST_SUITE_P(Archive, BothDatabases, ::testing::Bool(),
                         [](const auto& which) { return which.param ? "PostgreSQL" : "SQLite"; });

}  // namespace
}  // namespace pyro::archive

// The tables as tables.cpp describes them and as schema.cpp makes them, and the sweep over them, in both
// databases.
#include "pyro/archive/tables.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "pyro/archive/accounts.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/archive/overview.hpp"
#include "pyro/archive/person_file.hpp"
#include "pyro/archive/retention.hpp"
#include "pyro/archive/rows.hpp"
#include "pyro/archive/schema.hpp"
#include "pyro/archive/segments.hpp"
#include "pyro/archive/session_figures.hpp"
#include "pyro/archive/subjects.hpp"
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

TEST_P(BothDatabases, ForgetWhatWasWorkedOutOfAPersonsSessionsWhenOneOfThemChanges) {
  const UtcTime now = time_of_us(1'800'000'000'000'000);
  within([&](store::Connection& in) -> Status {
    security::Actor clinician;
    clinician.user = new_id(now), clinician.role = security::Role::clinician;
    const auto account = insert(in, kAccount,
                                {{"id", clinician.user},
                                 {"name", "clara"},
                                 {"role", "clinician"},
                                 {"disabled", false},
                                 {"must_change_password", false},
                                 {"has_totp", false},
                                 {"failures", 0}},
                                now);
    EXPECT_TRUE(account) << account.error().text();
    std::vector<std::string> people;
    for (const char* pseudonym : {"P-1", "P-2"}) {
      people.push_back(insert(in, kPerson, {{"pseudonym", pseudonym}}, now)->at("id"));
      EXPECT_TRUE(insert(
          in, kCare, {{"person", people.back()}, {"account", clinician.user}, {"kind", "clinician"}}, now));
    }
    const auto kept = [&] {
      std::vector<std::string> out;
      const auto all = overviews_of(in, clinician, "1");
      for (const auto& [person, overview] : *all) out.push_back(person);
      return out;
    };
    const auto keep = [&] {
      for (const std::string& person : people) {
        const auto overview = with_sessions(in, person, {{"level", "low"}});
        EXPECT_TRUE(overview && keep_overview(in, person, *overview, "1"));
      }
      EXPECT_EQ(kept(), people);
    };
    keep();
    const auto session =
        insert(in, kSession,
               {{"person", people[0]}, {"kind", "live"}, {"state", "open"}, {"started", utc_text(now)}}, now);
    EXPECT_TRUE(session) << session.error().text();
    EXPECT_EQ(kept(), std::vector{people[1]});
    keep();
    const auto overview = overviews_of(in, clinician, "1")->at(people[0]);
    EXPECT_EQ(overview.sessions, 1);
    EXPECT_EQ(overview.last_session, now);
    EXPECT_EQ(overview.weeks, (Json{{"level", "low"}}));
    EXPECT_TRUE(
        update(in, kSession, session->at("id").get<std::string>(), std::nullopt, {{"state", "ended"}}, now));
    EXPECT_EQ(kept(), std::vector{people[1]});
    keep();
    EXPECT_TRUE(erase_session(in, session->at("id")).value_or(false));
    EXPECT_EQ(kept(), std::vector{people[1]});
    keep();
    EXPECT_TRUE(overviews_of(in, clinician, "2")->empty()) << "another program may tell weeks otherwise";
    EXPECT_EQ(erase_person(in, people[1])->at("person_overview"), 1);
    EXPECT_EQ(kept(), std::vector{people[0]});
    const auto subjects = subjects_of(in, clinician);
    EXPECT_TRUE(subjects && subjects->size() == 1 &&
                subjects->front().relation == security::Relation::chosen);
    return {};
  });
}

TEST_P(BothDatabases, TellASessionsFiguresAlsoWhereItEndedBeforeThereWereAny) {
  const UtcTime now = time_of_us(1'800'000'000'000'000);
  const auto face = [](int frames, int valid, Json index) -> Json {
    return {{"frames", frames}, {"valid_frames", valid}, {"index", std::move(index)}, {"perclos", 0.25}};
  };
  within([&](store::Connection& in) -> Status {
    const auto person = insert(in, kPerson, {{"pseudonym", "P-1"}}, now);
    if (!person) return tl::make_unexpected(person.error());
    const auto session = [&](const Json& summary) {
      Json fields{
          {"person", person->at("id")}, {"kind", "live"}, {"state", "open"}, {"started", utc_text(now)}};
      if (!summary.is_null()) fields["summary"] = {{"people", summary}};
      const auto row = insert(in, kSession, fields, now);
      EXPECT_TRUE(row) << row.error().text();
      return row ? *row : Json();
    };
    // The face that was seen most; nobody; one without a score.
    const std::vector<Json> rows{session(Json::array({face(10, 4, 80), face(40, 30, 20)})),
                                 session(Json::array()), session(Json::array({face(10, 4, nullptr)})),
                                 session(nullptr)};
    EXPECT_EQ(rows[0]["main_index"], 20);
    EXPECT_EQ(rows[0]["main_perclos"], 0.25);
    EXPECT_EQ(rows[0]["readable_share"], 0.75);
    EXPECT_TRUE(rows[1]["readable_share"].is_null());
    EXPECT_TRUE(rows[2]["main_index"].is_null());
    EXPECT_EQ(rows[2]["readable_share"], 0.4);
    const auto changed = update(in, kSession, rows[3]["id"].get<std::string>(), std::nullopt,
                                {{"summary", {{"people", Json::array({face(2, 2, 7)})}}}}, now);
    if (!changed) return tl::make_unexpected(changed.error());
    EXPECT_EQ((**changed)["main_index"], 7);
    const auto emptied =
        in.change("UPDATE session SET main_index = NULL, main_perclos = NULL, readable_share = NULL");
    if (!emptied) return tl::make_unexpected(emptied.error());
    if (Status filled = fill_session_figures(in); !filled) return filled;
    for (const Json& row : {rows[0], rows[1], rows[2], **changed}) {
      const auto now_is = find(in, kSession, row["id"].get<std::string>());
      if (!now_is) return tl::make_unexpected(now_is.error());
      EXPECT_EQ(**now_is, row);
    }
    return {};
  });
}

TEST_P(BothDatabases, KeepManySecondsAtOnceInTheirOrder) {
  const UtcTime now = time_of_us(1'800'000'000'000'000);
  within([&](store::Connection& in) -> Status {
    const auto person = insert(in, kPerson, {{"pseudonym", "P-1"}}, now);
    if (!person) return tl::make_unexpected(person.error());
    const auto session = insert(
        in, kSession,
        {{"person", person->at("id")}, {"kind", "live"}, {"state", "open"}, {"started", utc_text(now)}}, now);
    if (!session) return tl::make_unexpected(session.error());
    const std::string id = session->at("id");
    std::vector<records::Observation> frames(90);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      frames[i].frame = static_cast<std::int64_t>(i);
      frames[i].time = Seconds{static_cast<double>(i) / 30};
      frames[i].utc = now + std::chrono::milliseconds{33 * i};
    }
    const std::span<const records::Observation> all{frames};
    const std::vector seconds{all.subspan(0, 30), all.subspan(30, 30)};
    EXPECT_TRUE(keep_segments(in, id, {}));
    if (Status kept = keep_segments(in, id, seconds); !kept) return kept;
    EXPECT_FALSE(keep_segments(in, id, seconds)) << "once";
    EXPECT_FALSE(keep_segment(in, id, all.subspan(59, 31))) << "its first frame is there";
    if (Status kept = keep_segment(in, id, all.subspan(60, 30)); !kept) return kept;
    const auto there = segments_after(in, id, -1, 1000);
    if (!there) return tl::make_unexpected(there.error());
    EXPECT_EQ(there->size(), 3U);
    for (std::size_t i = 0; i < there->size(); ++i) {
      EXPECT_EQ((*there)[i].first_frame, static_cast<std::int64_t>(30 * i));
      EXPECT_EQ((*there)[i].last_frame, static_cast<std::int64_t>(30 * i + 29));
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

TEST_P(BothDatabases, JoinAccountsToWhomTheProviderKnowsAndToNobodyElse) {
  const UtcTime now = time_of_us(1'800'000'000'000'000);
  const auto made = [&](store::Connection& in, const char* name, const char* role) {
    const auto row = make_account(
        in, {{"name", name}, {"role", role}, {"must_change_password", true}, {"password", "told"}}, now);
    EXPECT_TRUE(row) << row.error().text();
    return row ? row->at("id").get<std::string>() : "";
  };
  const auto found = [&](const Result<std::optional<AccountRecord>>& account) {
    EXPECT_TRUE(account) << account.error().text();
    return account && *account ? (*account)->id : "";
  };
  within([&](store::Connection& in) -> Status {
    const std::string anna = made(in, "Anna@example.org", "participant");
    made(in, "boss@example.org", "administrator");
    made(in, "twin@example.org", "clinician");
    made(in, "Twin@example.org", "clinician");
    for (const char* nobody : {"boss@example.org", "twin@example.org", "else@example.org"})
      EXPECT_EQ(found(account_to_link(in, nobody)), "") << nobody;
    EXPECT_EQ(found(account_to_link(in, "anna@example.org")), anna);
    EXPECT_TRUE(keep_subject(in, anna, "https://id.example.org 1", now));
    EXPECT_EQ(found(account_to_link(in, "anna@example.org")), "") << "joined already";
    EXPECT_EQ(found(account_of_subject(in, "https://id.example.org 1")), anna);
    EXPECT_EQ(found(account_of_subject(in, "https://id.example.org 2")), "");
    EXPECT_TRUE(forget_one_time_password(in, anna, now));
    const auto after = account_of(in, anna);
    EXPECT_TRUE(after && *after && (*after)->password.empty() && !(*after)->must_change_password);
    EXPECT_TRUE(after && *after && (*after)->person) << "a participant has a record";
    return {};
  });
}

TEST_P(BothDatabases, KeepLoginsAndRecoveryCodesOfAnAccount) {
  const UtcTime now = time_of_us(1'800'000'000'000'000), later = now + std::chrono::hours{1};
  within([&](store::Connection& in) -> Status {
    const auto row = make_account(
        in, {{"name", "anna"}, {"role", "clinician"}, {"must_change_password", false}, {"password", ""}},
        now);
    if (!row) return tl::make_unexpected(row.error());
    const std::string anna = row->at("id");
    const security::Digest first{1}, second{2};
    EXPECT_TRUE(keep_recovery_codes(in, anna, {first, second}));
    const auto codes = recovery_codes_of(in, anna);
    EXPECT_TRUE(codes && codes->size() == 2);
    const auto used = use_recovery_code(in, anna, first), again = use_recovery_code(in, anna, first);
    EXPECT_TRUE(used && *used && again && !*again);
    EXPECT_TRUE(keep_totp(in, anna, std::nullopt, false, -1, now));
    const auto gone = recovery_codes_of(in, anna);
    EXPECT_TRUE(gone && gone->empty());

    EXPECT_TRUE(begin_login(in, "a", anna, "one", now, later));
    EXPECT_TRUE(begin_login(in, "b", anna, "two", now + std::chrono::seconds{1}, later));
    EXPECT_TRUE(keep_seen(in, "a", now + std::chrono::minutes{5}));
    const auto logins = logins_of(in, anna, now);
    EXPECT_TRUE(logins);
    if (!logins || logins->size() != 2) return failed("two logins were expected");
    EXPECT_EQ((*logins)[0].client, "two");
    EXPECT_EQ((*logins)[1].seen, now + std::chrono::minutes{5});
    const auto ended = end_logins_of(in, anna, "b");
    EXPECT_TRUE(ended && *ended == 1);
    const auto over = logins_of(in, anna, later);
    EXPECT_TRUE(over && over->empty());
    // Those that are over go when the next one begins.
    EXPECT_TRUE(begin_login(in, "c", anna, "three", later, later + std::chrono::hours{1}));
    const auto rows = in.query("SELECT COUNT(*) FROM login");
    EXPECT_TRUE(rows && std::get<std::int64_t>(rows->at(0)[0]) == 1);
    return {};
  });
}

INSTANTIATE_TEST_SUITE_P(Archive, BothDatabases, ::testing::Bool(),
                         [](const auto& which) { return which.param ? "PostgreSQL" : "SQLite"; });

}  // namespace
}  // namespace pyro::archive

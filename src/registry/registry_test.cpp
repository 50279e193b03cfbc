#include "pyro/registry/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "storage.hpp"

namespace pyro::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

// A registry of its own; models are copies of the shipped one, which home is beside the sources.
class OwnRegistry : public ::testing::Test {
 protected:
  void SetUp() override {
    const fs::path source = PYRO_SOURCE_DIR;
    const char* home = std::getenv("PYROMETER_HOME");
    folder_ = fs::temp_directory_path() / ("pyro_registry_test_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "run");
    for (const char* name : {"expression.xml", "expression.bin"})
      fs::copy_file(source / "models/expression" / name, folder_ / "run" / name);
    place_ = {source / "models", home != nullptr ? fs::path(home) : source / ".pyrometer",
              folder_ / "registry"};
  }
  void TearDown() override { fs::remove_all(folder_); }

  [[nodiscard]] Addition addition(const std::string& name, std::optional<Version> version = {}) const {
    return {folder_ / "run", name, version, {{"licence", "MIT"}}};
  }
  void history(const std::string& text) const {
    fs::create_directories(place_.registry);
    std::ofstream(place_.registry / "history.jsonl", std::ios::binary) << text;
  }
  [[nodiscard]] Registry open() const {
    auto registry = Registry::open(place_.registry);
    if (!registry) throw std::runtime_error(registry.error().text());
    return *registry;
  }

  fs::path folder_;
  Place place_;
};

std::string event(const char* what, const char* channel, const char* model) {
  return Json{{"utc", "2026-01-01T00:00:00.000000Z"}, {"event", what}, {"channel", channel}, {"model", model}}
             .dump() +
         "\n";
}

TEST_F(OwnRegistry, AFolderThatIsNotThereIsAnEmptyRegistry) {
  EXPECT_TRUE(open().added().empty());
  EXPECT_FALSE(open().current("expression"));
  EXPECT_TRUE(open_store(place_)->find("expression"));
}

TEST_F(OwnRegistry, WhatIsCurrentIsReadFromTheHistory) {
  history(event("promote", "expression", "a@1.0.0") + event("promote", "b", "b@1.0.0") +
          event("promote", "expression", "a@1.1.0"));
  EXPECT_EQ(open().current("expression"), "a@1.1.0");
  EXPECT_EQ(open().previous("expression"), "a@1.0.0");
  EXPECT_EQ(open().current("b"), "b@1.0.0");
  EXPECT_EQ(open().previous("b"), "") << "what ships";
  history(event("promote", "expression", "a@1.0.0") + event("promote", "expression", "a@1.1.0") +
          event("rollback", "expression", "a@1.0.0"));
  EXPECT_EQ(open().current("expression"), "a@1.0.0");
  history(event("promote", "expression", "a@1.0.0") + event("rollback", "expression", ""));
  EXPECT_FALSE(open().current("expression"));
  EXPECT_FALSE(open().previous("expression"));
}

TEST_F(OwnRegistry, ATornLineAtTheEndDoesNotCountAndADamagedOneIsAnError) {
  history(event("promote", "expression", "a@1.0.0") + R"({"utc":"2026)");
  EXPECT_EQ(open().current("expression"), "a@1.0.0");
  history(event("promote", "expression", "a@1.0.0") + "{\n" + event("rollback", "expression", ""));
  const auto damaged = Registry::open(place_.registry);
  ASSERT_FALSE(damaged);
  EXPECT_THAT(damaged.error().text(), HasSubstr("line 2"));
  history(event("demote", "expression", "a@1.0.0"));
  EXPECT_FALSE(Registry::open(place_.registry));
}

TEST_F(OwnRegistry, AppendingFirstRemovesATornLine) {
  const fs::path file = folder_ / "lines";
  std::ofstream(file) << "one\ntor";
  ASSERT_TRUE(append_durably(file, "two"));
  EXPECT_EQ(*read_whole(file, 100), "one\ntwo\n");
  std::ofstream(file, std::ios::trunc) << "torn";
  ASSERT_TRUE(append_durably(file, "first"));
  EXPECT_EQ(*read_whole(file, 100), "first\n");
}

TEST_F(OwnRegistry, VersionsAreCountedUpFromAllThatExistAndNeverReplaced) {
  EXPECT_EQ(add(place_, addition("ward"))->entry.reference(), "ward@1.0.0");
  EXPECT_EQ(add(place_, addition("ward", Version{2, 3, 1}))->entry.reference(), "ward@2.3.1");
  EXPECT_EQ(add(place_, addition("ward"))->entry.reference(), "ward@2.4.0");
  const auto again = add(place_, addition("ward", Version{2, 3, 1}));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::wrong_use);
  // The shipped model's own name counts on from the version that ships.
  EXPECT_EQ(add(place_, addition("expression"))->entry.reference(), "expression@1.3.0");
  EXPECT_FALSE(add(place_, addition("expression", Version{1, 2, 0})));
  // A version whose record is broken keeps its number.
  std::ofstream(place_.registry / "models/ward/2.4.0/record.json") << "{";
  EXPECT_EQ(add(place_, addition("ward"))->entry.reference(), "ward@2.5.0");
  EXPECT_EQ(open().broken().size(), 1U);
}

TEST_F(OwnRegistry, AnAddedVersionMeansNothingUntilPromotedAndGoesBackToWhatShips) {
  ASSERT_TRUE(add(place_, addition("ward")));
  EXPECT_EQ(open_store(place_)->find("ward"), nullptr);
  EXPECT_THAT(open_store(place_)->compile("ward").error().text(), HasSubstr("models promote ward@1.0.0"));
  ASSERT_TRUE(promote(place_, "ward@1.0.0", "expression"));
  EXPECT_EQ(open_store(place_)->find("expression")->reference(), "ward@1.0.0");
  EXPECT_EQ(open_store(place_)->find("expression@1.2.0")->origin, infer::Origin::own);
  const auto again = promote(place_, "ward@1.0.0", "expression");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->from, again->to);
  EXPECT_EQ(open().history().size(), 1U) << "a promotion that changes nothing is none";
  const auto back = rollback(place_, "expression");
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_EQ(back->to, "expression@1.2.0");
  EXPECT_FALSE(rollback(place_, "expression"));
}

TEST_F(OwnRegistry, AnotherKindOfNetworkOrAFetchedModelsNameIsRefused) {
  ASSERT_TRUE(add(place_, addition("ward")));
  EXPECT_THAT(promote(place_, "face_mesh_468@1.0.0", "expression").error().text(),
              HasSubstr("another kind of network"));
  EXPECT_THAT(promote(place_, "ward@1.0.0", "face_mesh_478").error().text(), HasSubstr("face_mesh_478"));
  EXPECT_FALSE(promote(place_, "ward@1.0.0", "../x"));
  EXPECT_FALSE(promote(place_, "ward", "ward")) << "without a version";
}

TEST_F(OwnRegistry, FilesThatTheIncomingRecordDoesNotNameAreRefused) {
  const auto first = add(place_, addition("ward"));
  ASSERT_TRUE(first) << first.error().text();
  // A version's own folder can be taken in elsewhere as it is.
  const fs::path copy = folder_ / "copy";
  fs::copy(place_.registry / "models/ward/1.0.0", copy);
  const auto second = add(place_, {copy, "twin", std::nullopt, Json::object()});
  ASSERT_TRUE(second) << second.error().text();
  EXPECT_EQ(second->entry.weights.sha256, first->entry.weights.sha256);
  EXPECT_EQ(text_at(second->record["self_test"], "from"), "came with the model");
  std::ofstream(copy / "model.xml", std::ios::app) << "\n";
  const auto changed = add(place_, {copy, "twin", std::nullopt, Json::object()});
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ErrorCode::bad_input);
  EXPECT_THAT(changed.error().text(), HasSubstr("graph"));
}

TEST_F(OwnRegistry, ARecordCannotLeadOutOfItsFolder) {
  ASSERT_TRUE(add(place_, addition("ward")));
  const fs::path file = place_.registry / "models/ward/1.0.0/record.json";
  Json record = Json::parse(*read_whole(file, 1 << 20));
  record["files"]["weights"]["path"] = "../../../../run/expression.bin";
  std::ofstream(file) << record.dump();
  ASSERT_EQ(open().broken().size(), 1U);
  EXPECT_THAT(open().broken()[0].error.text(), HasSubstr("plain name"));
}

TEST_F(OwnRegistry, WritersWaitForEachOther) {
  std::optional<WriterLock> held;
  {
    auto lock = WriterLock::take(place_.registry);
    ASSERT_TRUE(lock);
    held.emplace(std::move(*lock));
  }
  std::atomic<bool> taken = false;
  std::thread other([&] {
    const auto lock = WriterLock::take(place_.registry);
    taken = lock.has_value();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds{100});
  EXPECT_FALSE(taken);
  held.reset();
  other.join();
  EXPECT_TRUE(taken);
}

}  // namespace
}  // namespace pyro::registry

#include "pyro/security/audit_chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "anything.hpp"

namespace pyro::security {
namespace {

using ::testing::HasSubstr;

constexpr Digest kChainKey{1, 2, 3};

std::vector<AuditEntry> log_of(int count) {
  std::vector<AuditEntry> log;
  for (int i = 0; i < count; ++i) {
    AuditEntry what;
    what.at = UtcTime{std::chrono::seconds{1'800'000'000 + i}};
    what.actor = "u" + std::to_string(i % 3);
    what.role = "clinician";
    what.action = "notes.read";
    what.resource = "notes/" + std::to_string(i);
    what.subject = "p" + std::to_string(i % 2);
    what.outcome = "allowed";
    what.request_id = std::to_string(i * 7919);
    log.push_back(next_entry(log.empty() ? nullptr : &log.back(), what, kChainKey));
  }
  return log;
}

std::string fault_of(const std::vector<AuditEntry>& log, std::optional<AuditAnchor> kept = std::nullopt) {
  const Result<AuditAnchor> verified = verify_audit(log, kChainKey, kept);
  return verified ? "" : verified.error().message;
}

TEST(AuditChain, AWholeLogVerifiesToItsEnd) {
  const std::vector<AuditEntry> log = log_of(20);
  const Result<AuditAnchor> end = verify_audit(log, kChainKey);
  ASSERT_TRUE(end) << end.error().text();
  EXPECT_EQ(end->number, 20);
  EXPECT_TRUE(same_digest(end->hash, log.back().hash));
  EXPECT_EQ(fault_of(log, anchor_of(log[9])), "");
  const Result<AuditAnchor> none = verify_audit({}, kChainKey);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->number, 0);
}

TEST(AuditChain, TheFirstFaultIsNamed) {
  const std::vector<AuditEntry> log = log_of(10);
  std::vector<AuditEntry> altered = log;
  altered[4].outcome = "consent";
  altered[7].actor = "nobody";
  EXPECT_THAT(fault_of(altered), HasSubstr("entry 5 was altered"));

  std::vector<AuditEntry> missing = log;
  missing.erase(missing.begin() + 3);
  EXPECT_THAT(fault_of(missing), HasSubstr("entry 4 is missing from its place; 5 stands there"));

  std::vector<AuditEntry> swapped = log;
  std::swap(swapped[2], swapped[6]);
  EXPECT_THAT(fault_of(swapped), HasSubstr("entry 3 is missing from its place; 7 stands there"));

  std::vector<AuditEntry> twice = log;
  twice.insert(twice.begin() + 5, log[1]);
  EXPECT_THAT(fault_of(twice), HasSubstr("entry 2 stands again"));

  std::vector<AuditEntry> headless(log.begin() + 1, log.end());
  EXPECT_THAT(fault_of(headless), HasSubstr("entry 1 is missing"));

  std::vector<AuditEntry> renumbered = log;
  renumbered[5].number = 60;
  EXPECT_THAT(fault_of(renumbered), HasSubstr("where entry 6 should stand is one that was altered"));
}

TEST(AuditChain, AnEntryWrittenAnewWithTheKeyBreaksTheOneBehindIt) {
  std::vector<AuditEntry> log = log_of(6);
  log[2].detail = "changed";
  log[2] = next_entry(&log[1], log[2], kChainKey);
  EXPECT_THAT(fault_of(log), HasSubstr("entry 4 does not follow"));
}

TEST(AuditChain, OnlyAnAnchorShowsACutOffEndOrAWholeNewChain) {
  const std::vector<AuditEntry> log = log_of(10);
  const std::vector<AuditEntry> cut(log.begin(), log.begin() + 7);
  EXPECT_EQ(fault_of(cut), "");
  EXPECT_THAT(fault_of(cut, anchor_of(log.back())), HasSubstr("entry 8 and those after it"));
  std::vector<AuditEntry> anew;
  for (AuditEntry entry : log) {
    entry.actor = "other";
    anew.push_back(next_entry(anew.empty() ? nullptr : &anew.back(), entry, kChainKey));
  }
  EXPECT_EQ(fault_of(anew), "");
  EXPECT_THAT(fault_of(anew, anchor_of(log[5])), HasSubstr("entry 6 is not the one whose anchor was kept"));
}

TEST(AuditChain, WhatWasArchivedIsNotNeeded) {
  const std::vector<AuditEntry> log = log_of(10);
  AuditVerifier verifier(kChainKey, std::nullopt, anchor_of(log[3]));
  for (std::size_t i = 4; i < log.size(); ++i) ASSERT_TRUE(verifier.take(log[i]));
  ASSERT_TRUE(verifier.finish());
  EXPECT_EQ(verifier.finish()->number, 10);
}

TEST(AuditChain, AnchorsAreWrittenAndReadAgain) {
  const AuditAnchor anchor = anchor_of(log_of(3).back());
  const std::string text = anchor_text(anchor);
  const Result<AuditAnchor> read = anchor_of(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->number, 3);
  EXPECT_TRUE(same_digest(read->hash, anchor.hash));
  for (const std::string& bad :
       {std::string{}, text + "0", text.substr(0, text.size() - 1), "x" + text, std::string{"3:"}})
    EXPECT_FALSE(anchor_of(bad)) << bad;
}

TEST(AuditChain, TextsThatRunIntoEachOtherAreOtherEntries) {
  AuditEntry a, b;
  a.actor = "ab";
  a.role = "c";
  b.actor = "a";
  b.role = "bc";
  EXPECT_FALSE(same_digest(audit_hash(a, kChainKey), audit_hash(b, kChainKey)));
}

RC_GTEST_PROP(AuditChainProperty, AnySingleChangeIsFound, ()) {
  std::vector<AuditEntry> log = log_of(any_from(1, 12));
  const AuditAnchor kept = anchor_of(log.back());
  const auto at = any_below(log.size());
  AuditEntry& entry = log[at];
  switch (any_below(8)) {
    case 0:
      log.erase(log.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      log.insert(log.begin() + static_cast<std::ptrdiff_t>(at), AuditEntry{log[at]});
      break;
    case 2: {
      const auto with = any_below(log.size());
      RC_PRE(with != at);
      std::swap(log[at], log[with]);
      break;
    }
    case 3:
      entry.number += *rc::gen::element(-1, 1, 100);
      break;
    case 4:
      entry.at += std::chrono::microseconds{*rc::gen::element(-1, 1)};
      break;
    case 5: {
      std::string* const texts[] = {&entry.actor,   &entry.role,    &entry.action,     &entry.resource,
                                    &entry.subject, &entry.outcome, &entry.request_id, &entry.detail};
      *texts[any_below(8)] += *rc::gen::element('x', '\0', ' ');
      break;
    }
    case 6:
      entry.previous[any_below(std::size_t{32})] ^= 1U;
      break;
    default:
      entry.hash[any_below(std::size_t{32})] ^= 0x80U;
  }
  RC_ASSERT(!verify_audit(log, kChainKey, kept));
}

}  // namespace
}  // namespace pyro::security

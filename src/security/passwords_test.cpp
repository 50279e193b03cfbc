#include "pyro/security/passwords.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <set>

namespace pyro::security {
namespace {

using ::testing::HasSubstr;

constexpr PasswordCost kQuick{64, 1};

const CommonPasswords& few_common() {
  static const CommonPasswords common("123456\nPassword\nqwerty\ndragon12\nletmein\na123456\n");
  return common;
}

std::string refusal(std::string_view password, const std::vector<std::string>& names = {}) {
  const Status status = acceptable_password(password, names, few_common());
  return status ? "" : status.error().message;
}

TEST(Passwords, AFixedStringVerifies) {
  // By the reference implementation's command line (argon2, 20171227): salt "somesaltsomesalt", -id -t 2 -k
  // 64 -p 1 -l 32.
  constexpr std::string_view kStored =
      "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
      "hKAbWgyQdV+xg8l/rwb/M8JbLs4epFAbdbuSAw1BK9I";
  const Result<PasswordCheck> right = verify_password(kStored, "correct horse battery", {64, 2});
  ASSERT_TRUE(right);
  EXPECT_TRUE(right->right);
  EXPECT_FALSE(right->rehash);
  EXPECT_TRUE(verify_password(kStored, "correct horse battery", {128, 2})->rehash);
  EXPECT_FALSE(verify_password(kStored, "correct horse batterz", {64, 2})->right);
}

TEST(Passwords, HashesAreSaltedAndVerify) {
  const Result<std::string> a = hash_password("correct horse battery", kQuick);
  const Result<std::string> b = hash_password("correct horse battery", kQuick);
  ASSERT_TRUE(a && b);
  EXPECT_TRUE(a->starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  EXPECT_NE(*a, *b);
  EXPECT_TRUE(verify_password(*a, "correct horse battery", kQuick)->right);
  EXPECT_FALSE(verify_password(*a, "correct horse", kQuick)->right);
  EXPECT_FALSE(verify_password("", "correct horse battery", kQuick)->right);
  EXPECT_FALSE(verify_password("$argon2id$nonsense", "x", kQuick)->right);
  EXPECT_FALSE(verify_password(*a, std::string(100'000, 'x'), kQuick)->right);
  EXPECT_FALSE(verify_password(*a, "\xff\xfe", kQuick)->right);
  EXPECT_FALSE(verify_nobody("correct horse battery", kQuick)->right);
}

TEST(Passwords, AComposedAndADecomposedLetterAreTheSame) {
  const Result<std::string> stored = hash_password("caf\u00e9 am Meer um neun", kQuick);
  ASSERT_TRUE(stored);
  EXPECT_TRUE(verify_password(*stored, "cafe\u0301 am Meer um neun", kQuick)->right);
}

TEST(Passwords, LengthCountsCharactersNotBytes) {
  EXPECT_THAT(refusal("vbmrtqxzplk"), HasSubstr("too short"));
  EXPECT_EQ(refusal("vbmrtqxzplkw"), "");
  EXPECT_THAT(refusal("\u00e4\u00f6\u00fc\u00df\u00e9\u00ea"), HasSubstr("too short"))
      << "12 bytes, 6 characters";
  EXPECT_EQ(refusal("Ein Pferd, das gern Tee trinkt"), "");
  std::string longest;
  for (int i = 0; i < 128; ++i) longest += static_cast<char>('a' + (i * i + i / 7) % 26);
  EXPECT_EQ(refusal(longest), "");
  EXPECT_THAT(refusal(longest + "q"), HasSubstr("at most 128"));
  EXPECT_THAT(refusal("twelve chars\xc3"), HasSubstr("UTF-8"));
}

TEST(Passwords, CommonOnesAreKnownInTheirUsualDisguises) {
  for (const char* text : {"password2026!", "PASSWORD-12345", "Dragon!!!!!!!!", "passwordpassword",
                           "letmeinletmein", "qwerty123456789", "dragon1234567"})
    EXPECT_THAT(refusal(text), HasSubstr("tried first")) << text;
  EXPECT_FALSE(few_common().contains("a"));
  EXPECT_FALSE(few_common().contains("dragonflies at noon"));
}

TEST(Passwords, RowsAndRepetitionsAreRefused) {
  for (const char* text : {"aaaaaaaaaaaa", "abcdefghijkl", "zyxwvutsrqpon", "abcabcabcabc", "x7x7x7x7x7x7"})
    EXPECT_THAT(refusal(text), HasSubstr("row or repetition")) << text;
}

TEST(Passwords, NamesOfTheUserAreRefusedButNotWordsThatHoldThem) {
  const std::vector<std::string> names = {"Anna Mustermann", "anna.mustermann@klinik-nord.example"};
  EXPECT_THAT(refusal("AnnaMustermann", names), HasSubstr("a name"));
  EXPECT_THAT(refusal("anna.mustermann@klinik-nord.example", names), HasSubstr("a name"));
  EXPECT_THAT(refusal("Mustermann1987", names), HasSubstr("a name"));
  EXPECT_THAT(refusal("Pyrometer2026", names), HasSubstr("a name"));
  EXPECT_EQ(refusal("savannah grass tide", names), "");
}

TEST(Passwords, ARefusalNeverRepeatsThePassword) {
  EXPECT_THAT(refusal("Mustermann1987", {"Mustermann"}), Not(HasSubstr("ustermann")));
}

TEST(Passwords, TheListThatSetUpBringsIsReadAndKnowsItsOwn) {
  const std::filesystem::path path = PYRO_SOURCE_DIR "/.pyrometer/security/common-passwords.txt.gz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "setup/fetch has not brought the list";
  const Result<CommonPasswords> common = CommonPasswords::load(path);
  ASSERT_TRUE(common) << common.error().text();
  for (const char* text : {"123456", "trustno1", "Football2025!", "1q2w3e4r5t6y", "ILoveYou12345"})
    EXPECT_TRUE(common->contains(text)) << text;
  for (const char* text : {"correct horse battery staple", "vbmrtqxzplkw", "8362947105638"})
    EXPECT_FALSE(common->contains(text)) << text;
}

TEST(Passwords, AListThatIsNoneIsRefused) {
  EXPECT_THAT(CommonPasswords::load("/nonexistent").error().message, HasSubstr("setup/fetch"));
  EXPECT_THAT(CommonPasswords::load(PYRO_SOURCE_DIR "/.clang-format").error().message, HasSubstr("no list"));
}

TEST(Passwords, OneTimePasswordsAreAcceptableAndDistinct) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string password = one_time_password();
    EXPECT_EQ(password.size(), 23U);
    EXPECT_EQ(password.find_first_of("il01o"), std::string::npos) << password;
    EXPECT_EQ(refusal(password), "");
    EXPECT_TRUE(seen.insert(password).second);
  }
}

RC_GTEST_PROP(PasswordsProperty, AnyBytesGetAnAnswer, (const std::string& text)) {
  const std::vector<std::string> names = {text.substr(0, text.size() / 2)};
  const Status status = acceptable_password(text, names, few_common());
  RC_ASSERT(status.has_value() || status.error().code == ErrorCode::bad_input);
  RC_ASSERT(!status.has_value() || text.size() >= kShortestPassword);
}

}  // namespace
}  // namespace pyro::security

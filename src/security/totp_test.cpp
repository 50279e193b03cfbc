#include "pyro/security/totp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace pyro::security {
namespace {

using ::testing::HasSubstr;

UtcTime unix_time(std::int64_t since_1970) {
  return UtcTime{std::chrono::seconds{since_1970}};
}

TotpSecret published_secret() {
  return *TotpSecret::of_bytes("12345678901234567890");
}

// RFC 6238, appendix B, SHA-1; it lists 8 digits, of which ours are the last 6.
TEST(Totp, ThePublishedCodes) {
  const std::vector<std::pair<std::int64_t, std::string>> published = {{59, "94287082"},
                                                                       {1'111'111'109, "07081804"},
                                                                       {1'111'111'111, "14050471"},
                                                                       {1'234'567'890, "89005924"},
                                                                       {2'000'000'000, "69279037"},
                                                                       {20'000'000'000, "65353130"}};
  for (const auto& [time, code] : published) {
    const Result<std::string> ours = totp_code(published_secret(), totp_step(unix_time(time)));
    ASSERT_TRUE(ours);
    EXPECT_EQ(*ours, code.substr(2)) << time;
  }
}

TEST(Totp, TheStepBeforeAndAfterCountAndNoOther) {
  const TotpSecret secret = published_secret();
  const UtcTime now = unix_time(1'234'567'890);
  const std::int64_t step = totp_step(now);
  for (std::int64_t offset = -3; offset <= 3; ++offset) {
    const std::string code = *totp_code(secret, step + offset);
    const std::optional<std::int64_t> found = verify_totp(secret, code, now, std::nullopt);
    if (offset >= -1 && offset <= 1)
      EXPECT_EQ(found, step + offset);
    else
      EXPECT_EQ(found, std::nullopt);
  }
}

TEST(Totp, ACodeCountsOnce) {
  const TotpSecret secret = published_secret();
  const UtcTime now = unix_time(1'234'567'890);
  const std::int64_t step = totp_step(now);
  const std::string code = *totp_code(secret, step);
  EXPECT_EQ(verify_totp(secret, code, now, step - 1), step);
  EXPECT_EQ(verify_totp(secret, code, now, step), std::nullopt);
  EXPECT_EQ(verify_totp(secret, *totp_code(secret, step - 1), now, step), std::nullopt) << "nor an older one";
  EXPECT_EQ(verify_totp(secret, *totp_code(secret, step + 1), now, step), step + 1);
}

TEST(Totp, WhatIsNoCodeIsNone) {
  const TotpSecret secret = published_secret();
  const UtcTime now = unix_time(59);  // 287082
  EXPECT_EQ(verify_totp(secret, "287 082", now, std::nullopt), 1);
  for (const char* text :
       {"", "28708", "2870820", "287083", "94287082", "28708a", "\xd9\xa2\xd9\xa8\xd9\xa7"})
    EXPECT_EQ(verify_totp(secret, text, now, std::nullopt), std::nullopt) << text;
}

TEST(Totp, SecretsAreWrittenInBase32AndIntoAnAddress) {
  EXPECT_EQ(published_secret().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(totp_uri(published_secret(), "Klinik Nord", "a+b@c.example"),
            "otpauth://totp/"
            "Klinik%20Nord:a%2Bb%40c.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Klinik%20Nord"
            "&algorithm=SHA1&digits=6&period=30");
  EXPECT_NE(TotpSecret::random().base32(), TotpSecret::random().base32());
  EXPECT_FALSE(TotpSecret::of_bytes("short"));
}

TEST(Totp, AQrCodeIsAPictureThatScales) {
  const Result<std::string> svg = qr_svg("HELLO");
  ASSERT_TRUE(svg);
  // Version 1 has 21 modules a side and 4 of quiet zone around; a finder pattern's corner is black.
  EXPECT_THAT(*svg, HasSubstr("viewBox=\"0 0 29 29\""));
  EXPECT_THAT(*svg, HasSubstr("M4 4h1v1h-1z"));
  EXPECT_THAT(*svg, HasSubstr("M24 4h1v1h-1z"));
  EXPECT_FALSE(qr_svg(std::string(5000, 'x')));
}

TEST(Totp, RecoveryCodesAreFoundHoweverTheyAreTyped) {
  const RecoveryCodes made = new_recovery_codes();
  ASSERT_EQ(made.codes.size(), 10U);
  ASSERT_EQ(made.stored.size(), 10U);
  EXPECT_EQ((std::set<std::string>(made.codes.begin(), made.codes.end()).size()), 10U);
  for (std::size_t i = 0; i < made.codes.size(); ++i) {
    const std::string& code = made.codes[i];
    EXPECT_EQ(code.size(), 19U);
    EXPECT_EQ(match_recovery_code(code, made.stored), i);
    std::string typed = " ";
    for (const char c : code) {
      if (c != '-') typed += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    }
    EXPECT_EQ(match_recovery_code(typed, made.stored), i);
  }
  EXPECT_EQ(match_recovery_code("", made.stored), std::nullopt);
  EXPECT_EQ(match_recovery_code(made.codes[0].substr(1), made.stored), std::nullopt);
  EXPECT_EQ(match_recovery_code(new_recovery_codes().codes[0], made.stored), std::nullopt);
}

}  // namespace
}  // namespace pyro::security

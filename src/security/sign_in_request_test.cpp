#include "pyro/security/sign_in_request.hpp"

#include <gtest/gtest.h>

namespace pyro::security {
namespace {

// RFC 7636, appendix B.
TEST(SignInRequest, TheChallengeIsThePublishedOne) {
  EXPECT_EQ(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(SignInRequest, ComesBackInTimeUnderItsKeyAndUnaltered) {
  const SealKey key = SealKey::random(1);
  const UtcTime now{std::chrono::seconds{1'800'000'000}};
  const SignInRequest made = new_sign_in_request(now + std::chrono::minutes{10});
  EXPECT_NE(made.state, made.nonce);
  std::string cookie = sealed_request(made, key);
  EXPECT_EQ(cookie.find(made.verifier), std::string::npos);
  const auto back = opened_request(cookie, key, now);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->state, made.state);
  EXPECT_EQ(back->nonce, made.nonce);
  EXPECT_EQ(back->verifier, made.verifier);
  EXPECT_EQ(back->until, made.until);
  EXPECT_TRUE(answers(*back, made.state));
  EXPECT_FALSE(answers(*back, made.nonce));
  EXPECT_FALSE(answers(*back, ""));
  EXPECT_FALSE(opened_request(cookie, key, made.until));
  EXPECT_FALSE(opened_request(cookie, SealKey::random(1), now));
  EXPECT_FALSE(opened_request("", key, now));
  cookie[20] = cookie[20] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(opened_request(cookie, key, now));
}

}  // namespace
}  // namespace pyro::security

#include "pyro/security/tokens.hpp"

#include <gtest/gtest.h>

#include <set>

namespace pyro::security {
namespace {

TEST(Tokens, AreRandomAndFoundByTheirDigestAlone) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const NewToken made = new_token();
    EXPECT_TRUE(made.secret.starts_with("pyro_"));
    EXPECT_EQ(made.secret.size(), 5U + 43U);
    EXPECT_TRUE(made.secret.ends_with(made.stored.last4));
    const Result<Digest> digest = token_digest(made.secret);
    ASSERT_TRUE(digest);
    EXPECT_TRUE(same_digest(*digest, made.stored.hash));
    EXPECT_TRUE(seen.insert(made.secret).second);
  }
}

TEST(Tokens, OfAnotherFormAreRefusedWithoutSayingMore) {
  const std::string good = new_token().secret;
  std::string other = good;
  other[10] = '+';
  for (const std::string& text :
       {std::string{}, good.substr(1), good + "A", good.substr(0, good.size() - 1), other}) {
    const Result<Digest> digest = token_digest(text);
    ASSERT_FALSE(digest);
    EXPECT_EQ(digest.error().message, "this is not a token of this site");
  }
}

TEST(Tokens, ASessionsIdIsNoTokenAndHasAnotherDigest) {
  const std::string id = new_session_id();
  EXPECT_EQ(id.size(), 43U);
  EXPECT_FALSE(token_digest(id));
  ASSERT_TRUE(session_digest(id));
  EXPECT_FALSE(same_digest(*session_digest(id), *token_digest("pyro_" + id)));
  EXPECT_FALSE(session_digest("short"));
}

TEST(Tokens, CsrfHoldsForItsSessionAndKeyOnly) {
  Digest key{}, other_key{};
  other_key[3] = 1;
  const std::string id = new_session_id();
  const std::string token = csrf_token(key, id);
  EXPECT_TRUE(csrf_holds(key, id, token));
  EXPECT_FALSE(csrf_holds(key, new_session_id(), token));
  EXPECT_FALSE(csrf_holds(other_key, id, token));
  EXPECT_FALSE(csrf_holds(key, id, ""));
  EXPECT_FALSE(csrf_holds(key, id, token + "A"));
}

TEST(Tokens, ScopesAreWrittenAndReadAgain) {
  for (std::uint32_t bits = 0; bits < (1U << kTokenScopes); ++bits) {
    const auto scopes = TokenScopes::of_bits(bits);
    ASSERT_TRUE(token_scopes_of(token_scopes_text(scopes)));
    EXPECT_EQ(*token_scopes_of(token_scopes_text(scopes)), scopes);
  }
  EXPECT_EQ(token_scopes_text({TokenScope::stream, TokenScope::read}), "read stream");
  EXPECT_FALSE(token_scopes_of("read everything"));
}

}  // namespace
}  // namespace pyro::security

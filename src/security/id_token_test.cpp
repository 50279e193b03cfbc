#include "pyro/security/id_token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <nlohmann/json.hpp>

#include "bytes.hpp"
#include "openssl_handle.hpp"
#include "signing_key.hpp"

namespace pyro::security {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
using Key = OpenSslHandle<EVP_PKEY, EVP_PKEY_free>;

constexpr std::int64_t kNow = 1'800'000'000;
const UtcTime kThen{std::chrono::seconds{kNow}};

std::string number(const EVP_PKEY* key, const char* name, std::size_t size) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &value) != 1) return {};
  std::string out(size, '\0');
  BN_bn2binpad(value, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(size));
  BN_free(value);
  return base64url(bytes_of(out));
}

struct Signer {
  Key key;
  Json published;

  static Signer rsa(const std::string& kid, unsigned bits = 2048) {
    Key made{EVP_RSA_gen(bits)};
    Json json{{"kty", "RSA"},
              {"kid", kid},
              {"use", "sig"},
              {"n", number(made.get(), "n", bits / 8)},
              {"e", "AQAB"}};
    return {std::move(made), std::move(json)};
  }
  static Signer p256(const std::string& kid) {
    Key made{EVP_EC_gen("P-256")};
    Json json{{"kty", "EC"},
              {"crv", "P-256"},
              {"kid", kid},
              {"x", number(made.get(), "qx", 32)},
              {"y", number(made.get(), "qy", 32)}};
    return {std::move(made), std::move(json)};
  }
  [[nodiscard]] std::string signature(const std::string& text) const {
    const OpenSslHandle<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
    std::string out(1024, '\0');
    std::size_t size = out.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, data_of(text),
                   text.size());
    out.resize(size);
    if (published["kty"] == "RSA") return out;
    const auto* at = data_of(out);
    const OpenSslHandle<ECDSA_SIG, ECDSA_SIG_free> parts{
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size))};
    std::string flat(64, '\0');
    auto* to = reinterpret_cast<unsigned char*>(flat.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), to, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), to + 32, 32);
    return flat;
  }
  [[nodiscard]] std::string token(const Json& header, const Json& claims) const {
    const std::string text = base64url(bytes_of(header.dump())) + "." + base64url(bytes_of(claims.dump()));
    return text + "." + base64url(bytes_of(signature(text)));
  }
};

const Signer& rsa_signer() {
  static const Signer one = Signer::rsa("one");
  return one;
}

Json header(const char* algorithm = "RS256") {
  return {{"alg", algorithm}, {"kid", "one"}};
}
Json claims(const Json& other = Json::object()) {
  Json out{{"iss", "https://id.example.org"},
           {"aud", "us"},
           {"sub", "anna"},
           {"nonce", "n"},
           {"iat", kNow},
           {"exp", kNow + 300}};
  out.update(other);
  return out;
}
std::string set_of(const Json& key) {
  return Json{{"keys", {key}}}.dump();
}
Result<std::optional<IdClaims>> read(const std::string& token, const std::string& keys) {
  return read_id_token(token, keys, {"https://id.example.org", "us", "n"}, kThen);
}
Result<std::optional<IdClaims>> read_claims(const Json& what) {
  return read(rsa_signer().token(header(), what), set_of(rsa_signer().published));
}

TEST(IdToken, BothSignaturesAreRead) {
  const auto by_rsa = read_claims(claims(
      {{"email", "Anna@Example.org"}, {"email_verified", true}, {"name", "Anna"}, {"amr", {"pwd", "mfa"}}}));
  ASSERT_TRUE(by_rsa) << by_rsa.error().text();
  ASSERT_TRUE(*by_rsa);
  EXPECT_EQ((*by_rsa)->subject, "anna");
  EXPECT_EQ((*by_rsa)->email, "anna@example.org");
  EXPECT_EQ((*by_rsa)->name, "Anna");
  EXPECT_TRUE((*by_rsa)->second_factor);
  const Signer curve = Signer::p256("one");
  const auto by_curve =
      read(curve.token(header("ES256"), claims({{"email", "a@b"}})), set_of(curve.published));
  ASSERT_TRUE(by_curve) << by_curve.error().text();
  ASSERT_TRUE(*by_curve);
  EXPECT_EQ((*by_curve)->email, "") << "nobody says that it is verified";
  EXPECT_FALSE((*by_curve)->second_factor);
}

TEST(IdToken, AKeyThatIsNotKnownIsAskedForAndNotRefused) {
  const Signer other = Signer::rsa("two");
  const std::string token = rsa_signer().token(header(), claims());
  for (const std::string& keys :
       {set_of(other.published), set_of(Signer::p256("one").published), std::string{"{}"}, std::string{"[]"},
        std::string{"no JSON"}, std::string{R"({"keys": 1})"}, std::string{R"({"keys": [1, {"kty": 2}]})"}}) {
    const auto read_with = read(token, keys);
    ASSERT_TRUE(read_with) << keys;
    EXPECT_FALSE(*read_with) << keys;
  }
}

TEST(IdToken, AnotherSignatureIsRefused) {
  Json same_name = Signer::rsa("one").published;
  EXPECT_FALSE(read(rsa_signer().token(header(), claims()), set_of(same_name)));
  std::string token = rsa_signer().token(header(), claims());
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(read(token, set_of(rsa_signer().published)));
  const Signer weak = Signer::rsa("one", 1024);
  const auto by_weak = read(weak.token(header(), claims()), set_of(weak.published));
  ASSERT_FALSE(by_weak);
  EXPECT_THAT(by_weak.error().message, HasSubstr("signature"));
  // Claims of one token under the signature of another.
  const std::string good = rsa_signer().token(header(), claims()),
                    other = rsa_signer().token(header(), claims({{"sub", "ben"}}));
  EXPECT_FALSE(
      read(other.substr(0, other.rfind('.')) + good.substr(good.rfind('.')), set_of(rsa_signer().published)));
}

TEST(IdToken, NoOtherAlgorithmIsTaken) {
  for (const char* algorithm : {"none", "None", "HS256", "RS512", "PS256", "ES384", ""}) {
    const auto tried = read(rsa_signer().token(header(algorithm), claims()), set_of(rsa_signer().published));
    ASSERT_FALSE(tried) << algorithm;
    EXPECT_THAT(tried.error().message, HasSubstr("RS256 or ES256"));
  }
  Json extended = header();
  extended["crit"] = {"exp"};
  EXPECT_FALSE(read(rsa_signer().token(extended, claims()), set_of(rsa_signer().published)));
}

TEST(IdToken, EveryRuleOnClaimsHolds) {
  const Json wrong[] = {{{"iss", "https://evil.example"}},
                        {{"iss", 1}},
                        {{"aud", "them"}},
                        {{"aud", {"us", "them"}}},
                        {{"aud", Json::array()}},
                        {{"azp", "them"}},
                        {{"exp", kNow - 61}},
                        {{"exp", "soon"}},
                        {{"exp", 1e300}},
                        {{"iat", kNow + 61}},
                        {{"iat", kNow - 700}},
                        {{"nbf", kNow + 100}},
                        {{"nonce", "m"}},
                        {{"nonce", nullptr}},
                        {{"sub", ""}},
                        {{"sub", 7}},
                        {{"sub", "a b"}},
                        {{"sub", std::string(256, 'a')}}};
  for (const Json& one : wrong) EXPECT_FALSE(read_claims(claims(one))) << one.dump();
  const Json right[] = {{{"aud", {"us"}}},
                        {{"aud", {"them", "us"}}, {"azp", "us"}},
                        {{"exp", kNow - 30}},
                        {{"iat", kNow + 30}},
                        {{"exp", kNow + 300.5}}};
  for (const Json& one : right) EXPECT_TRUE(read_claims(claims(one))) << one.dump();
}

TEST(IdToken, WhatIsNoTokenIsRefused) {
  const std::string keys = set_of(rsa_signer().published), good = rsa_signer().token(header(), claims());
  for (const std::string& text :
       {std::string{}, std::string{"."}, std::string{".."}, std::string{"a.b"}, std::string{"a.b.c.d"},
        good + "=", good + ".x", "\n" + good, std::string(kMostTokenBytes + 1, 'a'),
        base64url(bytes_of("[]")) + ".e30.e30"})
    EXPECT_FALSE(read(text, keys)) << text.substr(0, 40);
  const std::string deep = base64url(bytes_of(std::string(3000, '[')));
  EXPECT_FALSE(read(deep + "." + deep + ".", keys));
}

}  // namespace
}  // namespace pyro::security

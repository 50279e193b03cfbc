#include "signing_key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>

#include "bytes.hpp"
#include "openssl_handle.hpp"

namespace pyro::security {

namespace {

using PublicKey = OpenSslHandle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = OpenSslHandle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = OpenSslHandle<EVP_MD_CTX, EVP_MD_CTX_free>;
using ParamBuilder = OpenSslHandle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = OpenSslHandle<OSSL_PARAM, OSSL_PARAM_free>;
using Big = OpenSslHandle<BIGNUM, BN_free>;
using EcSignature = OpenSslHandle<ECDSA_SIG, ECDSA_SIG_free>;

constexpr int kLeastRsaBits = 2048, kMostRsaBits = 8192;
constexpr std::size_t kP256Bytes = 32;

Big big_of(std::string_view bytes) {
  return Big{::BN_bin2bn(data_of(bytes), static_cast<int>(bytes.size()), nullptr)};
}

std::optional<std::string> bytes_of_member(const nlohmann::json& key, const char* member) {
  const auto found = key.find(member);
  if (found == key.end() || !found->is_string()) return std::nullopt;
  return from_base64url(found->get_ref<const std::string&>());
}

PublicKey public_key_of(const char* kind, OSSL_PARAM* params) {
  const KeyContext context{::EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr)};
  EVP_PKEY* key = nullptr;
  if (!context || params == nullptr || ::EVP_PKEY_fromdata_init(context.get()) != 1 ||
      ::EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
    return nullptr;
  return PublicKey{key};
}

PublicKey rsa_key(const nlohmann::json& json) {
  const auto modulus = bytes_of_member(json, "n"), exponent = bytes_of_member(json, "e");
  if (!modulus || !exponent || modulus->size() > kMostRsaBits / 8 || exponent->size() > 8) return nullptr;
  const Big n = big_of(*modulus), e = big_of(*exponent);
  const ParamBuilder builder{::OSSL_PARAM_BLD_new()};
  if (!n || !e || !builder || ::BN_num_bits(n.get()) < kLeastRsaBits ||
      ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      ::OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  const Params params{::OSSL_PARAM_BLD_to_param(builder.get())};
  return public_key_of("RSA", params.get());
}

PublicKey p256_key(const nlohmann::json& json) {
  const auto x = bytes_of_member(json, "x"), y = bytes_of_member(json, "y");
  if (!x || !y || x->size() != kP256Bytes || y->size() != kP256Bytes) return nullptr;
  const std::string point = "\x04" + *x + *y;  // uncompressed (SEC 1, 2.3.3); one off the curve is refused
  const ParamBuilder builder{::OSSL_PARAM_BLD_new()};
  if (!builder ||
      ::OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      ::OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1)
    return nullptr;
  const Params params{::OSSL_PARAM_BLD_to_param(builder.get())};
  return public_key_of("EC", params.get());
}

// OpenSSL wants DER where JWS has r and s one behind the other. Empty: no such signature.
std::string der_of(std::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return {};
  const EcSignature parts{::ECDSA_SIG_new()};
  Big r = big_of(signature.substr(0, kP256Bytes)), s = big_of(signature.substr(kP256Bytes));
  if (!parts || !r || !s || ::ECDSA_SIG_set0(parts.get(), r.get(), s.get()) != 1) return {};
  (void)r.release(), (void)s.release();  // the signature's
  const int size = ::i2d_ECDSA_SIG(parts.get(), nullptr);
  if (size <= 0) return {};
  std::string out(static_cast<std::size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(out.data());
  return ::i2d_ECDSA_SIG(parts.get(), &at) == size ? out : std::string{};
}

// What a key says of itself, if it says anything, must be `wanted`.
bool says(const nlohmann::json& key, const char* member, std::string_view wanted, bool may_be_silent) {
  const auto found = key.find(member);
  if (found == key.end()) return may_be_silent;
  return found->is_string() && found->get_ref<const std::string&>() == wanted;
}

}  // namespace

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  if (::sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(),
                          nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return std::nullopt;
  out.resize(size);
  return out;
}

bool may_sign(const nlohmann::json& key, SigningKind kind) {
  if (!key.is_object() || !says(key, "use", "sig", true)) return false;
  if (kind == SigningKind::rs256) return says(key, "kty", "RSA", false) && says(key, "alg", "RS256", true);
  return says(key, "kty", "EC", false) && says(key, "crv", "P-256", false) && says(key, "alg", "ES256", true);
}

bool signature_holds(const nlohmann::json& key, SigningKind kind, std::string_view signed_text,
                     std::string_view signature) {
  const PublicKey with = kind == SigningKind::rs256 ? rsa_key(key) : p256_key(key);
  const std::string der = kind == SigningKind::es256 ? der_of(signature) : std::string{signature};
  const DigestContext context{::EVP_MD_CTX_new()};
  const bool holds =
      with && context && !der.empty() &&
      ::EVP_DigestVerifyInit(context.get(), nullptr, ::EVP_sha256(), nullptr, with.get()) == 1 &&
      ::EVP_DigestVerify(context.get(), data_of(der), der.size(), data_of(signed_text), signed_text.size()) ==
          1;
  ::ERR_clear_error();
  return holds;
}

}  // namespace pyro::security

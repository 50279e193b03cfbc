#include "pyro/security/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <memory>
#include <tuple>

#include "bytes.hpp"
#include "openssl_handle.hpp"
#include "private_part.hpp"
#include "pyro/base/hex.hpp"

namespace pyro::security {

namespace {

using KeyHandle = OpenSslHandle<EVP_PKEY, EVP_PKEY_free>;
using X509Handle = OpenSslHandle<X509, X509_free>;
using BioHandle = OpenSslHandle<BIO, BIO_free_all>;
using NameList = OpenSslHandle<GENERAL_NAMES, GENERAL_NAMES_free>;
using Address = OpenSslHandle<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free>;
using Extension = OpenSslHandle<X509_EXTENSION, X509_EXTENSION_free>;

constexpr std::chrono::days kValidity{397};

tl::unexpected<Error> openssl_failed(const std::string& what) {
  std::array<char, 256> text{};
  ::ERR_error_string_n(::ERR_get_error(), text.data(), text.size());
  ::ERR_clear_error();
  return failed(what, std::string{"OpenSSL: "} + text.data());
}

bool is_host_name(std::string_view name) {
  constexpr std::string_view kSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
  const std::string_view labels = name.starts_with("*.") ? name.substr(2) : name;
  return !labels.empty() && labels.size() <= 253 &&
         labels.find_first_not_of(kSigns) == std::string_view::npos && labels.front() != '.' &&
         labels.front() != '-' && labels.back() != '.' && labels.find("..") == std::string_view::npos;
}

// Appends a DNS name or address. Built as values, not as a line of configuration, in which a name could hold
// more than a name.
bool append_name(GENERAL_NAMES* list, const std::string& name) {
  OpenSslHandle<GENERAL_NAME, GENERAL_NAME_free> entry(::GENERAL_NAME_new());
  if (!entry) return false;
  if (Address address(::a2i_IPADDRESS(name.c_str())); address) {
    ::GENERAL_NAME_set0_value(entry.get(), GEN_IPADD, address.release());
  } else {
    ::ERR_clear_error();
    ASN1_IA5STRING* const text = ::ASN1_IA5STRING_new();
    if (text == nullptr || ::ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) != 1) {
      ::ASN1_IA5STRING_free(text);
      return false;
    }
    ::GENERAL_NAME_set0_value(entry.get(), GEN_DNS, text);
  }
  if (sk_GENERAL_NAME_push(list, entry.get()) <= 0) return false;
  std::ignore = entry.release();  // the list's
  return true;
}

bool add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  ::X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension made(::X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  return made && ::X509_add_ext(certificate, made.get(), -1) == 1;
}

bool set_time(ASN1_TIME* field, UtcTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return ::ASN1_TIME_set(field, static_cast<time_t>(seconds)) != nullptr;
}

Result<UtcTime> time_of(const ASN1_TIME* field) {
  std::tm parts{};
  if (::ASN1_TIME_to_tm(field, &parts) != 1) return openssl_failed("a certificate holds a time that is none");
  const std::chrono::year_month_day day{std::chrono::year{parts.tm_year + 1900},
                                        std::chrono::month{static_cast<unsigned>(parts.tm_mon + 1)},
                                        std::chrono::day{static_cast<unsigned>(parts.tm_mday)}};
  return UtcTime{std::chrono::sys_days{day} + std::chrono::hours{parts.tm_hour} +
                 std::chrono::minutes{parts.tm_min} + std::chrono::seconds{parts.tm_sec}};
}

// A positive number of 159 random bits: at most 20 bytes, as RFC 5280 (4.1.2.2) asks.
bool set_serial(X509* certificate) {
  std::array<unsigned char, 20> bytes{};
  ::randombytes_buf(bytes.data(), bytes.size());
  bytes[0] = static_cast<unsigned char>((bytes[0] & 0x3fU) | 0x40U);
  OpenSslHandle<BIGNUM, BN_free> number(::BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  return number && ::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(certificate)) != nullptr;
}

std::string text_in(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

std::string address_text(const ASN1_OCTET_STRING* address) {
  const unsigned char* const bytes = ::ASN1_STRING_get0_data(address);
  const int size = ::ASN1_STRING_length(address);
  std::string text;
  if (size == 4) {
    for (int i = 0; i < 4; ++i) text += (i > 0 ? "." : "") + std::to_string(bytes[i]);
    return text;
  }
  for (int i = 0; i < size; ++i) {
    if (i > 0 && i % 2 == 0) text += ':';
    append_hex(text, bytes[i]);
  }
  return text;
}

Result<CertificateFacts> facts_of_certificate(X509* certificate) {
  CertificateFacts facts;
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  if (::X509_digest(certificate, ::EVP_sha256(), digest.data(), &size) != 1)
    return openssl_failed("the fingerprint of a certificate could not be computed");
  for (const unsigned char byte : digest) {
    if (!facts.fingerprint.empty()) facts.fingerprint += ':';
    append_hex(facts.fingerprint, byte, HexCase::upper);
  }
  const Result<UtcTime> from = time_of(::X509_get0_notBefore(certificate));
  const Result<UtcTime> to = time_of(::X509_get0_notAfter(certificate));
  if (!from || !to) return tl::make_unexpected(from ? to.error() : from.error());
  facts.valid_from = *from;
  facts.expires = *to;
  const NameList names(
      static_cast<GENERAL_NAMES*>(::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int kind = 0;
    const auto* const value = static_cast<const ASN1_STRING*>(
        ::GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind));
    if (kind == GEN_IPADD) facts.names.push_back(address_text(value));
    if (kind == GEN_DNS)
      facts.names.emplace_back(reinterpret_cast<const char*>(::ASN1_STRING_get0_data(value)),
                               static_cast<std::size_t>(::ASN1_STRING_length(value)));
  }
  return facts;
}

}  // namespace

Result<CertificateFacts> read_certificate(const std::string& pem) {
  const BioHandle bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const X509Handle certificate(bio ? ::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!certificate) {
    ::ERR_clear_error();
    return bad_input("the file of the certificate holds none; it must be one in PEM");
  }
  return facts_of_certificate(certificate.get());
}

Result<NewCertificate> make_certificate(std::span<const std::string> names, UtcTime now) {
  need_sodium();
  std::vector<std::string> all = {"localhost", "127.0.0.1", "::1"};
  for (const std::string& name : names) {
    if (const Address address(::a2i_IPADDRESS(name.c_str())); !address && !is_host_name(name))
      return bad_input("'" + name + "' is neither a host's name nor an address; correct it");
    if (std::ranges::find(all, name) == all.end()) all.push_back(name);
  }
  ::ERR_clear_error();
  const KeyHandle key(EVP_EC_gen("P-256"));
  const X509Handle certificate(::X509_new());
  const NameList list(::GENERAL_NAMES_new());
  if (!key || !certificate || !list) return openssl_failed("the server's key could not be made");
  const UtcTime from = std::chrono::floor<std::chrono::seconds>(now) - std::chrono::hours{1};
  X509_NAME* const subject = ::X509_get_subject_name(certificate.get());
  constexpr std::string_view kCommonName = "Pyrometer";
  bool good = ::X509_set_version(certificate.get(), X509_VERSION_3) == 1 && set_serial(certificate.get()) &&
              set_time(::X509_getm_notBefore(certificate.get()), from) &&
              set_time(::X509_getm_notAfter(certificate.get()), from + kValidity) &&
              ::X509_set_pubkey(certificate.get(), key.get()) == 1 &&
              ::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, data_of(kCommonName),
                                           static_cast<int>(kCommonName.size()), -1, 0) == 1 &&
              ::X509_set_issuer_name(certificate.get(), subject) == 1;
  for (const std::string& name : all) good = good && append_name(list.get(), name);
  good =
      good &&
      ::X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, list.get(), 0, X509V3_ADD_DEFAULT) == 1 &&
      add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
      add_extension(certificate.get(), NID_ext_key_usage, "serverAuth") &&
      add_extension(certificate.get(), NID_subject_key_identifier, "hash") &&
      ::X509_sign(certificate.get(), key.get(), ::EVP_sha256()) > 0;
  if (!good) return openssl_failed("the server's certificate could not be made");

  // Secure memory: OpenSSL wipes it when it goes.
  const BioHandle key_text(::BIO_new(::BIO_s_secmem())), certificate_text(::BIO_new(::BIO_s_mem()));
  if (!key_text || !certificate_text ||
      ::PEM_write_bio_PKCS8PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) !=
          1 ||
      ::PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1)
    return openssl_failed("the server's certificate could not be written down");
  Result<CertificateFacts> facts = facts_of_certificate(certificate.get());
  if (!facts) return tl::make_unexpected(std::move(facts.error()));
  return NewCertificate{SecretText{text_in(key_text.get())}, text_in(certificate_text.get()),
                        std::move(*facts)};
}

Status write_certificate(const NewCertificate& made, const std::filesystem::path& key_file,
                         const std::filesystem::path& certificate_file) {
  PrivatePart key(key_file);
  if (Status written = key.write(made.key_pem.text()); !written) return written;
  if (Status done = key.finish(); !done) return done;
  return replace_file(certificate_file, made.certificate_pem, Survives::power_cut);
}

}  // namespace pyro::security

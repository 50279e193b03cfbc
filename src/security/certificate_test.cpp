#include "pyro/security/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>

#include "pyro/base/files.hpp"

namespace pyro::security {
namespace {

using ::testing::ElementsAre;

const UtcTime kBirth{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{8} +
                     std::chrono::microseconds{250}};

struct Unpacked {
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;
  explicit Unpacked(const NewCertificate& made) {
    BIO* bio = BIO_new_mem_buf(made.certificate_pem.data(), static_cast<int>(made.certificate_pem.size()));
    certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free_all(bio);
    bio = BIO_new_mem_buf(made.key_pem.text().data(), static_cast<int>(made.key_pem.text().size()));
    key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free_all(bio);
  }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;
  ~Unpacked() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

TEST(Certificate, IsOfThisMachineAndSignedByItsOwnKey) {
  const std::vector<std::string> names = {"pyro.klinik.example", "192.0.2.7", "localhost"};
  const Result<NewCertificate> made = make_certificate(names, kBirth);
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_THAT(made->facts.names,
              ElementsAre("localhost", "127.0.0.1", "0000:0000:0000:0000:0000:0000:0000:0001",
                          "pyro.klinik.example", "192.0.2.7"));
  const UtcTime from{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{7}};
  EXPECT_EQ(made->facts.valid_from, from);
  EXPECT_EQ(made->facts.expires, from + std::chrono::days{397});
  EXPECT_EQ(made->facts.fingerprint.size(), 32U * 3 - 1);

  const Unpacked parts(*made);
  ASSERT_NE(parts.certificate, nullptr);
  ASSERT_NE(parts.key, nullptr);
  EXPECT_EQ(X509_check_private_key(parts.certificate, parts.key), 1);
  EXPECT_EQ(X509_verify(parts.certificate, parts.key), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(parts.key), 256);
  EXPECT_EQ(X509_check_host(parts.certificate, "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_host(parts.certificate, "other.example", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(parts.certificate, "::1", 0), 1);
  EXPECT_EQ(X509_check_ca(parts.certificate), 0);
  EXPECT_EQ(X509_get_extended_key_usage(parts.certificate), static_cast<std::uint32_t>(XKU_SSL_SERVER));

  const Result<CertificateFacts> read = read_certificate(made->certificate_pem);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->fingerprint, made->facts.fingerprint);
  EXPECT_EQ(read->expires, made->facts.expires);
}

TEST(Certificate, EachHasItsOwnKeyAndNumber) {
  const Result<NewCertificate> a = make_certificate({}, kBirth), b = make_certificate({}, kBirth);
  ASSERT_TRUE(a && b);
  EXPECT_NE(a->key_pem.text(), b->key_pem.text());
  const Unpacked one(*a), other(*b);
  EXPECT_NE(
      ASN1_INTEGER_cmp(X509_get0_serialNumber(one.certificate), X509_get0_serialNumber(other.certificate)),
      0);
}

TEST(Certificate, WhatIsNoNameIsRefused) {
  for (const char* name : {"", "a b", "x,DNS:evil.example", "http://x", "..", "a..b", "-x", "x."})
    EXPECT_FALSE(make_certificate(std::vector<std::string>{name}, kBirth)) << name;
  EXPECT_FALSE(read_certificate("nothing"));
}

TEST(Certificate, TheKeysFileIsItsOwnersAlone) {
  std::string folder = (std::filesystem::temp_directory_path() / "pyro-certificate-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const Result<NewCertificate> made = make_certificate({}, kBirth);
  ASSERT_TRUE(made);
  ASSERT_TRUE(write_certificate(*made, folder + "/key.pem", folder + "/certificate.pem"));
  struct stat facts {};
  ASSERT_EQ(::stat((folder + "/key.pem").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  EXPECT_EQ(*read_whole(folder + "/certificate.pem", 1 << 20), made->certificate_pem);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace pyro::security

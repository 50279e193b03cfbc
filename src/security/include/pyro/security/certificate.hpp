// The server's own certificate, for a site that has none from an authority: an ECDSA key on P-256 (FIPS
// 186-5) and a self-signed X.509 certificate (RFC 5280) for this machine. A browser asks once whether to
// trust it; the fingerprint is what to compare.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/security/secret_text.hpp"

namespace pyro::security {

struct CertificateFacts {
  std::string fingerprint;         // SHA-256 of the certificate, "AB:CD:…" as browsers show it
  UtcTime valid_from, expires;     // whole seconds
  std::vector<std::string> names;  // DNS names and addresses
};

// From its PEM text, the first in it. Error (bad_input): it holds none.
[[nodiscard]] Result<CertificateFacts> read_certificate(const std::string& pem);

struct NewCertificate {
  SecretText key_pem;
  std::string certificate_pem;
  CertificateFacts facts;
};

// For localhost, 127.0.0.1, ::1 and `names` (DNS names or addresses), from an hour before `now` (for clocks
// that are late) for 397 days, the most that browsers take; serverAuth only, no authority. Errors:
// (bad_input) a name that is none; (failed) OpenSSL.
[[nodiscard]] Result<NewCertificate> make_certificate(std::span<const std::string> names, UtcTime now);

// Key (0600) and then certificate, each whole or not at all. Errors (failed): a file cannot be written.
[[nodiscard]] Status write_certificate(const NewCertificate& made, const std::filesystem::path& key_file,
                                       const std::filesystem::path& certificate_file);

}  // namespace pyro::security

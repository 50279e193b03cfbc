// The second factor: time-based codes (RFC 6238: SHA-1, 30 s, 6 digits, which every authenticator knows), and
// recovery codes for whoever lost theirs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/security/tokens.hpp"

namespace pyro::security {

// 160 random bits, as RFC 4226 (4, R6) recommends. Kept sealed (seal.hpp). Wiped when it goes.
class TotpSecret {
 public:
  static constexpr std::size_t kBytes = 20;

  [[nodiscard]] static TotpSecret random();
  // Error (bad_input): not that many bytes.
  [[nodiscard]] static Result<TotpSecret> of_bytes(std::string_view bytes);
  TotpSecret(const TotpSecret&) = default;
  TotpSecret& operator=(const TotpSecret&) = default;
  ~TotpSecret();

  [[nodiscard]] std::string_view bytes() const;
  [[nodiscard]] std::string base32()
      const;  // 32 letters and digits, to be typed where a QR code cannot be read

 private:
  TotpSecret() = default;
  std::array<char, kBytes> bytes_{};
};

// Which half minute since 1970 it is.
[[nodiscard]] std::int64_t totp_step(UtcTime now);
// The code of a step: 6 digits.
[[nodiscard]] Result<std::string> totp_code(const TotpSecret& secret, std::int64_t step);

// The step of which `code` is the one, to be kept as last_used_step; the one now, or one before or after it
// (RFC 6238, 5.2). None: no such code, or one that is not newer than last_used_step: a code counts once.
// Blanks within are passed over. In constant time.
[[nodiscard]] std::optional<std::int64_t> verify_totp(const TotpSecret& secret, std::string_view code,
                                                      UtcTime now,
                                                      std::optional<std::int64_t> last_used_step);

// "otpauth://totp/…", what a QR code for an authenticator holds (Key Uri Format). `issuer`: the site's name,
// `account`: the user's.
[[nodiscard]] std::string totp_uri(const TotpSecret& secret, std::string_view issuer,
                                   std::string_view account);

// Any text as a QR code (ISO/IEC 18004), black on white with its quiet zone: an SVG element that scales. It
// holds the secret: show it, keep it nowhere. Error (bad_input): longer than a QR code can hold (about 2,300
// bytes).
[[nodiscard]] Result<std::string> qr_svg(std::string_view text);

struct RecoveryCodes {
  std::vector<std::string> codes;  // 10, shown once: four groups of four letters and digits, 79 bits
  std::vector<Digest> stored;      // what is kept; a used one is deleted
};
[[nodiscard]] RecoveryCodes new_recovery_codes();
// Which of those that are kept it is. Large letters, blanks and missing dashes are taken as typed. All are
// compared.
[[nodiscard]] std::optional<std::size_t> match_recovery_code(std::string_view typed,
                                                             std::span<const Digest> stored);

}  // namespace pyro::security

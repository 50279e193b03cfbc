#include "pyro/security/totp.hpp"

#include <liboath/oath.h>

#include <algorithm>
#include <memory>
#include <qrcodegen/qrcodegen.hpp>
#include <stdexcept>

#include "bytes.hpp"
#include "pyro/base/percent.hpp"

namespace pyro::security {

namespace {

constexpr std::int64_t kStepSeconds = 30;
constexpr unsigned kDigits = 6;

// As it was shown: small letters, a dash after each four.
std::string recovery_form(std::string_view typed) {
  std::string out;
  std::size_t symbols = 0;
  for (char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (symbols > 0 && symbols % 4 == 0) out += '-';
    out += c;
    ++symbols;
  }
  return out;
}

}  // namespace

TotpSecret TotpSecret::random() {
  need_sodium();
  TotpSecret secret;
  ::randombytes_buf(secret.bytes_.data(), secret.bytes_.size());
  return secret;
}

Result<TotpSecret> TotpSecret::of_bytes(std::string_view bytes) {
  if (bytes.size() != kBytes)
    return bad_input("the secret of an authenticator has another length than ours; set it up anew");
  TotpSecret secret;
  std::ranges::copy(bytes, secret.bytes_.begin());
  return secret;
}

TotpSecret::~TotpSecret() {
  ::sodium_memzero(bytes_.data(), bytes_.size());
}

std::string_view TotpSecret::bytes() const {
  return {bytes_.data(), bytes_.size()};
}

std::string TotpSecret::base32() const {
  char* out = nullptr;
  std::size_t size = 0;
  if (::oath_base32_encode(bytes_.data(), bytes_.size(), &out, &size) != OATH_OK) std::abort();  // no memory
  std::string text(out, size);
  ::sodium_memzero(out, size);
  std::free(out);
  return text;
}

std::int64_t totp_step(UtcTime now) {
  return std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() / kStepSeconds;
}

Result<std::string> totp_code(const TotpSecret& secret, std::int64_t step) {
  std::array<char, kDigits + 1> code{};
  const int done =
      ::oath_hotp_generate(secret.bytes().data(), secret.bytes().size(), static_cast<std::uint64_t>(step),
                           kDigits, false, OATH_HOTP_DYNAMIC_TRUNCATION, code.data());
  if (done != OATH_OK)
    return failed("a code could not be computed", std::string{"liboath: "} + ::oath_strerror(done));
  return std::string{code.data(), kDigits};
}

std::optional<std::int64_t> verify_totp(const TotpSecret& secret, std::string_view code, UtcTime now,
                                        std::optional<std::int64_t> last_used_step) {
  std::string digits;
  for (const char c : code) {
    if (c != ' ') digits += c;
    if (digits.size() > kDigits) return std::nullopt;
  }
  if (digits.size() != kDigits) return std::nullopt;
  std::optional<std::int64_t> found;
  for (const std::int64_t offset : {-1, 0, 1}) {
    const std::int64_t step = totp_step(now) + offset;
    const Result<std::string> right = totp_code(secret, step);
    if (!right) return std::nullopt;
    const bool same = ::sodium_memcmp(right->data(), digits.data(), kDigits) == 0;
    if (same && (!last_used_step || step > *last_used_step)) found = step;
  }
  return found;
}

std::string totp_uri(const TotpSecret& secret, std::string_view issuer, std::string_view account) {
  const std::string by = percent_encoded(issuer);
  return "otpauth://totp/" + by + ":" + percent_encoded(account) + "?secret=" + secret.base32() +
         "&issuer=" + by + "&algorithm=SHA1&digits=6&period=30";
}

Result<std::string> qr_svg(std::string_view text) {
  constexpr int kQuiet = 4;  // modules, by the standard
  try {
    const auto code =
        qrcodegen::QrCode::encodeText(std::string{text}.c_str(), qrcodegen::QrCode::Ecc::MEDIUM);
    const std::string side = std::to_string(code.getSize() + 2 * kQuiet);
    std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + side + " " + side +
                      R"(" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h)" + side + "v" + side +
                      "H0z\"/>";
    svg += R"(<path fill="#000" d=")";
    for (int y = 0; y < code.getSize(); ++y) {
      for (int x = 0; x < code.getSize(); ++x) {
        if (code.getModule(x, y))
          svg += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h1v1h-1z";
      }
    }
    return svg + "\"/></svg>";
  } catch (const std::length_error&) {
    return bad_input("the text is too long for a QR code; shorten the names of site and account");
  } catch (const std::exception& error) {
    return failed("no QR code could be made", std::string{"qrcodegen: "} + error.what());
  }
}

RecoveryCodes new_recovery_codes() {
  RecoveryCodes made;
  for (int i = 0; i < 10; ++i) {
    made.codes.push_back(random_groups(4, 4));
    made.stored.push_back(blake2b("pyro recovery 1", bytes_of(made.codes.back())));
  }
  return made;
}

std::optional<std::size_t> match_recovery_code(std::string_view typed, std::span<const Digest> stored) {
  const Digest digest = blake2b("pyro recovery 1", bytes_of(recovery_form(typed)));
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (same_digest(digest, stored[i])) found = i;
  }
  return found;
}

}  // namespace pyro::security

// Passwords: kept as Argon2id (RFC 9106) and chosen by length, not by composition (NIST SP 800-63B, 5.1.1.2).
// Every text goes through NFKC first, so that it does not matter how a keyboard composes a letter.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "pyro/base/result.hpp"

namespace pyro::security {

// RFC 9106, 4: its second recommendation has 64 MiB and 3 passes (on 4 lanes; libsodium has 1). OWASP's least
// are 19 MiB and 2 passes. Each login that runs at the same time takes this memory, so whoever calls bounds
// how many do.
struct PasswordCost {
  std::uint32_t memory_kib = 64 * 1024;  // at least 8
  std::uint32_t passes = 3;              // at least 1
};

// "$argon2id$v=19$m=65536,t=3,p=1$…", with a random salt. Errors: (bad_input) no UTF-8, or longer than any
// acceptable one; (failed) not enough memory.
[[nodiscard]] Result<std::string> hash_password(std::string_view password, const PasswordCost& cost = {});

struct PasswordCheck {
  bool right = false;
  bool rehash = false;  // right, but kept at another cost: hash it again and keep that
};
// Error (failed): not enough memory, which is no wrong password.
[[nodiscard]] Result<PasswordCheck> verify_password(std::string_view stored, std::string_view password,
                                                    const PasswordCost& cost = {});

// Takes as long as verifying a password that is kept at this cost: for users that there are not, so that the
// time does not say so. Always false.
[[nodiscard]] Result<PasswordCheck> verify_nobody(std::string_view password, const PasswordCost& cost = {});

// The passwords that everybody tries first.
class CommonPasswords {
 public:
  CommonPasswords() = default;
  // One a line.
  explicit CommonPasswords(std::string_view lines);
  // The list that setup/fetch brings (<home>/security/common-passwords.txt.gz), or another, with or without
  // gzip. Error (bad_input): missing, broken, larger than 64 MiB, or holding less than 1,000.
  [[nodiscard]] static Result<CommonPasswords> load(const std::filesystem::path& path);

  // As it is, without the digits and signs at its end, or several times in a row; large and small letters are
  // alike.
  [[nodiscard]] bool contains(std::string_view password) const;

 private:
  [[nodiscard]] bool has(std::string_view folded) const;

  std::unordered_set<std::string> words_;
};

inline constexpr std::size_t kShortestPassword = 12;  // code points, after NFKC
inline constexpr std::size_t kLongestPassword = 128;

// Whether it may be chosen. `names_of_the_user`: name, login, e-mail. Errors (bad_input), which say what to
// do and never repeat the password: no UTF-8, too short, too long, a common one, a row or repetition of
// signs, little but the user's names or this program's.
[[nodiscard]] Status acceptable_password(std::string_view password,
                                         std::span<const std::string> names_of_the_user,
                                         const CommonPasswords& common);

// Random, for the first login: "k7mqp-3xw9d-…", four groups of five, 99 bits, without signs that look alike.
[[nodiscard]] std::string one_time_password();

}  // namespace pyro::security

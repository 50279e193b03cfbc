#include "pyro/security/passwords.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cerrno>

#include "bytes.hpp"
#include "pyro/security/secret_text.hpp"

namespace pyro::security {

namespace {

constexpr std::size_t kMostPasswordBytes = 4 * kLongestPassword;

// NFKC of a text; with `folded` also without large letters. Error (bad_input): no UTF-8.
Result<std::string> composed(std::string_view text, bool folded) {
  int options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
  if (folded) options |= UTF8PROC_CASEFOLD;
  utf8proc_uint8_t* out = nullptr;
  const utf8proc_ssize_t size = ::utf8proc_map(data_of(text), static_cast<utf8proc_ssize_t>(text.size()),
                                               &out, static_cast<utf8proc_option_t>(options));
  if (size < 0) return bad_input("the text is not valid UTF-8; send it in that encoding");
  std::string result(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  ::sodium_memzero(out, static_cast<std::size_t>(size));
  std::free(out);  // it is the C library's, says utf8proc
  return result;
}

Result<std::string> password_text(std::string_view password) {
  if (password.size() > kMostPasswordBytes)
    return bad_input("a password may have at most " + std::to_string(kLongestPassword) + " characters");
  return composed(password, false);
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0U) != 0x80U ? 1 : 0;
  return count;
}

bool is_letter_byte(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit_byte(char c) {
  return c >= '0' && c <= '9';
}

// Without the digits and signs at its end.
std::string_view stem(std::string_view folded) {
  while (!folded.empty() && !is_letter_byte(folded.back())) folded.remove_suffix(1);
  return folded;
}

// The shortest piece that the text is a repetition of, the last time perhaps not to its end.
std::string_view repeated_piece(std::string_view text) {
  for (std::size_t period = 1; period < text.size(); ++period) {
    if (text.substr(period) == text.substr(0, text.size() - period)) return text.substr(0, period);
  }
  return text;
}

// How many rows like "abcd", "4321" or "xxxx" a text falls into; what is in no row counts one each.
int rows_of_signs(std::string_view text) {
  int rows = text.empty() ? 0 : 1;
  int step = 2;  // none yet
  for (std::size_t i = 1; i < text.size(); ++i) {
    const int now = text[i] - text[i - 1];
    const bool goes_on = now >= -1 && now <= 1 && (step == 2 || step == now);
    rows += goes_on ? 0 : 1;
    step = goes_on ? now : 2;
  }
  return rows;
}

// What is left of a folded password when the words of a folded name are taken out.
void take_out(std::string& password, std::string_view name) {
  std::size_t begin = 0;
  while (begin < name.size()) {
    std::size_t end = begin;
    while (end < name.size() && (is_letter_byte(name[end]) || is_digit_byte(name[end]))) ++end;
    const std::string_view word = name.substr(begin, end - begin);
    // Shorter ones are in many words by chance.
    if (word.size() >= 3) {
      for (std::size_t at = password.find(word); at != std::string::npos; at = password.find(word, at))
        password.erase(at, word.size());
    }
    begin = end + 1;
  }
}

}  // namespace

Result<std::string> hash_password(std::string_view password, const PasswordCost& cost) {
  need_sodium();
  Result<std::string> text = password_text(password);
  if (!text) return tl::make_unexpected(std::move(text.error()));
  const SecretText secret{std::move(*text)};
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (::crypto_pwhash_str_alg(out.data(), secret.text().data(), secret.text().size(), cost.passes,
                              std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return failed("a password could not be hashed: it needs " + std::to_string(cost.memory_kib) +
                  " KiB of memory; close other programs, or correct the cost in the settings");
  return std::string{out.data()};
}

Result<PasswordCheck> verify_password(std::string_view stored, std::string_view password,
                                      const PasswordCost& cost) {
  need_sodium();
  Result<std::string> text = password_text(password);
  if (!text || stored.size() >= crypto_pwhash_STRBYTES) return verify_nobody(password, cost);
  const SecretText secret{std::move(*text)};
  const std::string kept{stored};
  errno = 0;
  if (::crypto_pwhash_str_verify(kept.c_str(), secret.text().data(), secret.text().size()) != 0) {
    if (errno == ENOMEM)
      return failed("a password could not be verified: too little memory is free; try again");
    return PasswordCheck{};
  }
  const int other =
      ::crypto_pwhash_str_needs_rehash(kept.c_str(), cost.passes, std::size_t{cost.memory_kib} * 1024);
  return PasswordCheck{true, other != 0};
}

Result<PasswordCheck> verify_nobody(std::string_view password, const PasswordCost& cost) {
  need_sodium();
  const std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{};
  std::array<unsigned char, 32> out{};
  const std::string_view hashed = password.substr(0, kMostPasswordBytes);
  const int done =
      ::crypto_pwhash(out.data(), out.size(), hashed.data(), hashed.size(), salt.data(), cost.passes,
                      std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13);
  ::sodium_memzero(out.data(), out.size());
  if (done != 0) return failed("a password could not be verified: too little memory is free; try again");
  return PasswordCheck{};
}

CommonPasswords::CommonPasswords(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    std::string_view line = lines.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const Result<std::string> folded = composed(line, true); folded && !folded->empty()) {
      // Of "dragon12" also "dragon"; but not the "a" of "a123456".
      if (const std::string_view word = stem(*folded); word.size() >= 4) words_.emplace(word);
      words_.insert(*folded);
    }
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

bool CommonPasswords::has(std::string_view folded) const {
  return words_.contains(std::string{folded}) || words_.contains(std::string{stem(folded)});
}

bool CommonPasswords::contains(std::string_view password) const {
  Result<std::string> text = composed(password, true);
  if (!text) return false;
  const SecretText folded{std::move(*text)};
  return has(folded.text()) || has(repeated_piece(folded.text())) || has(repeated_piece(stem(folded.text())));
}

Status acceptable_password(std::string_view password, std::span<const std::string> names_of_the_user,
                           const CommonPasswords& common) {
  Result<std::string> text = password_text(password);
  if (!text) return tl::make_unexpected(std::move(text.error()));
  const SecretText chosen{std::move(*text)};
  const std::size_t length = code_points(chosen.text());
  if (length < kShortestPassword)
    return bad_input("the password is too short; take at least " + std::to_string(kShortestPassword) +
                     " characters, for instance four words that do not belong together");
  if (length > kLongestPassword)
    return bad_input("a password may have at most " + std::to_string(kLongestPassword) + " characters");
  if (common.contains(chosen.text()))
    return bad_input("this password is one of those that are tried first; take another");
  Result<std::string> small = composed(chosen.text(), true);
  if (!small) return tl::make_unexpected(std::move(small.error()));
  SecretText rest{std::move(*small)};
  // Any text that a person or a machine chose well falls into nearly as many rows as it has signs.
  if (rows_of_signs(rest.text()) <= 3 || repeated_piece(rest.text()).size() <= 4)
    return bad_input("the password is a row or repetition of signs; take another");
  take_out(rest.text(), "pyrometer");
  for (const std::string& name : names_of_the_user) {
    if (const Result<std::string> folded = composed(name, true); folded) take_out(rest.text(), *folded);
  }
  if (code_points(rest.text()) < 8)
    return bad_input("the password is little more than a name that anybody would try; take another");
  return {};
}

std::string one_time_password() {
  return random_groups(4, 5);
}

}  // namespace pyro::security

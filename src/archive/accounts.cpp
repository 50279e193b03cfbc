#include "pyro/archive/accounts.hpp"

#include <algorithm>

#include "pyro/base/hex.hpp"

namespace pyro::archive {
namespace {

constexpr std::string_view kAccountColumns =
    "a.id, a.name, a.display_name, a.role, a.person, a.disabled, a.must_change_password, a.has_totp, "
    "a.password, a.totp, "
    "a.totp_step, a.failures, a.last_failure_us, a.version";

std::string text_or_none(const store::Value& value) {
  return std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : std::string{};
}
std::int64_t number_or(const store::Value& value, std::int64_t otherwise) {
  return std::holds_alternative<std::int64_t>(value) ? std::get<std::int64_t>(value) : otherwise;
}

Result<AccountRecord> account_of_row(const store::Row& row) {
  AccountRecord out;
  out.id = std::get<std::string>(row[0]);
  out.name = std::get<std::string>(row[1]);
  out.display_name = text_or_none(row[2]);
  const auto role = security::role_named(text_or_none(row[3]));
  if (!role) return failed("the database has a role that this program does not know; a newer one wrote it");
  out.role = *role;
  if (std::holds_alternative<std::string>(row[4])) out.person = std::get<std::string>(row[4]);
  out.disabled = number_or(row[5], 1) != 0;
  out.must_change_password = number_or(row[6], 0) != 0;
  out.has_totp = number_or(row[7], 0) != 0;
  out.password = text_or_none(row[8]);
  if (std::holds_alternative<store::Blob>(row[9])) out.totp = std::get<store::Blob>(row[9]).bytes;
  out.totp_step = number_or(row[10], -1);
  out.failures = {static_cast<int>(number_or(row[11], 0)), time_of_us(number_or(row[12], 0))};
  out.version = number_or(row[13], 1);
  return out;
}

Result<std::optional<AccountRecord>> one_account(store::Connection& in, const std::string& where,
                                                 std::string_view value) {
  const Result<store::Rows> rows = in.query(
      "SELECT " + std::string{kAccountColumns} + " FROM account a WHERE " + where, std::string{value});
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  Result<AccountRecord> account = account_of_row(rows->front());
  if (!account) return tl::make_unexpected(account.error());
  return std::move(*account);
}

Status done(const Result<std::int64_t>& changed) {
  if (!changed) return tl::make_unexpected(changed.error());
  return {};
}

}  // namespace

Result<std::optional<AccountRecord>> account_named(store::Connection& in, std::string_view name) {
  return one_account(in, "a.name = $1", name);
}
Result<std::optional<AccountRecord>> account_of(store::Connection& in, std::string_view id) {
  return one_account(in, "a.id = $1", id);
}

Status keep_failures(store::Connection& in, std::string_view account, const security::Failures& failures) {
  return done(in.change("UPDATE account SET failures = $2, last_failure_us = $3 WHERE id = $1",
                        std::string{account}, std::int64_t{failures.count}, us_of(failures.last)));
}

Status keep_password(store::Connection& in, std::string_view account, const std::string& hash,
                     bool must_change, UtcTime now) {
  if (Status kept = done(in.change("UPDATE account SET password = $2, must_change_password = $3, failures = "
                                   "0, version = version + 1, updated_us = $4 WHERE id = $1",
                                   std::string{account}, hash, std::int64_t{must_change}, us_of(now)));
      !kept)
    return kept;
  return end_logins_of(in, account);
}

Status keep_totp(store::Connection& in, std::string_view account, const std::optional<std::string>& sealed,
                 bool in_use, std::int64_t step, UtcTime now) {
  const store::Value secret = sealed ? store::Value{store::Blob{*sealed}} : store::Value{};
  return done(
      in.change("UPDATE account SET totp = $2, has_totp = $3, totp_step = $4, version = version + 1, "
                "updated_us = $5 WHERE id = $1",
                std::string{account}, secret, std::int64_t{in_use}, step, us_of(now)));
}

std::string hex_of(const security::Digest& digest) {
  return hex_text(digest);
}

Status begin_login(store::Connection& in, std::string_view hash, std::string_view account, UtcTime now,
                   UtcTime expires) {
  return done(
      in.change("INSERT INTO login (hash, account, created_us, seen_us, expires_us, totp_passed) VALUES ($1, "
                "$2, $3, $3, $4, 1)",
                std::string{hash}, std::string{account}, us_of(now), us_of(expires)));
}

Result<std::optional<Login>> login_of(store::Connection& in, std::string_view hash, UtcTime now) {
  const Result<store::Rows> rows =
      in.query("SELECT " + std::string{kAccountColumns} +
                   ", l.created_us, l.seen_us, l.expires_us FROM login l JOIN account a ON a.id = l.account "
                   "WHERE l.hash = $1 AND l.expires_us > $2 AND a.disabled = 0",
               std::string{hash}, us_of(now));
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  const store::Row& row = rows->front();
  Result<AccountRecord> account = account_of_row(row);
  if (!account) return tl::make_unexpected(account.error());
  return Login{std::move(*account), time_of_us(number_or(row[14], 0)), time_of_us(number_or(row[15], 0)),
               time_of_us(number_or(row[16], 0))};
}

Status end_login(store::Connection& in, std::string_view hash) {
  return done(in.change("DELETE FROM login WHERE hash = $1", std::string{hash}));
}
Status end_logins_of(store::Connection& in, std::string_view account) {
  return done(in.change("DELETE FROM login WHERE account = $1", std::string{account}));
}

Result<std::optional<TokenRecord>> token_of(store::Connection& in, std::string_view hash, UtcTime now) {
  const Result<store::Rows> rows = in.query(
      "SELECT " + std::string{kAccountColumns} +
          ", t.id, t.scopes FROM api_token t JOIN account a ON a.id = t.account WHERE t.hash = $1 AND "
          "t.revoked_us IS NULL AND (t.expires_us IS NULL OR t.expires_us > $2) AND a.disabled = 0",
      std::string{hash}, us_of(now));
  if (!rows) return tl::make_unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  const store::Row& row = rows->front();
  Result<AccountRecord> account = account_of_row(row);
  if (!account) return tl::make_unexpected(account.error());
  TokenRecord out{text_or_none(row[14]), std::move(*account), {}};
  for (const Json& name : Json::parse(text_or_none(row[15]), nullptr, false)) {
    if (const auto scope = security::token_scope_named(name.is_string() ? name.get<std::string>() : ""))
      out.scopes = out.scopes.with(*scope);
  }
  return out;
}

}  // namespace pyro::archive

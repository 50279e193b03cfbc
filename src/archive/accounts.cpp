#include "pyro/archive/accounts.hpp"

#include <algorithm>

#include "digest_value.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/archive/simulated.hpp"
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

// The record is the participant's own to fill in; until then it has a number for a name.
Result<std::string> own_record(store::Connection& in, UtcTime now) {
  std::string id = new_id(now);
  const Result<Json> person = insert(in, kPerson, {{"id", id}, {"pseudonym", "P-" + id.substr(24)}}, now);
  if (!person) return tl::make_unexpected(person.error());
  return id;
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

Result<Json> make_account(store::Connection& in, Json fields, UtcTime now) {
  if (fields.at("role") == "participant" && !fields.contains("person")) {
    const Result<std::string> person = own_record(in, now);
    if (!person) return tl::make_unexpected(person.error());
    fields["person"] = *person;
  }
  // Whoever acts for a simulated person belongs to the demo.
  if (!fields.contains("simulated") && fields.contains("person")) {
    const Result<bool> simulated = is_simulated(in, kPerson, fields["person"].get<std::string>());
    if (!simulated) return tl::make_unexpected(simulated.error());
    fields["simulated"] = *simulated;
  }
  fields.update({{"disabled", false}, {"has_totp", false}, {"failures", 0}});
  return insert(in, kAccount, fields, now);
}

Result<std::optional<AccountRecord>> account_of_subject(store::Connection& in, std::string_view subject) {
  return one_account(in, "a.oidc_subject = $1", subject);
}

Result<std::optional<AccountRecord>> account_to_link(store::Connection& in, std::string_view email) {
  return one_account(in,
                     "lower(a.name) = $1 AND a.oidc_subject IS NULL AND a.disabled = 0 AND a.role NOT IN "
                     "('administrator', 'device') AND NOT EXISTS (SELECT 1 FROM account b WHERE "
                     "lower(b.name) = $1 AND b.id <> a.id)",
                     email);
}

Status keep_subject(store::Connection& in, std::string_view account, std::string_view subject, UtcTime now) {
  return done(
      in.change("UPDATE account SET oidc_subject = $2, version = version + 1, updated_us = $3 WHERE id = $1",
                std::string{account}, std::string{subject}, us_of(now)));
}

Status keep_role(store::Connection& in, std::string_view account, security::Role role, UtcTime now) {
  if (Status kept =
          done(in.change("UPDATE account SET role = $2, version = version + 1, updated_us = $3 WHERE id = $1",
                         std::string{account}, std::string{security::role_name(role)}, us_of(now)));
      !kept)
    return kept;
  if (role == security::Role::participant) {
    const Result<std::string> person = own_record(in, now);
    if (!person) return tl::make_unexpected(person.error());
    const auto joined = in.change("UPDATE account SET person = $2 WHERE id = $1 AND person IS NULL",
                                  std::string{account}, *person);
    if (!joined) return tl::make_unexpected(joined.error());
    // One was joined already.
    if (*joined == 0) {
      if (const auto gone = remove(in, kPerson, *person); !gone) return tl::make_unexpected(gone.error());
    }
  }
  return done(end_logins_of(in, account));
}

Status forget_one_time_password(store::Connection& in, std::string_view account, UtcTime now) {
  return done(
      in.change("UPDATE account SET password = '', must_change_password = 0, version = version + 1, "
                "updated_us = $2 WHERE id = $1 AND must_change_password = 1",
                std::string{account}, us_of(now)));
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
  return done(end_logins_of(in, account));
}

Status keep_totp(store::Connection& in, std::string_view account, const std::optional<std::string>& sealed,
                 bool in_use, std::int64_t step, UtcTime now) {
  if (!in_use) {
    if (Status gone = keep_recovery_codes(in, account, {}); !gone) return gone;
  }
  const store::Value secret = sealed ? store::Value{store::Blob{*sealed}} : store::Value{};
  return done(
      in.change("UPDATE account SET totp = $2, has_totp = $3, totp_step = $4, version = version + 1, "
                "updated_us = $5 WHERE id = $1",
                std::string{account}, secret, std::int64_t{in_use}, step, us_of(now)));
}

Status keep_recovery_codes(store::Connection& in, std::string_view account,
                           const std::vector<security::Digest>& codes) {
  if (Status gone = done(in.change("DELETE FROM recovery_code WHERE account = $1", std::string{account}));
      !gone)
    return gone;
  for (const security::Digest& code : codes) {
    if (Status kept = done(in.change("INSERT INTO recovery_code (account, hash) VALUES ($1, $2)",
                                     std::string{account}, blob_of(code)));
        !kept)
      return kept;
  }
  return {};
}

Result<std::vector<security::Digest>> recovery_codes_of(store::Connection& in, std::string_view account) {
  const Result<store::Rows> rows =
      in.query("SELECT hash FROM recovery_code WHERE account = $1", std::string{account});
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<security::Digest> out;
  for (const store::Row& row : *rows) out.push_back(digest_of(row[0]));
  return out;
}

Result<bool> use_recovery_code(store::Connection& in, std::string_view account,
                               const security::Digest& code) {
  const Result<std::int64_t> used = in.change("DELETE FROM recovery_code WHERE account = $1 AND hash = $2",
                                              std::string{account}, blob_of(code));
  if (!used) return tl::make_unexpected(used.error());
  return *used > 0;
}

std::string hex_of(const security::Digest& digest) {
  return hex_text(digest);
}

Status begin_login(store::Connection& in, std::string_view hash, std::string_view account,
                   std::string_view client, UtcTime now, UtcTime expires) {
  // Those that are over are of no use to anybody.
  if (Status gone = done(in.change("DELETE FROM login WHERE account = $1 AND expires_us <= $2",
                                   std::string{account}, us_of(now)));
      !gone)
    return gone;
  return done(in.change(
      "INSERT INTO login (hash, id, account, client, created_us, seen_us, expires_us) "
      "VALUES ($1, $2, $3, $4, $5, $5, $6)",
      std::string{hash}, new_id(now), std::string{account}, std::string{client}, us_of(now), us_of(expires)));
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
Status keep_seen(store::Connection& in, std::string_view hash, UtcTime now) {
  return done(in.change("UPDATE login SET seen_us = $2 WHERE hash = $1", std::string{hash}, us_of(now)));
}
Result<std::int64_t> end_logins_of(store::Connection& in, std::string_view account,
                                   std::string_view but_hash) {
  return in.change("DELETE FROM login WHERE account = $1 AND hash <> $2", std::string{account},
                   std::string{but_hash});
}

Result<std::vector<LoginRow>> logins_of(store::Connection& in, std::string_view account, UtcTime now) {
  const Result<store::Rows> rows = in.query(
      "SELECT id, hash, client, created_us, seen_us, expires_us FROM login WHERE account = $1 AND "
      "expires_us > $2 ORDER BY created_us DESC, id DESC",
      std::string{account}, us_of(now));
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<LoginRow> out;
  for (const store::Row& row : *rows)
    out.push_back({text_or_none(row[0]), text_or_none(row[1]), text_or_none(row[2]),
                   time_of_us(number_or(row[3], 0)), time_of_us(number_or(row[4], 0)),
                   time_of_us(number_or(row[5], 0))});
  return out;
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

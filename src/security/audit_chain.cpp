#include "pyro/security/audit_chain.hpp"

#include <algorithm>
#include <charconv>

#include "bytes.hpp"
#include "pyro/base/hex.hpp"

namespace pyro::security {

namespace {

void put_number(std::string& out, std::int64_t value) {
  auto rest = static_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i, rest >>= 8U) out += static_cast<char>(rest & 0xffU);
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, static_cast<std::int64_t>(text.size()));
  out += text;
}

}  // namespace

Digest audit_hash(const AuditEntry& entry, AuditKey key) {
  std::string out = "1";
  put_number(out, entry.number);
  put_number(out, entry.at.time_since_epoch().count());
  for (const std::string* text : {&entry.actor, &entry.role, &entry.action, &entry.resource, &entry.subject,
                                  &entry.outcome, &entry.request_id, &entry.detail})
    put_text(out, *text);
  out.append(entry.previous.begin(), entry.previous.end());
  return blake2b("pyro audit 1", bytes_of(out), key);
}

AuditEntry next_entry(const AuditEntry* last, AuditEntry what, AuditKey key) {
  what.number = last == nullptr ? 1 : last->number + 1;
  what.previous = last == nullptr ? Digest{} : last->hash;
  what.hash = audit_hash(what, key);
  return what;
}

AuditAnchor anchor_of(const AuditEntry& entry) {
  return {entry.number, entry.hash};
}

std::string anchor_text(const AuditAnchor& anchor) {
  return std::to_string(anchor.number) + ":" + hex_text(anchor.hash);
}

Result<AuditAnchor> anchor_of(std::string_view text) {
  AuditAnchor anchor;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [colon, error] = std::from_chars(begin, end, anchor.number);
  const bool numbered = error == std::errc{} && colon != end && *colon == ':' && anchor.number >= 0;
  std::size_t bytes = 0;
  if (!numbered || end - colon - 1 != 2 * std::ptrdiff_t{sizeof(Digest)} ||
      ::sodium_hex2bin(anchor.hash.data(), anchor.hash.size(), colon + 1, 2 * sizeof(Digest), nullptr, &bytes,
                       nullptr) != 0 ||
      bytes != sizeof(Digest))
    return bad_input("an anchor of the audit log is a number, a colon and 64 hex digits; copy all of it");
  return anchor;
}

AuditVerifier::AuditVerifier(AuditKey key, std::optional<AuditAnchor> kept, AuditAnchor after)
    : key_{}, kept_(kept), last_(after) {
  std::ranges::copy(key, key_.begin());
}

AuditVerifier::~AuditVerifier() {
  ::sodium_memzero(key_.data(), key_.size());
}

Status AuditVerifier::found(std::string message) {
  fault_ = Error{ErrorCode::bad_input, "audit log: " + std::move(message), {}};
  return tl::make_unexpected(*fault_);
}

Status AuditVerifier::take(const AuditEntry& entry) {
  if (fault_) return tl::make_unexpected(*fault_);
  const std::string expected = std::to_string(last_.number + 1);
  const std::string number = std::to_string(entry.number);
  if (entry.number != last_.number + 1) {
    // A number that nobody wrote would else be taken for a hole before it.
    if (!same_digest(audit_hash(entry, key_), entry.hash))
      return found("where entry " + expected + " should stand is one that was altered (number " + number +
                   ")");
    if (entry.number > last_.number)
      return found("entry " + expected + " is missing from its place; " + number + " stands there");
    return found("entry " + number + " stands again, or too late, where " + expected + " should");
  }
  if (!same_digest(audit_hash(entry, key_), entry.hash))
    return found("entry " + number + " was altered, or the key is another's");
  if (!same_digest(entry.previous, last_.hash))
    return found("entry " + number +
                 " does not follow the one before it, which is not the one that was written");
  if (kept_ && kept_->number == entry.number && !same_digest(kept_->hash, entry.hash))
    return found("entry " + number + " is not the one whose anchor was kept; the log was written anew");
  last_ = anchor_of(entry);
  return {};
}

Result<AuditAnchor> AuditVerifier::finish() const {
  if (fault_) return tl::make_unexpected(*fault_);
  if (kept_ && kept_->number > last_.number)
    return bad_input("audit log: entry " + std::to_string(last_.number + 1) +
                     " and those after it, up to the kept anchor " + std::to_string(kept_->number) +
                     " at least, are missing: the end was cut off");
  return last_;
}

Result<AuditAnchor> verify_audit(std::span<const AuditEntry> entries, AuditKey key,
                                 std::optional<AuditAnchor> kept) {
  AuditVerifier verifier(key, kept);
  for (const AuditEntry& entry : entries) {
    if (Status taken = verifier.take(entry); !taken) break;
  }
  return verifier.finish();
}

}  // namespace pyro::security

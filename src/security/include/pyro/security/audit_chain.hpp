// The audit log: append-only, each entry holds the hash of the one before. Whoever changes, drops, inserts or
// reorders entries without the key is found out by verify; whoever cuts off the end, by an anchor that is
// kept elsewhere (on another machine, on paper). Who has the key can write a new chain, which again only an
// anchor shows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/security/tokens.hpp"

namespace pyro::security {

// No scores, names or texts of people in it: ids.
struct AuditEntry {
  std::int64_t number = 0;  // from 1
  UtcTime at;               // as the clock was; it may go back
  std::string actor;        // the user's id, or "system"
  std::string role;
  std::string action;    // access.hpp's names, or a word of the server's ("login")
  std::string resource;  // what it was done to
  std::string subject;   // the person's id
  std::string outcome;   // "allowed", or the reason of the refusal
  std::string request_id;
  std::string detail;
  Digest previous{};  // the hash of the entry before; the first's is zeros
  Digest hash{};
};

using AuditKey = std::span<const std::uint8_t, 32>;

// BLAKE2b-256 (RFC 7693), keyed, over all fields but `hash`: numbers as 8 bytes, little-endian, texts with
// their length in front of them, so that no two entries have the same encoding; "1" for the encoding's
// version goes in first.
[[nodiscard]] Digest audit_hash(const AuditEntry& entry, AuditKey key);

// `what` with its number, previous and hash; `last` is null for the first.
[[nodiscard]] AuditEntry next_entry(const AuditEntry* last, AuditEntry what, AuditKey key);

// A place in the chain, kept elsewhere.
struct AuditAnchor {
  std::int64_t number = 0;
  Digest hash{};
};
[[nodiscard]] AuditAnchor anchor_of(const AuditEntry& entry);
[[nodiscard]] std::string anchor_text(const AuditAnchor& anchor);  // "1042:" and 64 hex digits
[[nodiscard]] Result<AuditAnchor> anchor_of(std::string_view text);

// Takes a log entry by entry, so that one of any length can be verified in little memory.
class AuditVerifier {
 public:
  // `kept`: an anchor that must lie on the chain. `after`: where this log begins, if what came before was
  // archived.
  explicit AuditVerifier(AuditKey key, std::optional<AuditAnchor> kept = std::nullopt,
                         AuditAnchor after = {});
  ~AuditVerifier();
  AuditVerifier(const AuditVerifier&) = delete;
  AuditVerifier& operator=(const AuditVerifier&) = delete;

  // Error (bad_input): the first entry that is missing, altered, or not in its place, by its number. It
  // stays: after one, take() and finish() go on giving it.
  [[nodiscard]] Status take(const AuditEntry& entry);
  // After the last: where the chain ends, to be kept as an anchor. Error (bad_input): the kept anchor lies
  // behind that end.
  [[nodiscard]] Result<AuditAnchor> finish() const;

 private:
  Status found(std::string message);

  Digest key_;
  std::optional<AuditAnchor> kept_;
  AuditAnchor last_;
  std::optional<Error> fault_;
};

// The same of a log that is at hand.
[[nodiscard]] Result<AuditAnchor> verify_audit(std::span<const AuditEntry> entries, AuditKey key,
                                               std::optional<AuditAnchor> kept = std::nullopt);

}  // namespace pyro::security

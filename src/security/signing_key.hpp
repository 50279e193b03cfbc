// A provider's public key (JSON Web Key, RFC 7517) and what it signed (RFC 7518, 3.3 and 3.4).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace pyro::security {

enum class SigningKind : std::uint8_t { rs256, es256 };

// RFC 4648, 5, without padding; nothing else.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

// Whether a key of the set may sign that way: kind, curve, use.
[[nodiscard]] bool may_sign(const nlohmann::json& key, SigningKind kind);
// RSA of at least 2048 bits, P-256; false as well for keys that are none.
[[nodiscard]] bool signature_holds(const nlohmann::json& key, SigningKind kind, std::string_view signed_text,
                                   std::string_view signature);

}  // namespace pyro::security

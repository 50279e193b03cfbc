// Long texts for a validator that matches patterns by std::regex, which goes a level deeper with each
// character: some 20,000 of them are the end of a thread's stack, and of the server.
//
// What is long is measured against a schema without patterns, and shown to the whole schema piece by piece:
// patterns of long texts say which characters there may be, and so hold piece by piece or not at all.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "pyro/base/json_texts.hpp"

namespace pyro::serve {

// Bytes. Longer than all that has a pattern of another kind.
inline constexpr std::size_t kPieceBytes = 2400;

// The value with the piece-th part of each text, the last one where there are fewer; names as they are.
[[nodiscard]] nlohmann::json with_pieces(const nlohmann::json& value, std::size_t piece);
[[nodiscard]] nlohmann::json without_patterns(const nlohmann::json& schema);

}  // namespace pyro::serve

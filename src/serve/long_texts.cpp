#include "long_texts.hpp"

#include <algorithm>

namespace pyro::serve {
namespace {

// Where the piece begins: not within a letter of UTF-8.
std::size_t piece_begin(const std::string& text, std::size_t piece) {
  std::size_t at = std::min(piece * kPieceBytes, text.size());
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

}  // namespace

nlohmann::json with_pieces(const nlohmann::json& value, std::size_t piece) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    const std::size_t last = text.empty() ? 0 : (text.size() - 1) / kPieceBytes;
    const std::size_t begin = piece_begin(text, std::min(piece, last));
    return text.substr(begin, piece_begin(text, std::min(piece, last) + 1) - begin);
  }
  nlohmann::json out = value;
  if (value.is_structured()) {
    for (nlohmann::json& one : out) one = with_pieces(one, piece);
  }
  return out;
}

nlohmann::json without_patterns(const nlohmann::json& schema) {
  nlohmann::json out = schema;
  if (!schema.is_structured()) return out;
  // A property of that name would be a schema, no text.
  if (out.is_object() && out.contains("pattern") && out["pattern"].is_string()) out.erase("pattern");
  for (nlohmann::json& one : out) one = without_patterns(one);
  return out;
}

}  // namespace pyro::serve

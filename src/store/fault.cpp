#include "fault.hpp"

#include <cmath>

namespace pyro::store {
namespace {

constexpr std::string_view kMark = "SQLSTATE ";

// Well-formed UTF-8 (RFC 3629) without NUL.
bool is_text(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead == 0) return false;
    const std::size_t more = lead < 0x80   ? 0
                             : lead < 0xC2 ? 4
                             : lead < 0xE0 ? 1
                             : lead < 0xF0 ? 2
                             : lead < 0xF5 ? 3
                                           : 4;
    if (more == 4 || text.size() - i <= more) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return false;
      // Longer than needed, a surrogate, or past U+10FFFF.
      if (k == 1 && ((lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) ||
                     (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F)))
        return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace

Error sql_error(std::string_view state, std::string message, std::string_view detail) {
  std::string context{kMark};
  context += state;
  if (!detail.empty()) {
    context += ": ";
    context += detail;
  }
  const ErrorCode code = state == "22021" || state == "22003" ? ErrorCode::bad_input : ErrorCode::failed;
  return {code, std::move(message), std::move(context)};
}

std::string way_out(std::string_view state) {
  if (state == "23505") return "a row with this key exists already";
  if (state == "23503") return "a row that is referred to does not exist, or is still referred to";
  if (state.starts_with("23")) return "a constraint refuses this row";
  if (state.starts_with("40")) return "others changed the same rows again and again; try again later";
  if (state == "55P03") return "the database is locked by somebody else; try again later";
  if (state == "53100") return "no space left for the database; free some and try again";
  if (state == "53200") return "out of memory in the database";
  if (state.starts_with("08") || state.starts_with("57P") || state.starts_with("53"))
    return "the database server cannot be reached or takes nobody more; try again later";
  if (state == "58030") return "the disk of the database fails; look at the system's log";
  if (state == "XX001") return "the database is damaged; bring back a backup";
  if (state == "25006") return "a read may not change the database";
  if (state.starts_with("28")) return "the database server refuses this user or password";
  if (state.starts_with("3D")) return "the server has no such database; create it first";
  return "the database refuses this statement";
}

std::string_view sqlstate_of(const Error& error) {
  const std::string_view context = error.context;
  if (!context.starts_with(kMark) || context.size() < kMark.size() + 5) return {};
  return context.substr(kMark.size(), 5);
}

Fault fault_of(const Error& error) {
  const std::string_view state = sqlstate_of(error);
  if (state.empty()) return Fault::none;
  if (state == "23505") return Fault::conflict;
  if (state == "23503") return Fault::missing;
  if (state.starts_with("23")) return Fault::refused;
  if (state == "08007" || state == "40003") return Fault::unknown;
  // Serialization failures and deadlocks come out only when patience with them has ended.
  for (const std::string_view later : {"55P03", "40001", "40P01", "57014"}) {
    if (state == later) return Fault::unavailable;
  }
  if (state == "08P01") return Fault::broken;
  for (const std::string_view later : {"08", "53", "57P"}) {
    if (state.starts_with(later)) return Fault::unavailable;
  }
  return Fault::broken;
}

Status storable(std::span<const Value> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (const auto* text = std::get_if<std::string>(&values[i]); text != nullptr && !is_text(*text)) {
      return tl::make_unexpected(sql_error(
          "22021",
          "value " + std::to_string(i + 1) + " holds a NUL or bytes that are no UTF-8; store it as bytes"));
    }
    if (const auto* number = std::get_if<double>(&values[i]); number != nullptr && std::isnan(*number)) {
      return tl::make_unexpected(
          sql_error("22003", "value " + std::to_string(i + 1) + " is not a number; store NULL instead"));
    }
  }
  return {};
}

}  // namespace pyro::store

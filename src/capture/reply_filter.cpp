#include "reply_filter.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace pyro::capture {
namespace {

constexpr std::size_t kMostHead = 16U << 10U, kMostLine = 2000;
constexpr std::uint64_t kMostBody = 1 << 20;  // of an answer by RTSP: a description

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool same_word(std::string_view text, std::string_view lower_case) {
  return std::ranges::equal(text, lower_case, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// "RTSP/1.0 200 OK" → 200, written as everybody reads it.
std::optional<int> status_of(std::string_view line) {
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos || line.size() < blank + 4) return std::nullopt;
  int status = 0;
  const char* begin = line.data() + blank + 1;
  const auto [end, error] = std::from_chars(begin, begin + 3, status);
  if (error != std::errc{} || end != begin + 3 || status < 100) return std::nullopt;
  if (line.size() > blank + 4 && line[blank + 4] != ' ') return std::nullopt;
  return status;
}

// "OPTIONS rtsp://camera/ RTSP/1.0": what a camera may ask by RTSP (RFC 2326, 6.1). Its methods are words of
// capitals and "_", so that no answer of any protocol passes for a question.
bool is_question(std::string_view line) {
  const std::string_view method = line.substr(0, line.find(' '));
  return line.ends_with(" RTSP/1.0") && !method.empty() &&
         std::ranges::all_of(method, [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
}

}  // namespace

bool ReplyFilter::take_head() {
  const std::string_view scheme = protocol_ == Protocol::rtsp ? "RTSP/" : "HTTP/";
  std::string_view left = head_;
  bool first = true, has_length = false;
  while (!left.empty()) {
    const std::size_t end = left.find('\n');
    std::string_view line = left.substr(0, end);
    left.remove_prefix(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() > kMostLine || std::ranges::any_of(line, [](char c) {
          return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == '\x7f';
        }))
      return false;
    if (first) {
      first = false;
      if (!line.starts_with(scheme)) {
        if (protocol_ == Protocol::http || !is_question(line)) return false;
        continue;  // libav declines
      }
      const auto status = status_of(line);
      if (!status || *status < 200 || (*status >= 300 && *status < 400)) return false;
      continue;
    }
    if (line.starts_with('$')) return false;
    const std::size_t colon = line.find(':');
    if (protocol_ == Protocol::http || colon == std::string_view::npos ||
        !same_word(without_blanks(line.substr(0, colon)), "content-length"))
      continue;
    const std::string_view value = without_blanks(line.substr(colon + 1));
    const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), rest_);
    if (has_length || error != std::errc{} || stop != value.data() + value.size() || rest_ > kMostBody)
      return false;
    has_length = true;
  }
  everything_ = protocol_ == Protocol::http;
  return true;
}

bool ReplyFilter::pass(std::string_view bytes, std::string& out) {
  while (!bytes.empty() && !refused_) {
    if (everything_) {
      out += bytes;
      return true;
    }
    if (rest_ > 0) {
      const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(rest_, bytes.size()));
      out += bytes.substr(0, count);
      bytes.remove_prefix(count);
      rest_ -= count;
      continue;
    }
    head_ += bytes.front();
    bytes.remove_prefix(1);
    // A data frame: "$", channel, length (RFC 2326, 10.12).
    if (protocol_ == Protocol::rtsp && head_.front() == '$') {
      if (head_.size() < 4) continue;
      const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head_[at]); };
      rest_ = static_cast<std::uint64_t>(byte(2)) << 8 | byte(3);
      out += head_;
      head_.clear();
      continue;
    }
    const bool whole = head_.ends_with("\n\n") || head_.ends_with("\n\r\n");
    if (!whole && head_.size() < kMostHead) continue;
    refused_ = !whole || !take_head();
    if (!refused_) out += head_;
    head_.clear();
  }
  return !refused_;
}

}  // namespace pyro::capture

#include "pages.hpp"

#include <sodium.h>
#include <zlib.h>

#include <array>
#include <cstring>
#include <nlohmann/json.hpp>

namespace pyro::serve {
namespace {

constexpr std::string_view kStartPage = "/index.html";
constexpr std::string_view kNonce = "%%NONCE%%";  // stands in web/index.html

Result<std::string> unpacked(std::span<const char> packed) {
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzip) != Z_OK) return failed("the pages cannot be unpacked");
  std::string out;
  std::array<char, 65536> room{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib reads it only
  stream.avail_in = static_cast<uInt>(packed.size());
  int state = Z_OK;
  while (state == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(room.data());
    stream.avail_out = room.size();
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(room.data(), room.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END) return failed("the pages in this program are damaged: build it again");
  return out;
}

std::string new_nonce() {
  std::array<unsigned char, 18> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::array<char, sodium_base64_ENCODED_LEN(18, sodium_base64_VARIANT_ORIGINAL)> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  return text.data();
}

// Scripts and style sheets of our own alone; styles that a script sets on an element are allowed, for charts
// place their labels so. The camera is for our own pages.
void guard(Response& out, const std::string& nonce) {
  out.headers.emplace_back(
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce +
          "'; style-src-attr 'unsafe-inline'; img-src 'self' blob: data:; media-src 'self' blob:; font-src "
          "'self'; "
          "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
          "frame-ancestors 'none'");
  out.headers.emplace_back(
      "permissions-policy",
      "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), screen-wake-lock=(self)");
  out.headers.emplace_back("cross-origin-opener-policy", "same-origin");
  out.headers.emplace_back("cross-origin-resource-policy", "same-origin");
}

}  // namespace

Result<Pages> Pages::of(std::span<const char> pack) {
  Pages out;
  if (pack.empty()) return out;
  std::uint64_t head = 0;
  if (pack.size() < sizeof head) return failed("the pages in this program are damaged: build it again");
  std::memcpy(&head, pack.data(), sizeof head);
  if (head > pack.size() - sizeof head)
    return failed("the pages in this program are damaged: build it again");
  const auto list =
      nlohmann::json::parse(pack.data() + sizeof head, pack.data() + sizeof head + head, nullptr, false);
  const std::span<const char> bytes = pack.subspan(sizeof head + head);
  if (!list.is_array()) return failed("the pages in this program are damaged: build it again");
  for (const auto& each : list) {
    const std::size_t at = each.at("at"), size = each.at("size");
    if (at > bytes.size() || size > bytes.size() - at)
      return failed("the pages in this program are damaged: build it again");
    out.files_[each.at("path")] = {each.at("type"), '"' + each.at("etag").get<std::string>() + '"',
                                   bytes.subspan(at, size), each.at("lasting")};
  }
  const auto start = out.files_.find(kStartPage);
  if (start == out.files_.end())
    return failed("the pages in this program have no " + std::string{kStartPage});
  Result<std::string> text = unpacked(start->second.packed);
  if (!text) return tl::make_unexpected(text.error());
  if (text->find(kNonce) == std::string::npos) return failed("the start page has no place for its nonce");
  out.start_page_ = std::move(*text);
  out.files_.erase(start);
  return out;
}

Response Pages::start_page() const {
  Response out;
  const std::string nonce = new_nonce();
  out.body = start_page_;
  out.body.replace(out.body.find(kNonce), kNonce.size(), nonce);
  out.headers.emplace_back("content-type", "text/html; charset=utf-8");
  out.headers.emplace_back("cache-control", "no-store");  // its nonce is for once
  guard(out, nonce);
  return out;
}

std::optional<Response> Pages::get(const Request& request) const {
  if (start_page_.empty() || request.method != "GET" || request.path.starts_with("/api/"))
    return std::nullopt;
  const auto found = files_.find(request.path);
  if (found == files_.end()) {
    // Addresses of the app are words and ids: dots, escapes and the like name files, and there is none.
    constexpr std::string_view kWords = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-@.";
    if (request.path.find_first_not_of(kWords) != std::string::npos ||
        request.path.find("..") != std::string::npos || request.path.starts_with("//"))
      return std::nullopt;
    const std::size_t name = request.path.rfind('/') + 1;
    if (request.path.find('.', name) != std::string::npos && request.path != kStartPage) return std::nullopt;
    return start_page();
  }
  const File& file = found->second;
  Response out;
  out.headers.emplace_back("etag", file.etag);
  out.headers.emplace_back("cache-control",
                           file.lasting ? "public, max-age=31536000, immutable" : "no-cache");
  out.headers.emplace_back("vary", "accept-encoding");
  if (request.header("if-none-match") == file.etag) {
    out.status = 304;
    return out;
  }
  out.headers.emplace_back("content-type", file.type);
  guard(out, new_nonce());
  if (request.header("accept-encoding").find("gzip") != std::string_view::npos) {
    out.headers.emplace_back("content-encoding", "gzip");
    out.body.assign(file.packed.begin(), file.packed.end());
  } else if (Result<std::string> plain = unpacked(file.packed); plain) {
    out.body = std::move(*plain);
  } else {
    return std::nullopt;
  }
  return out;
}

}  // namespace pyro::serve

#include "answer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace pyro::client {
namespace {

// None of ours is as deep; what is deeper would be too much for whoever writes it out again.
constexpr int kDeepest = 64;

std::optional<Json> parsed(const std::string& text) {
  try {
    return Json::parse(text, [](int depth, Json::parse_event_t, const Json&) {
      if (depth > kDeepest) throw std::length_error("too deep");
      return true;
    });
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string text_in(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? printable(found->get<std::string>()) : std::string{};
}

std::string way_out(int status, const std::string& origin) {
  if (status == 401)
    return "; sign in by pyrometer login --server " + origin +
           ", or give a token by PYROMETER_TOKEN or --token-file";
  if (status == 404) return "; check the id, and that this account may see it";
  if (status == 429 || status >= 500) return "; try again later, or ask whoever runs the server";
  return "";
}

ErrorCode code_of(int status) {
  if (status == 401 || status == 403) return ErrorCode::wrong_use;
  if (status == 429 || status >= 500 || status < 400) return ErrorCode::failed;
  return ErrorCode::bad_input;
}

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string out{text};
  curl_free(text);
  return out;
}

}  // namespace

std::string printable(std::string_view text, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are orders to a terminal as well.
    const bool second =
        byte == 0xC2 && i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xE0) == 0x80;
    const bool order = byte < 0x20 || byte == 0x7F || second;
    if (out.size() >= most && (byte & 0xC0) != 0x80) return out + "…";
    out += order ? ' ' : text[i];
    i += second ? 1 : 0;
  }
  return out;
}

Result<std::string> origin_of(const std::string& server) {
  const auto wrong = [&](const std::string& why) {
    return wrong_use("--server '" + printable(server, 200) + "' " + why +
                     "; write it as https://pyrometer.example.org:8443");
  };
  const std::unique_ptr<CURLU, FreeUrl> url{curl_url()};
  if (!url || curl_url_set(url.get(), CURLUPART_URL, server.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return wrong("is no address");
  if (part_of(url.get(), CURLUPART_SCHEME) != "https") return wrong("does not begin with https://");
  if (!part_of(url.get(), CURLUPART_USER).empty() || !part_of(url.get(), CURLUPART_PASSWORD).empty())
    return wrong("has a name or password in it, where others would see it");
  if (part_of(url.get(), CURLUPART_PATH) != "/" || !part_of(url.get(), CURLUPART_QUERY).empty() ||
      !part_of(url.get(), CURLUPART_FRAGMENT).empty())
    return wrong("says more than a server");
  std::string host = part_of(url.get(), CURLUPART_HOST);
  std::ranges::transform(host, host.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (host.empty()) return wrong("names no server");
  return "https://" + host + ":" + part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

Error refusal_of(const Reply& reply, const std::string& origin, const std::string& asked) {
  const int status = reply.status;
  if (status >= 300 && status < 400)
    return {ErrorCode::failed,
            origin + " sends us elsewhere, to " + printable(reply.location, 200) +
                "; that was not followed, since your token is for nobody else: name the right address by "
                "--server",
            asked};
  const Json body = parsed(reply.body).value_or(Json());
  const std::string title = body.is_object() ? text_in(body, "title") : "";
  if (!reply.type.starts_with("application/problem+json") || title.empty())
    return {code_of(status) == ErrorCode::bad_input ? ErrorCode::failed : code_of(status),
            origin + " answered " + std::to_string(status) + " and not as a server of ours; check --server",
            asked};
  const std::string detail = text_in(body, "detail"), request = text_in(body, "request_id");
  std::string_view end = detail;
  while (end.ends_with('.')) end.remove_suffix(1);
  return {code_of(status), origin + ": " + title + ": " + std::string{end} + way_out(status, origin),
          asked + ", request " + request};
}

Result<Json> json_of(const Reply& reply, const std::string& origin, const std::string& asked) {
  if (reply.status < 200 || reply.status > 299) return tl::make_unexpected(refusal_of(reply, origin, asked));
  if (reply.status == 204) return Json{};
  std::optional<Json> body = parsed(reply.body);
  if (!body || !reply.type.starts_with("application/json"))
    return failed(origin + " answered something that is not JSON as in our contract; check --server", asked);
  return std::move(*body);
}

}  // namespace pyro::client

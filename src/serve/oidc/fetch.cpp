#include "fetch.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>

#include "pyro/base/percent.hpp"
#include "pyro/serve/oidc_settings.hpp"

namespace pyro::serve::oidc {
namespace {

struct Freed {
  void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

struct Received {
  std::string body;
  std::size_t most = 0;
  bool too_long = false;
};

std::size_t receive(const char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& received = *static_cast<Received*>(into);
  if (received.body.size() + size * count > received.most) {
    received.too_long = true;
    return 0;  // ends the transfer
  }
  received.body.append(bytes, size * count);
  return size * count;
}

bool curl_is_ready() {
  static const bool ready = ::curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return ready;
}

}  // namespace

Result<Fetched> fetch(const FetchRequest& request) {
  const std::unique_ptr<CURL, Freed> handle{curl_is_ready() ? ::curl_easy_init() : nullptr};
  if (!handle || !may_be_asked(request.url))
    return failed("the provider of sign-in cannot be asked", "address " + request.url);
  CURL* const curl = handle.get();
  const bool plain = request.url.starts_with("http:");
  Received received{{}, request.most_bytes, false};
  std::string form;
  const std::unique_ptr<curl_slist, Freed> headers{::curl_slist_append(nullptr, "Accept: application/json")};
  bool set = true;
  const auto option = [&](CURLoption which, auto value) {
    set = set && ::curl_easy_setopt(curl, which, value) == CURLE_OK;
  };
  option(CURLOPT_URL, request.url.c_str());
  option(CURLOPT_PROTOCOLS_STR, plain ? "http" : "https");
  option(CURLOPT_FOLLOWLOCATION, 0L);
  option(CURLOPT_NOSIGNAL, 1L);
  option(CURLOPT_TIMEOUT_MS, static_cast<long>(request.most_time.count()));
  option(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.most_time.count() / 2));
  option(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  option(CURLOPT_SSL_VERIFYPEER, 1L);
  option(CURLOPT_SSL_VERIFYHOST, 2L);
  option(CURLOPT_USERAGENT, "pyrometer");
  option(CURLOPT_HTTPHEADER, headers.get());
  option(CURLOPT_WRITEFUNCTION, &receive);
  option(CURLOPT_WRITEDATA, static_cast<void*>(&received));
  if (plain) option(CURLOPT_PROXY, "");  // it is on this machine
  if (!request.ca_file.empty()) option(CURLOPT_CAINFO, request.ca_file.c_str());
  if (!request.user.empty()) {
    option(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    option(CURLOPT_USERNAME, request.user.c_str());
    option(CURLOPT_PASSWORD, request.password.c_str());
  }
  if (request.form) {
    for (const auto& [name, value] : *request.form)
      form += (form.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
    option(CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
    option(CURLOPT_POSTFIELDS, form.c_str());
  }
  if (!set) return failed("the provider of sign-in cannot be asked", "libcurl refuses an option");
  const CURLcode done = ::curl_easy_perform(curl);
  if (received.too_long) return failed("the provider of sign-in answers more than is asked for", request.url);
  if (done != CURLE_OK)
    return failed("the provider of sign-in does not answer as it should",
                  request.url + ": " + ::curl_easy_strerror(done));
  Fetched out;
  ::curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out.status);
  out.body = std::move(received.body);
  return out;
}

}  // namespace pyro::serve::oidc

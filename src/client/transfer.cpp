#include "transfer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>

namespace pyro::client {
namespace {

// Pages, rows and problems; what is larger goes into a file.
constexpr std::size_t kMostBody = std::size_t{32} << 20U, kMostHeaders = std::size_t{64} << 10U;
// A file may be sealed or gathered for a while before the server says a word of it.
constexpr long kConnectWithin_s = 15, kSilentFor_s = 60, kSilentWithFiles_s = 300;

struct Running {
  const Exchange& what;
  const std::stop_token& stop;
  CURL* handle;
  Reply reply;
  std::size_t headers = 0;
  std::uint64_t kept = 0;
  // Why a callback ended it; empty: none did.
  std::string ended;
  bool disk = false;
};

// What stands behind "name:", where the header has that name.
std::optional<std::string> value_in(std::string_view line, std::string_view name) {
  if (line.size() <= name.size() || line[name.size()] != ':') return std::nullopt;
  const bool same = std::ranges::equal(line.substr(0, name.size()), name, [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == b;
  });
  if (!same) return std::nullopt;
  std::string_view value = line.substr(name.size() + 1);
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' '))
    value.remove_suffix(1);
  return std::string{value};
}

std::size_t on_header(char* data, std::size_t one, std::size_t count, void* user) {
  auto& run = *static_cast<Running*>(user);
  const std::string_view line{data, one * count};
  run.headers += line.size();
  if (run.headers > kMostHeaders) {
    run.ended = "its headers do not end";
    return 0;
  }
  const std::pair<std::string_view, std::string*> wanted[] = {{"content-type", &run.reply.type},
                                                              {"etag", &run.reply.etag},
                                                              {"retry-after", &run.reply.retry_after},
                                                              {"location", &run.reply.location}};
  for (const auto& [name, place] : wanted) {
    if (auto value = value_in(line, name)) *place = std::move(*value);
  }
  return line.size();
}

std::size_t on_body(char* data, std::size_t one, std::size_t count, void* user) {
  auto& run = *static_cast<Running*>(user);
  const std::size_t size = one * count;
  long status = 0;
  curl_easy_getinfo(run.handle, CURLINFO_RESPONSE_CODE, &status);
  if (run.what.download == nullptr || status != 200) {
    if (run.reply.body.size() + size > kMostBody) {
      run.ended = "its answer is larger than any of ours";
      return 0;
    }
    run.reply.body.append(data, size);
    return size;
  }
  run.kept += size;
  if (run.kept > run.what.most_download) {
    run.ended = "it sends more than it said";
    return 0;
  }
  if (std::fwrite(data, 1, size, run.what.download) != size) {
    run.disk = true;
    return 0;
  }
  return size;
}

int on_progress(void* user, curl_off_t down_of, curl_off_t down, curl_off_t up_of, curl_off_t up) {
  const auto& run = *static_cast<Running*>(user);
  if (run.what.stops && run.stop.stop_requested()) return 1;
  if (run.what.moved && run.what.download == nullptr && up > 0)
    run.what.moved(static_cast<std::uint64_t>(up), static_cast<std::uint64_t>(up_of));
  if (run.what.moved && run.what.download != nullptr && down > 0)
    run.what.moved(static_cast<std::uint64_t>(down), static_cast<std::uint64_t>(down_of));
  return 0;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

}  // namespace

void Transfer::Free::operator()(CURL* handle) const {
  curl_easy_cleanup(handle);
}

Transfer::Transfer(std::string origin, const std::filesystem::path& ca_file, std::string token,
                   std::stop_token stop)
    : origin_(std::move(origin)),
      ca_file_(ca_file.string()),
      token_(std::move(token)),
      stop_(std::move(stop)) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  handle_.reset(curl_easy_init());
}

tl::expected<Reply, NoReply> Transfer::run(const Exchange& what) {
  CURL* const handle = handle_.get();
  if (handle == nullptr)
    return tl::make_unexpected(NoReply{{ErrorCode::failed, "no memory for a connection", ""}});
  curl_easy_reset(handle);  // keeps connections and cookies
  Running run{what, stop_, handle, {}, 0, 0, {}, false};
  char complaint[CURL_ERROR_SIZE] = "";
  const auto set = [handle](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
  const std::string url = origin_ + what.target;
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(complaint));
  set(CURLOPT_PROTOCOLS_STR, "https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!ca_file_.empty()) {
    set(CURLOPT_CAINFO, ca_file_.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  // A proxy has no business with this machine itself.
  for (const char* own : {"https://localhost:", "https://127.", "https://[::1]:"}) {
    if (origin_.starts_with(own)) set(CURLOPT_PROXY, "");
  }
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_COOKIEFILE, "");  // cookies of a login are kept in memory
  set(CURLOPT_CONNECTTIMEOUT, kConnectWithin_s);
  set(CURLOPT_TIMEOUT, static_cast<long>(what.within_s));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, what.within_s > 0 ? kSilentFor_s : kSilentWithFiles_s);
  set(CURLOPT_USERAGENT, "pyrometer");
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(&run));
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(&run));
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, on_progress);
  set(CURLOPT_XFERINFODATA, static_cast<void*>(&run));
  std::unique_ptr<curl_slist, FreeList> headers;
  const auto add = [&headers](const std::string& line) {
    headers.reset(curl_slist_append(headers.release(), line.c_str()));
  };
  for (const std::string& line : what.headers) add(line);
  if (!token_.empty()) add("Authorization: Bearer " + token_);
  if (what.method == "POST") {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(what.body.size()));
    set(CURLOPT_POSTFIELDS, what.body.c_str());
  } else if (what.method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, what.method.c_str());
  }
  set(CURLOPT_HTTPHEADER, headers.get());
  const CURLcode code = curl_easy_perform(handle);
  complaint_ = complaint[0] != '\0' ? complaint : curl_easy_strerror(code);
  if (run.disk)
    return tl::make_unexpected(NoReply{{ErrorCode::failed, "the disk took no more: make room", ""}});
  if (!run.ended.empty())
    return tl::make_unexpected(NoReply{
        {ErrorCode::failed, origin_ + " is no server of ours: " + run.ended + "; check --server", ""}});
  if (code != CURLE_OK) return tl::make_unexpected(told(code));
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  run.reply.status = static_cast<int>(status);
  return std::move(run.reply);
}

NoReply Transfer::told(int code) const {
  const auto no = [&](const std::string& message, bool away = false) {
    return NoReply{{ErrorCode::failed, message, printable(complaint_)}, away};
  };
  long verified = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_SSL_VERIFYRESULT, &verified);
  // As OpenSSL numbers them; where only the name does not fit, libcurl leaves what it began with.
  constexpr long kBegan = 1, kExpired = 10;
  switch (code) {
    case CURLE_ABORTED_BY_CALLBACK:
      return no("stopped");
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return no("nobody knows where " + origin_ + " is; check the name in --server, and the network", true);
    case CURLE_COULDNT_CONNECT:
      return no("nobody answers at " + origin_ + "; check --server, and that the server runs", true);
    case CURLE_PEER_FAILED_VERIFICATION:
      if (verified == kExpired)
        return no("the certificate of " + origin_ +
                  " has expired, so nothing was sent; whoever runs the server must renew it (and check this "
                  "machine's clock)");
      if (verified > kBegan)
        return no(
            "the certificate of " + origin_ +
            " is from nobody whom this machine trusts, so nothing was sent; if it is the server's own, copy "
            "its tls/certificate.pem by a way that you trust and name it by --ca-file");
      return no("the certificate of " + origin_ +
                " is for another name, so nothing was sent; use the name that it is for (serve --name)");
    case CURLE_SSL_CACERT_BADFILE:
      return NoReply{{ErrorCode::wrong_use, "'" + ca_file_ + "' holds no certificate (PEM); check --ca-file",
                      printable(complaint_)}};
    case CURLE_SSL_CONNECT_ERROR:
      return no("there is no TLS with " + origin_ + "; check that --server names its https port", true);
    case CURLE_OPERATION_TIMEDOUT:
      return no(origin_ + " did not answer in time; try again, or see how busy it is", true);
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return no("the connection to " + origin_ + " broke; try again", true);
    default:
      return no(origin_ + " does not answer as a server of ours; check --server");
  }
}

}  // namespace pyro::client

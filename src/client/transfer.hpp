// One request and its answer, by libcurl. Knows TLS and limits, and nothing of what is asked.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "pyro/client/server.hpp"

using CURL = void;

namespace pyro::client {

struct Exchange {
  std::string method = "GET", target;  // target: path and query
  std::vector<std::string> headers;    // "Name: value"
  std::string body;
  std::FILE* download = nullptr;  // takes the body of an answer of 200
  std::uint64_t most_download = 0;
  Moved moved;
  std::int64_t within_s = 120;  // for the whole of it; 0: as long as something moves
  bool stops = true;            // when the stop is requested
};

struct Reply {
  int status = 0;
  std::string type, etag, retry_after, location;  // of its headers
  std::string body;
};

// No answer.
struct NoReply {
  Error error;
  bool away = false;  // it may be there again in a moment: nobody listens, or the connection broke
};

class Transfer {
 public:
  Transfer(std::string origin, const std::filesystem::path& ca_file, std::string token, std::stop_token stop);
  [[nodiscard]] tl::expected<Reply, NoReply> run(const Exchange& what);
  void forget_token() { token_.clear(); }

 private:
  struct Free {
    void operator()(CURL* handle) const;
  };
  [[nodiscard]] NoReply told(int code) const;

  std::string origin_, ca_file_, token_;
  std::stop_token stop_;
  std::unique_ptr<CURL, Free> handle_;
  std::string complaint_;  // libcurl's own words
};

}  // namespace pyro::client

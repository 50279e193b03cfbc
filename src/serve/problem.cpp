#include "pyro/serve/problem.hpp"

#include <spdlog/spdlog.h>

#include "pyro/store/database.hpp"

namespace pyro::serve {
namespace {

std::string_view title_of(int status) {
  switch (status) {
    case 400:
      return "Bad request";
    case 401:
      return "Not signed in";
    case 403:
      return "Not allowed";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 408:
      return "Too slow";
    case 409:
      return "Conflict";
    case 412:
      return "Changed meanwhile";
    case 413:
      return "Too large";
    case 415:
      return "Unsupported content type";
    case 422:
      return "Not as the contract says";
    case 428:
      return "Version needed";
    case 429:
      return "Too many requests";
    case 431:
      return "Headers too large";
    case 502:
      return "No proper answer from elsewhere";
    case 503:
      return "Not available now";
    case 507:
      return "Out of space";
    default:
      return status < 500 ? "Refused" : "Something here failed";
  }
}

}  // namespace

Response response_of(const Problem& problem, const std::string& request_id) {
  Json body = problem.more;
  body["type"] = "urn:pyrometer:problem:" + problem.slug;
  body["title"] = title_of(problem.status);
  body["status"] = problem.status;
  body["detail"] = problem.detail;
  body["request_id"] = request_id;
  Response out;
  out.status = problem.status;
  out.headers = {{"content-type", "application/problem+json"}};
  if (problem.status == 401) out.headers.emplace_back("www-authenticate", "Bearer realm=\"pyrometer\"");
  if (problem.more.contains("retry_after_s"))
    out.headers.emplace_back("retry-after", std::to_string(problem.more["retry_after_s"].get<int>()));
  out.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return out;
}

Problem problem_of(const Error& error) {
  switch (store::fault_of(error)) {
    case store::Fault::none:
      break;
    case store::Fault::conflict:
      return {409, "exists", "There is such a row already."};
    case store::Fault::missing:
    case store::Fault::refused:
      return {422, "refers-to-nothing",
              "Something that this refers to is not there, or is still referred to."};
    case store::Fault::unavailable: {
      spdlog::error("database: {}", error.text());
      Problem away{
          503, "database-away",
          "The database cannot be reached or has no space; nothing was changed. Try again in a moment."};
      away.more["retry_after_s"] = 2;
      return away;
    }
    case store::Fault::unknown:
      spdlog::error("database: {}", error.text());
      return {503, "outcome-unknown",
              "The connection to the database broke while this was being kept; look whether it was before "
              "sending it again with the same Idempotency-Key."};
    case store::Fault::broken:
      spdlog::error("database: {}", error.text());
      return {500, "database-fault",
              "The database answered with a fault; the log has it under this request."};
  }
  if (error.code == ErrorCode::bad_input || error.code == ErrorCode::wrong_use)
    return {422, "not-as-asked", error.message};
  spdlog::error("{}", error.text());
  return {500, "failed", "Something here failed; the log has it under this request."};
}

}  // namespace pyro::serve

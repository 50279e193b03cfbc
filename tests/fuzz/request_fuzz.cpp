// Any bytes as a request, "METHOD path?query", headers, an empty line and a body, against the contract that
// the server obeys: refused with a status of its own, or what a handler may rely on.
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "contract.hpp"

namespace {

using namespace pyro::serve;

const Contract& contract() {
  static const Contract read = [] {
    std::ifstream in(PYRO_CONTRACT);
    auto parsed = Contract::parse(std::string(std::istreambuf_iterator<char>(in), {}));
    if (!parsed) std::abort();
    return std::move(*parsed);
  }();
  return read;
}

void check(const Problem& problem) {
  if (problem.status < 400 || problem.status > 499 || problem.slug.empty()) std::abort();
  (void)Json(problem.more).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string line_of(std::string_view& left) {
  const std::size_t end = std::min(left.find('\n'), left.size());
  std::string line{left.substr(0, end)};
  left.remove_prefix(std::min(left.size(), end + 1));
  return line;
}

}  // namespace

// The contract takes seconds to read under the sanitizers: they are not the first input's.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  (void)contract();
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view left{reinterpret_cast<const char*>(data), size};
  Request request;
  const std::string first = line_of(left);
  const std::size_t blank = std::min(first.find(' '), first.size());
  request.method = first.substr(0, blank);
  request.path = first.substr(std::min(blank + 1, first.size()));
  if (const std::size_t mark = request.path.find('?'); mark != std::string::npos) {
    request.query = request.path.substr(mark + 1);
    request.path.resize(mark);
  }
  while (!left.empty()) {
    const std::string line = line_of(left);
    if (line.empty()) break;
    const std::size_t colon = std::min(line.find(':'), line.size());
    request.headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 1, line.size())));
  }
  request.body = left;
  (void)decoded(first, true);
  const auto match = contract().match(request.method, request.path);
  if (!match) {
    check(match.error());
    return 0;
  }
  const auto parameters = contract().parameters(*match, request);
  if (!parameters) {
    check(parameters.error());
  } else {
    (void)parameters->dump();  // throws at what is not UTF-8
    for (const Parameter& one : match->operation->parameters) {
      if (one.required && !parameters->contains(one.name)) std::abort();
    }
  }
  const auto body = contract().body(*match->operation, request);
  if (!body) {
    check(body.error());
  } else {
    (void)body->dump();
    if (match->operation->body_required && !match->operation->upload && !body->is_object()) std::abort();
  }
  return 0;
}

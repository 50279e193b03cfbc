// contracts/openapi.yaml, as the server obeys it: which operations there are, what they take, who may, whose
// data it is. A request that the contract does not know is refused before any handler sees it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pyro/serve/problem.hpp"

namespace pyro::serve {

struct Parameter {
  std::string name;
  enum class In : std::uint8_t { path, query, header } in = In::query;
  bool required = false;
  bool list = false;  // comma-separated
  std::string type;   // "string", "integer", "number", "boolean"
};

// Whose data an operation touches (x-subject).
struct SubjectRule {
  // nobody: not personal. listed: those that the caller may see, or the one named by ?person=. row: the row
  // of `table` whose id is named by `from` belongs to somebody; table "person" is that person.
  enum class Kind : std::uint8_t { nobody, own, listed, row } kind = Kind::nobody;
  std::string table;
  bool from_body = false;
  bool maybe_nobody =
      false;  // "job?": the row may be about nobody; whose it is then is the handler's to check
  std::string name;
};

struct Operation {
  std::string id, method, path;
  std::vector<std::string> segments;  // "{session}" stands for a parameter
  std::string action;                 // x-action, a name of security::Action; empty: open to all
  SubjectRule subject;
  std::vector<Parameter> parameters;
  bool has_body = false, body_required = false, upload = false, socket = false;
  std::uint64_t most_bytes = 64U << 10U;  // x-most-bytes
  Json body_schema, parameters_schema;
};

class Contract {
 public:
  // Errors: not YAML, not OpenAPI 3.1, an operation without what this server needs.
  [[nodiscard]] static Result<Contract> parse(std::string_view yaml);
  ~Contract();
  Contract(Contract&&) noexcept;
  Contract& operator=(Contract&&) noexcept;

  [[nodiscard]] const Json& document() const;
  [[nodiscard]] const std::vector<Operation>& operations() const;

  struct Match {
    const Operation* operation = nullptr;
    std::map<std::string, std::string> path;  // decoded
  };
  // 404, or 405 with the methods that there are.
  [[nodiscard]] Granted<Match> match(std::string_view method, std::string_view path) const;

  // All parameters by name, of their types. 400: unknown, doubled or of the wrong kind, with the place.
  [[nodiscard]] Granted<Json> parameters(const Match& match, const Request& request) const;
  // 415, 400 (no JSON), 422 with a JSON pointer to each place.
  [[nodiscard]] Granted<Json> body(const Operation& operation, const Request& request) const;

 private:
  struct Impl;
  explicit Contract(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// "%41" → "A", "+" → " " in queries; nullopt: malformed, or not UTF-8.
[[nodiscard]] std::optional<std::string> decoded(std::string_view text, bool plus_is_blank);

}  // namespace pyro::serve

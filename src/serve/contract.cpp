#include "contract.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <locale>
#include <ranges>

#include "shapes.hpp"

namespace pyro::serve {
namespace {

// YAML 1.2's core types: what stands in quotes is text.
Json json_of_yaml(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map: {
      Json out = Json::object();
      for (const auto& pair : node) out[pair.first.as<std::string>()] = json_of_yaml(pair.second);
      return out;
    }
    case YAML::NodeType::Sequence: {
      Json out = Json::array();
      for (const auto& one : node) out.push_back(json_of_yaml(one));
      return out;
    }
    case YAML::NodeType::Scalar: {
      const std::string& text = node.Scalar();
      if (node.Tag() == "!") return text;
      if (text == "true" || text == "false") return text == "true";
      if (text == "null" || text == "~") return nullptr;
      std::int64_t whole = 0;
      if (const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
          error == std::errc{} && end == text.data() + text.size())
        return whole;
      double real = 0;
      if (const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
          error == std::errc{} && end == text.data() + text.size())
        return real;
      return text;
    }
    default:
      return nullptr;
  }
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  for (const auto part : std::views::split(text, at)) out.emplace_back(part.begin(), part.end());
  return out;
}

SubjectRule subject_of(const Json& operation) {
  SubjectRule out;
  const std::string rule = operation.value("x-subject", "nobody");
  using Kind = SubjectRule::Kind;
  if (rule == "nobody") return out;
  if (rule == "own" || rule == "listed") {
    out.kind = rule == "own" ? Kind::own : Kind::listed;
    return out;
  }
  // "session:path.session", "person:body.person"
  const std::size_t colon = rule.find(':'), dot = rule.find('.');
  if (colon == std::string::npos || dot == std::string::npos)
    throw std::invalid_argument("x-subject: " + rule);
  out.kind = Kind::row;
  out.table = rule.substr(0, colon);
  if (out.table.ends_with('?')) {
    out.maybe_nobody = true;
    out.table.pop_back();
  }
  out.from_body = rule.substr(colon + 1, dot - colon - 1) == "body";
  out.name = rule.substr(dot + 1);
  return out;
}

Parameter parameter_of(const Json& document, const Json& json) {
  Parameter out;
  out.name = json.at("name");
  const std::string in = json.at("in");
  out.in = in == "path" ? Parameter::In::path : in == "query" ? Parameter::In::query : Parameter::In::header;
  out.required = json.value("required", false);
  const Json& schema = resolved(document, json.at("schema"));
  out.type = schema.value("type", "string");
  if (out.type == "array") {
    out.list = true;
    out.type = resolved(document, schema.at("items")).value("type", "string");
  }
  return out;
}

Operation operation_of(const Json& document, const std::string& path, const std::string& method,
                       const Json& json) {
  Operation out;
  out.id = json.at("operationId");
  out.method = method;
  std::ranges::transform(out.method, out.method.begin(),
                         [](char c) { return static_cast<char>(std::toupper(c)); });
  out.path = path;
  out.segments = split(std::string_view{path}.substr(1), '/');
  out.action = json.value("x-action", "");
  out.subject = subject_of(json);
  out.socket = json.value("x-websocket", false);
  out.most_bytes = json.value("x-most-bytes", std::uint64_t{64U << 10U});
  Json properties = Json::object(), required = Json::array();
  for (const Json& given : json.value("parameters", Json::array())) {
    const Json& parameter = resolved(document, given);
    out.parameters.push_back(parameter_of(document, parameter));
    const std::string name = parameter.at("name");
    properties[name] = parameter.at("schema");
    if (out.parameters.back().required) required.push_back(name);
  }
  out.parameters_schema = {{"type", "object"},
                           {"properties", properties},
                           {"required", required},
                           {"components", document.at("components")}};
  if (const auto body = json.find("requestBody"); body != json.end()) {
    const Json& content = resolved(document, *body).at("content");
    out.has_body = true;
    out.body_required = resolved(document, *body).value("required", false);
    if (content.contains("application/json")) {
      out.body_schema = content.at("application/json").at("schema");
      out.body_schema["components"] = document.at("components");
    } else {
      out.upload = true;
    }
  }
  return out;
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The JSON value that a parameter's text stands for; discarded: none of its type.
Json value_of(const std::string& text, const std::string& type) {
  if (type == "boolean")
    return text == "true" ? Json(true) : text == "false" ? Json(false) : Json(Json::value_t::discarded);
  if (type == "integer" || type == "number") {
    Json number = Json::parse(text, nullptr, false);
    const bool right = type == "integer" ? number.is_number_integer() : number.is_number();
    return right ? number : Json(Json::value_t::discarded);
  }
  return text;
}

bool is_utf8(std::string_view text) {
  // The JSON library's own check, which is strict about overlong forms and surrogates.
  try {
    (void)Json(text).dump();
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

}  // namespace

struct Contract::Impl {
  Json document;
  std::vector<Operation> operations;
  std::map<std::string, std::unique_ptr<Shape>> parameters;  // by operation
  std::map<std::string, std::unique_ptr<BodyShapes>> bodies;
};

Contract::Contract(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Contract::~Contract() = default;
Contract::Contract(Contract&&) noexcept = default;
Contract& Contract::operator=(Contract&&) noexcept = default;

// GCC's std::regex, by which patterns are checked, reads a table of the locale's that is filled as it is
// asked, without a lock: filled here, before requests are answered side by side, nobody writes into it any
// more.
static void fill_locale_table() {
  const auto& characters = std::use_facet<std::ctype<char>>(std::locale());
  for (int c = 0; c < 256; ++c) (void)characters.narrow(static_cast<char>(c), '\0');
}

Result<Contract> Contract::parse(std::string_view yaml) {
  fill_locale_table();
  auto impl = std::make_unique<Impl>();
  try {
    impl->document = json_of_yaml(YAML::Load(std::string{yaml}));
    for (const auto& [path, item] : impl->document.at("paths").items()) {
      for (const auto& [method, operation] : item.items()) {
        impl->operations.push_back(operation_of(impl->document, path, method, operation));
        const Operation& one = impl->operations.back();
        impl->parameters[one.id] = std::make_unique<Shape>(one.parameters_schema);
        if (one.has_body && !one.upload)
          impl->bodies[one.id] = std::make_unique<BodyShapes>(impl->document, one.body_schema);
      }
    }
  } catch (const std::exception& error) {
    return failed("the API's contract cannot be used; restore contracts/openapi.yaml", error.what());
  }
  return Contract(std::move(impl));
}

const Json& Contract::document() const {
  return impl_->document;
}
const std::vector<Operation>& Contract::operations() const {
  return impl_->operations;
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_blank) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0) return std::nullopt;
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_blank && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!is_utf8(out) || out.find('\0') != std::string::npos) return std::nullopt;
  return out;
}

Granted<Contract::Match> Contract::match(std::string_view method, std::string_view path) const {
  const std::vector<std::string> segments = split(path.substr(std::min<std::size_t>(1, path.size())), '/');
  const auto fits = [&](const Operation& operation, Match& out) {
    if (operation.segments.size() != segments.size()) return false;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const std::string& want = operation.segments[i];
      if (want.starts_with('{')) {
        const auto value = decoded(segments[i], false);
        if (!value || value->empty()) return false;
        out.path[want.substr(1, want.size() - 2)] = *value;
      } else if (want != segments[i]) {
        return false;
      }
    }
    return true;
  };
  // Of the paths that fit, the one with the fewest parameters is meant, whatever it is asked for:
  // "…/pictures/labels" before "…/pictures/{picture}".
  std::vector<Match> here;
  for (const Operation& operation : impl_->operations) {
    Match found{&operation, {}};
    if (!fits(operation, found)) continue;
    if (!here.empty() && found.path.size() > here.front().path.size()) continue;
    if (!here.empty() && found.path.size() < here.front().path.size()) here.clear();
    here.push_back(std::move(found));
  }
  std::string allowed;
  for (Match& one : here) {
    if (one.operation->method == method) return std::move(one);
    allowed += (allowed.empty() ? "" : ", ") + one.operation->method;
  }
  if (allowed.empty())
    return problem(404, "no-such-path",
                   "There is nothing at this path; /api/v1/openapi.json lists what there is.");
  Problem refused{405, "method-not-allowed", "This path takes " + allowed + "."};
  refused.more["allow"] = allowed;
  return tl::make_unexpected(refused);
}

Granted<Json> Contract::parameters(const Match& match, const Request& request) const {
  Json out = Json::object();
  const auto put = [&](const Parameter& parameter, const std::string& text) -> std::optional<Problem> {
    Json value = Json::array();
    if (!parameter.list) {
      value = value_of(text, parameter.type);
    } else {
      for (const std::string& one : split(text, ',')) value.push_back(value_of(one, parameter.type));
    }
    if (value.is_discarded())
      return Problem{400, "bad-parameter", parameter.name + " must be of type " + parameter.type + "."};
    out[parameter.name] = std::move(value);
    return std::nullopt;
  };
  std::map<std::string, std::string> query;
  if (!request.query.empty()) {
    for (const std::string& pair : split(request.query, '&')) {
      const std::size_t equals = pair.find('=');
      const auto name = decoded(pair.substr(0, equals), true);
      const auto value = decoded(equals == std::string::npos ? "" : pair.substr(equals + 1), true);
      if (!name || !value) return problem(400, "bad-parameter", "The query is not percent-encoded UTF-8.");
      if (!query.emplace(*name, *value).second)
        return problem(400, "bad-parameter", *name + " stands twice in the query.");
    }
  }
  for (const Parameter& parameter : match.operation->parameters) {
    std::optional<Problem> wrong;
    if (parameter.in == Parameter::In::path) {
      wrong = put(parameter, match.path.at(parameter.name));
    } else if (parameter.in == Parameter::In::header) {
      std::string name = parameter.name;
      std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
      // A header that is there and empty is not as one that is missing.
      if (std::ranges::find(request.headers, name, &std::pair<std::string, std::string>::first) !=
          request.headers.end()) {
        const std::string_view value = request.header(name);
        if (!is_utf8(value)) return problem(400, "bad-parameter", parameter.name + " is not UTF-8.");
        wrong = put(parameter, std::string{value});
      }
    } else if (const auto found = query.find(parameter.name); found != query.end()) {
      wrong = put(parameter, found->second);
      query.erase(found);
    }
    if (wrong) return tl::make_unexpected(*wrong);
  }
  if (!query.empty())
    return problem(400, "bad-parameter", "There is no parameter \"" + query.begin()->first + "\" here.");
  if (Json faults = impl_->parameters.at(match.operation->id)->faults(out); !faults.empty()) {
    Problem wrong{400, "bad-parameter", "A parameter is not as the contract says."};
    wrong.more["faults"] = std::move(faults);
    return tl::make_unexpected(wrong);
  }
  return out;
}

Granted<Json> Contract::body(const Operation& operation, const Request& request) const {
  if (!operation.has_body || operation.upload) {
    if (!operation.has_body && !request.body.empty())
      return problem(400, "no-body-here", "This takes no body.");
    return Json();
  }
  if (request.body.empty()) {
    if (operation.body_required)
      return problem(400, "body-missing", "This needs a body of application/json.");
    return Json();
  }
  const std::string_view type = request.header("content-type");
  if (type != "application/json" && !type.starts_with("application/json;"))
    return problem(415, "not-json", "The body must be application/json.");
  // The parser refuses what is not UTF-8. Depth is bounded: the parser recurses no further than our schemas
  // ever need.
  Json body;
  try {
    body = Json::parse(request.body, [](int depth, Json::parse_event_t event, Json& value) {
      if (depth > 32) throw std::length_error("nested too deeply");
      // 3.0 is a whole number to JSON Schema.
      constexpr double kWhole = 9007199254740992;
      if (event == Json::parse_event_t::value && value.is_number_float()) {
        const double real = value.get<double>();
        if (std::abs(real) < kWhole && real == std::floor(real)) value = static_cast<std::int64_t>(real);
      }
      return true;
    });
  } catch (const std::exception&) {
    return problem(400, "bad-json", "The body is not JSON in UTF-8, or nested more than 32 deep.");
  }
  if (Json faults = impl_->bodies.at(operation.id)->faults(body); !faults.empty()) {
    Problem wrong{422, "not-as-contract", "The body is not as the contract says."};
    wrong.more["faults"] = std::move(faults);
    return tl::make_unexpected(wrong);
  }
  return body;
}

}  // namespace pyro::serve

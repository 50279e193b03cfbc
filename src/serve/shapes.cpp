#include "shapes.hpp"

#include <ranges>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "long_texts.hpp"

namespace pyro::serve {
namespace {

using Adapter = valijson::adapters::NlohmannJsonAdapter;

Json faults_of(const valijson::Schema& schema, const Json& value) {
  thread_local valijson::Validator validator;  // it keeps the patterns that it has compiled
  valijson::ValidationResults results;
  Json out = Json::array();
  if (validator.validate(schema, Adapter(value), &results)) return out;
  valijson::ValidationResults::Error error;
  while (out.size() < 8 && results.popError(error)) {
    std::string pointer;
    for (const std::string& step : error.context | std::views::drop(1))
      pointer += "/" + (step.size() > 2 ? step.substr(1, step.size() - 2) : step);
    out.push_back({{"at", pointer}, {"is", error.description}});
  }
  return out;
}

}  // namespace

const Json& resolved(const Json& document, const Json& node) {
  const auto reference = node.find("$ref");
  if (reference == node.end())
    return node;  // NOLINT(bugprone-return-const-ref-from-parameter): see the header
  return document.at(Json::json_pointer(reference->get<std::string>().substr(1)));
}

struct Shape::Impl {
  valijson::Schema whole, without_patterns;
};

Shape::Shape(const Json& schema) : impl_(std::make_unique<Impl>()) {
  valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
  parser.populateSchema(Adapter(schema), impl_->whole);
  const Json rest = without_patterns(schema);
  parser.populateSchema(Adapter(rest), impl_->without_patterns);
}
Shape::~Shape() = default;

Json Shape::faults(const Json& value) const {
  const std::size_t longest = longest_text(value);
  if (longest <= kPieceBytes) return faults_of(impl_->whole, value);
  Json out = faults_of(impl_->without_patterns, value);
  for (std::size_t piece = 0; piece * kPieceBytes < longest && out.empty(); ++piece)
    out = faults_of(impl_->whole, with_pieces(value, piece));
  return out;
}

BodyShapes::BodyShapes(const Json& document, const Json& schema) {
  const Json& body = resolved(document, schema);
  const auto discriminator = body.find("discriminator");
  if (discriminator == body.end()) {
    only_ = std::make_unique<Shape>(schema);
    return;
  }
  by_ = discriminator->at("propertyName");
  for (const auto& [value, reference] : discriminator->at("mapping").items()) {
    Json one{{"$ref", reference}};
    one["components"] = document.at("components");
    shapes_[value] = std::make_unique<Shape>(one);
  }
}

Json BodyShapes::faults(const Json& value) const {
  if (only_) return only_->faults(value);
  const auto word = value.is_object() ? value.find(by_) : value.end();
  if (!value.is_object() || word == value.end() || !word->is_string())
    return Json::array({{{"at", value.is_object() ? "/" + by_ : ""}, {"is", "must say which: " + all()}}});
  const auto shape = shapes_.find(word->get<std::string>());
  if (shape == shapes_.end()) return Json::array({{{"at", "/" + by_}, {"is", "must be one of " + all()}}});
  return shape->second->faults(value);
}

std::string BodyShapes::all() const {
  std::string out;
  for (const auto& [value, shape] : shapes_) out += (out.empty() ? "" : ", ") + value;
  return out;
}

}  // namespace pyro::serve

#include "consent_texts.hpp"

#include <yaml-cpp/yaml.h>

extern const char* const kPyrometerConsentTexts;

namespace pyro::serve {
namespace {

using archive::Json;

Result<std::vector<Json>> shipped_texts() {
  try {
    std::vector<Json> out;
    for (const YAML::Node& one : YAML::Load(kPyrometerConsentTexts)) {
      Json fields{{"scopes", one["scopes"].as<std::vector<std::string>>()}};
      for (const char* name : {"name", "language", "purpose", "text"})
        fields[name] = one[name].as<std::string>();
      if (one["mode"]) fields["mode"] = one["mode"].as<std::string>();
      out.push_back(std::move(fields));
    }
    return out;
  } catch (const YAML::Exception& error) {
    return failed("the shipped consent texts cannot be used; restore consents/templates.yaml", error.what());
  }
}

}  // namespace

Result<Json> add_consent_template(store::Connection& in, Json fields, UtcTime now) {
  const std::string name = fields.at("name"), language = fields.at("language");
  const auto before = in.query(
      "SELECT CAST(COALESCE(MAX(edition), 0) AS BIGINT) FROM consent_template WHERE name = $1 AND language = "
      "$2",
      name, language);
  if (!before) return tl::make_unexpected(before.error());
  const auto ended = in.change(
      "UPDATE consent_template SET active = 0, version = version + 1, updated_us = $3 WHERE name = $1 AND "
      "language = $2 AND active = 1",
      name, language, archive::us_of(now));
  if (!ended) return tl::make_unexpected(ended.error());
  fields["edition"] = std::get<std::int64_t>(before->front()[0]) + 1;
  fields["active"] = true;
  return archive::insert(in, archive::kConsentTemplate, fields, now);
}

Status make_consent_templates(store::Connection& in, UtcTime now) {
  const auto there = in.query("SELECT id FROM consent_template LIMIT 1");
  if (!there) return tl::make_unexpected(there.error());
  if (!there->empty()) return {};
  auto texts = shipped_texts();
  if (!texts) return tl::make_unexpected(texts.error());
  for (Json& one : *texts) {
    if (const auto made = add_consent_template(in, std::move(one), now); !made)
      return tl::make_unexpected(made.error());
  }
  return {};
}

std::string text_version_of(const Json& consent_template) {
  return consent_template.at("name").get<std::string>() + "/" +
         consent_template.at("language").get<std::string>() + "/" +
         std::to_string(consent_template.at("edition").get<std::int64_t>());
}

}  // namespace pyro::serve

// Texts by which people agree: read by whoever is signed in, written by the administrator.
#include "../consent_texts.hpp"
#include "../office.hpp"

namespace pyro::serve {
namespace {

Answer list_templates(Office& office, Call& call) {
  std::vector<std::pair<std::string_view, store::Value>> equal;
  for (const char* field : {"name", "language"}) {
    if (const std::string wanted = call.text(field); !wanted.empty())
      equal.emplace_back(field, store::Value{wanted});
  }
  if (const auto active = call.parameters.find("active"); active != call.parameters.end())
    equal.emplace_back("active", store::Value{std::int64_t{active->get<bool>()}});
  return list_rows(office, call, archive::kConsentTemplate, std::move(equal), false);
}

Answer make_template(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    Json fields = call.body;
    fields["made_by"] = call.actor.user;
    const Result<Json> row = add_consent_template(in, std::move(fields), call.now);
    if (!row) return trouble(row);
    return row_response(201, *row);
  });
}

Answer get_template(Office& office, Call& call) {
  return get_row(office, call, archive::kConsentTemplate, "template");
}
Answer change_template(Office& office, Call& call) {
  return change_row(office, call, archive::kConsentTemplate, "template");
}

}  // namespace

void add_consent_template_routes(Handlers& handlers) {
  handlers["listConsentTemplates"] = list_templates;
  handlers["makeConsentTemplate"] = make_template;
  handlers["getConsentTemplate"] = get_template;
  handlers["changeConsentTemplate"] = change_template;
}

}  // namespace pyro::serve

// How long things are kept.
#include "pyro/archive/retention.hpp"

#include "../office.hpp"

namespace pyro::serve {
namespace {

Json rules_json(const std::vector<archive::RetentionRule>& rules) {
  Json out = Json::array();
  for (const archive::RetentionRule& rule : rules) out.push_back({{"kind", rule.kind}, {"days", rule.days}});
  return {{"rules", out}};
}

Answer get_retention(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto rules = archive::retention_of(in);
    if (!rules) return trouble(rules);
    return json_response(200, rules_json(*rules));
  });
}

Answer set_retention(Office& office, Call& call) {
  std::vector<archive::RetentionRule> rules;
  std::string detail;
  for (const Json& rule : call.body.at("rules")) {
    rules.push_back({rule.at("kind"), rule.at("days")});
    detail +=
        (detail.empty() ? "" : ", ") + rules.back().kind + " " + std::to_string(rules.back().days) + " days";
  }
  return write(
      office, call,
      [&](store::Connection& in) -> Answer {
        if (const Status kept = archive::keep_retention(in, rules, call.now); !kept)
          return tl::make_unexpected(problem_of(kept.error()));
        const auto now = archive::retention_of(in);
        if (!now) return trouble(now);
        return json_response(200, rules_json(*now));
      },
      detail);
}

}  // namespace

void add_retention_routes(Handlers& handlers) {
  handlers["getRetention"] = get_retention;
  handlers["setRetention"] = set_retention;
}

}  // namespace pyro::serve

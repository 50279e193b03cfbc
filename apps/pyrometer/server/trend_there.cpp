// trend --server: a person's weeks as the server sees them.
#include <cmath>
#include <cstdio>

#include "pyro/base/files.hpp"
#include "pyro/base/notice.hpp"
#include "server.hpp"

namespace pyro::cli {
namespace {

using Json = nlohmann::json;

double real_of(const Json& json, const char* member) {
  const auto found = json.is_object() ? json.find(member) : json.end();
  return found != json.end() && found->is_number() ? found->get<double>() : std::nan("");
}

void print_trend(const Json& trend) {
  const auto text = [](const Json& json, const char* member) {
    return client::printable(text_of(json, member), 200);
  };
  std::printf("%s: %lld readings on %lld days\n", text(trend, "measure").c_str(),
              static_cast<long long>(number_of(trend, "readings")),
              static_cast<long long>(number_of(trend, "days")));
  const Json slope = trend.contains("trend") ? trend["trend"] : Json();
  if (!text_of(slope, "error").empty()) {
    std::printf("no trend: %s\n", text(slope, "error").c_str());
  } else {
    std::printf("trend: %+.2f a week (p %.3f), %s\n", real_of(slope, "per_week"), real_of(slope, "p"),
                text(trend, "direction").c_str());
  }
  std::printf("%-10s %5s %8s  %s\n", "week", "days", "value", "level");
  for (const Json& week : trend.contains("weeks") ? trend["weeks"] : Json::array()) {
    const double value = real_of(week, "value");
    std::printf("%-10s %5lld %8s  %s\n", text(week, "week").c_str(),
                static_cast<long long>(number_of(week, "days")),
                std::isfinite(value) ? std::to_string(value).substr(0, 7).c_str() : "",
                (text_of(week, "level").empty() ? text(week, "state") : text(week, "level")).c_str());
  }
  std::printf("%s\n", kNotice);
}

}  // namespace

int trend_there(const TrendThere& what) {
  Result<client::Server> server = open_server(what.server);
  if (!server) return report(server.error(), what.json);
  const Result<std::string> person = person_id(*server, what.person);
  if (!person) return report_there(person.error(), what.json);
  client::Query query;
  const std::pair<const char*, const std::string&> texts[] = {
      {"survey", what.survey}, {"scale", what.scale}, {"timezone", what.timezone}};
  for (const auto& [name, value] : texts) {
    if (!value.empty()) query.emplace_back(name, value);
  }
  if (what.least_days > 0) query.emplace_back("least_days", std::to_string(what.least_days));
  const std::string path = "people/" + *person + "/trend";
  const Result<Json> trend = server->get(path, query);
  if (!trend) return report_there(trend.error(), what.json);
  if (!what.csv.empty()) {
    query.emplace_back("format", "csv");
    const Result<std::string> weeks = server->get_text(path, query);
    if (!weeks) return report_there(weeks.error(), what.json);
    if (const Status written = replace_file(what.csv, *weeks); !written)
      return report(written.error(), what.json);
  }
  if (what.json) {
    print_row(*trend, true);
  } else {
    print_trend(*trend);
  }
  return 0;
}

}  // namespace pyro::cli

#include "pyro/report/run_facts.hpp"

#include <fstream>
#include <nlohmann/json.hpp>

namespace pyro::report {

Result<RunFacts> read_run_facts(const std::filesystem::path& session_json) {
  const std::string name = session_json.string();
  std::ifstream file{session_json, std::ios::binary};
  if (!file) return bad_input("cannot open " + name + ": check that it exists and may be read");
  RunFacts facts;
  try {
    const auto session = nlohmann::json::parse(file);
    if (session.at("schema") != "pyrometer-session/1")
      return bad_input(name + " is no session.json of this version");
    facts.input = session.at("input").at("name").get<std::string>();
    for (const auto& model : session.at("models")) {
      facts.models.append(facts.models.empty() ? "" : "; ")
          .append(model.at("name").get<std::string>() + " " + model.at("version").get<std::string>());
    }
    const auto& score = session.at("settings").at("score");
    score::ScoreSettings& out = facts.score;
    out.alpha = score.at("alpha").get<double>();
    out.beta = score.at("beta").get<double>();
    out.gamma = score.at("gamma").get<double>();
    out.lambda = score.at("lambda").get<double>();
    out.window = Seconds{score.at("window_s").get<double>()};
    if (score.at("profile") == score::name_of(score::Profile::extended)) {
      out.profile = score::Profile::extended;
      out.delta = score.at("delta").get<double>();
      out.baseline = Seconds{score.at("baseline_s").get<double>()};
      if (const auto rest = score.find("known_baseline"); rest != score.end()) {
        out.known_baseline =
            score::Baseline{rest->at("mean").get<double>(), rest->at("deviation").get<double>(),
                            rest->at("frames").get<std::int64_t>()};
      }
    }
  } catch (const nlohmann::json::exception& error) {
    return bad_input(name + " is no session.json; give the folder that analyze wrote", error.what());
  }
  if (const Status good = score::validate(facts.score); !good)
    return bad_input(name + ": " + good.error().message);
  return facts;
}

}  // namespace pyro::report

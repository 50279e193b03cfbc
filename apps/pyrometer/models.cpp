// models: which models there are, and whether their files are what the manifest says.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli.hpp"

namespace pyro::cli {
namespace {

int list(bool json, bool verify) {
  const Result<infer::ModelStore> models = open_models();
  if (!models) return report(models.error(), json);
  int exit = 0;
  nlohmann::json lines = nlohmann::json::array();
  for (const infer::ModelEntry& model : models->entries()) {
    nlohmann::json line{{"name", model.name},          {"version", model.version}, {"file", model.file.path},
                        {"sha256", model.file.sha256}, {"licence", model.licence}, {"source", model.source}};
    std::string state;
    if (verify) {
      const Status verified = models->verify(model);
      line["verified"] = verified.has_value();
      state = verified ? "ok   " : "BAD  ";
      if (!verified) {
        line["error"] = verified.error().text();
        exit = report(verified.error());
      }
    }
    if (!json) {
      std::printf("%s%-24s %-8s %-12s %.12s  %s\n", state.c_str(), model.name.c_str(), model.version.c_str(),
                  model.licence.c_str(), model.file.sha256.c_str(), model.source.c_str());
    }
    lines.push_back(std::move(line));
  }
  if (json) std::printf("%s\n", lines.dump().c_str());
  return exit;
}

}  // namespace

void add_models(CLI::App& app, Chosen& chosen) {
  CLI::App* verb =
      app.add_subcommand("models", "Lists the models, or verifies their files against the manifest");
  auto json = std::make_shared<bool>(false);
  auto what = std::make_shared<std::string>("list");
  verb->add_option("what", *what, "list or verify")
      ->check(CLI::IsMember({"list", "verify"}))
      ->capture_default_str();
  verb->add_flag("--json", *json, "One line of JSON");
  verb->footer("Example: pyrometer models verify");
  verb->callback([&chosen, json, what] { chosen = [json, what] { return list(*json, *what == "verify"); }; });
}

}  // namespace pyro::cli

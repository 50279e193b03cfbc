// models verify: the files of every model against their checksums, and every recorded self-test.
#include <algorithm>
#include <cstdio>

#include "models.hpp"

namespace pyro::cli {
namespace {

int verify(const ModelsFlags& flags) {
  const Result<registry::Catalogue> models = open_catalogue(flags.place);
  if (!models) return report(models.error(), flags.json);
  int exit = 0;
  nlohmann::json lines = nlohmann::json::array();
  for (const infer::ModelEntry& entry : models->store.entries()) {
    nlohmann::json line = registry::to_json(*models, entry);
    Status good = models->store.verify(entry);
    line["verified"] = good.has_value();
    std::string test = "not run";
    if (good) {
      const Result<bool> ran = models->store.self_test(entry);
      test = !ran ? "failed" : *ran ? "passed" : "none";
      if (!ran) good = tl::make_unexpected(ran.error());
    }
    line["self_test"] = test;
    if (!good) {
      line["error"] = good.error().text();
      exit = std::max(exit, report(good.error()));
    }
    if (!flags.json)
      std::printf("%s  %-32s checksums %s, self-test %s\n", good ? "ok " : "BAD", entry.reference().c_str(),
                  line["verified"].get<bool>() ? "right" : "wrong", test.c_str());
    lines.push_back(std::move(line));
  }
  for (const registry::Broken& broken : models->registry.broken()) {
    lines.push_back({{"reference", broken.reference}, {"verified", false}, {"error", broken.error.text()}});
    if (!flags.json) std::printf("BAD  %-32s its record cannot be used\n", broken.reference.c_str());
    exit = std::max(exit, report(broken.error));
  }
  if (flags.json) std::printf("%s\n", lines.dump().c_str());
  return exit;
}

}  // namespace

void add_models_verify(CLI::App& models, Chosen& chosen) {
  CLI::App* verb = models.add_subcommand(
      "verify", "Checks every model's files against their checksums and runs its self-test");
  auto flags = std::make_shared<ModelsFlags>();
  add_models_flags(*verb, *flags);
  verb->footer("Example: pyrometer models verify");
  verb->callback([&chosen, flags] { chosen = [flags] { return verify(*flags); }; });
}

}  // namespace pyro::cli

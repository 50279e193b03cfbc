// models promote, models rollback: which version a name means.
#include <cstdio>

#include "models.hpp"

namespace pyro::cli {
namespace {

struct PromoteFlags {
  ModelsFlags models;
  std::string model, as;
};

int tell(const Result<registry::Change>& change, bool json) {
  if (!change) return report(change.error(), json);
  if (json) {
    std::printf("%s\n",
                nlohmann::json{{"name", change->channel}, {"before", change->from}, {"now", change->to}}
                    .dump()
                    .c_str());
    return 0;
  }
  const char* now = change->to.empty() ? "nothing" : change->to.c_str();
  if (change->from == change->to) {
    std::printf("%s means %s already\n", change->channel.c_str(), now);
  } else {
    std::printf("%s means %s now; before: %s\n", change->channel.c_str(), now,
                change->from.empty() ? "nothing" : change->from.c_str());
  }
  return 0;
}

int change(const PromoteFlags& flags, bool back) {
  const bool json = flags.models.json;
  const Result<registry::Place> place = find_place(flags.models.place);
  if (!place) return report(place.error(), json);
  if (place->registry.empty())
    return report(
        {ErrorCode::wrong_use, "with --models the registry has to be named too: give --registry", ""}, json);
  if (back) return tell(registry::rollback(*place, flags.model), json);
  const std::string name = flags.as.empty() ? flags.model.substr(0, flags.model.find('@')) : flags.as;
  return tell(registry::promote(*place, flags.model, name), json);
}

}  // namespace

void add_models_promote(CLI::App& models, Chosen& chosen) {
  CLI::App* promote =
      models.add_subcommand("promote", "Puts a version into use: --model NAME means it from now on");
  auto flags = std::make_shared<PromoteFlags>();
  promote->add_option("model", flags->model, "name@version")->required();
  promote->add_option(
      "--as", flags->as,
      "The name that shall mean it; else its own (expression: what is used unless --model says otherwise)");
  add_models_flags(*promote, flags->models);
  promote->footer("Example: pyrometer models promote ward3@1.1.0 --as expression");
  promote->callback([&chosen, flags] { chosen = [flags] { return change(*flags, false); }; });

  CLI::App* rollback =
      models.add_subcommand("rollback", "A name means again what it meant before its last promotion");
  auto back = std::make_shared<PromoteFlags>();
  rollback->add_option("name", back->model, "The name")->required();
  add_models_flags(*rollback, back->models);
  rollback->footer("Example: pyrometer models rollback expression");
  rollback->callback([&chosen, back] { chosen = [back] { return change(*back, true); }; });
}

}  // namespace pyro::cli

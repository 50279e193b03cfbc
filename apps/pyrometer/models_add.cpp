// models add, models selftest: takes an exported model into the registry; writes a self-test beside one.
#include <cstdio>

#include "models.hpp"

namespace pyro::cli {
namespace {

struct AddFlags {
  ModelsFlags models;
  std::string from, name, version, licence, source, parent, task;
};

int add(const AddFlags& flags) {
  const bool json = flags.models.json;
  const Result<registry::Place> place = find_place(flags.models.place);
  if (!place) return report(place.error(), json);
  if (place->registry.empty())
    return report(
        {ErrorCode::wrong_use, "with --models the registry has to be named too: give --registry", ""}, json);
  registry::Addition addition{flags.from, flags.name, std::nullopt};
  if (!flags.version.empty()) {
    addition.version = registry::version_of(flags.version);
    if (!addition.version)
      return report(
          {ErrorCode::wrong_use, "--version " + flags.version + " must be three numbers: 1.0.0", ""}, json);
  }
  if (!flags.parent.empty() && !registry::reference_of(flags.parent))
    return report(
        {ErrorCode::wrong_use, "--parent " + flags.parent + " must be name@version: expression@1.0.0", ""},
        json);
  for (const auto& [key, text] : {std::pair("licence", &flags.licence), std::pair("source", &flags.source),
                                  std::pair("parent", &flags.parent), std::pair("task", &flags.task)}) {
    if (!text->empty()) addition.facts[key] = *text;
  }
  const Result<registry::Added> added = registry::add(*place, addition);
  if (!added) return report(added.error(), json);
  const std::string reference = added->entry.reference();
  if (json) {
    std::printf("%s\n", registry::Json{{"added", reference}, {"record", added->record}}.dump().c_str());
  } else {
    std::printf(
        "added %s (self-test %s); use it with --model %s, or put it into use: pyrometer models promote %s\n",
        reference.c_str(), registry::text_at(added->record["self_test"], "from").c_str(), reference.c_str(),
        reference.c_str());
  }
  return 0;
}

struct SelfTestFlags {
  ModelsFlags models;
  std::string from;
};

int self_test(const SelfTestFlags& flags) {
  const bool json = flags.models.json;
  const Result<registry::Place> place = find_place(flags.models.place);
  if (!place) return report(place.error(), json);
  const Result<infer::ModelFile> file = registry::write_self_test(*place, flags.from);
  if (!file) return report(file.error(), json);
  if (json) {
    std::printf("%s\n", nlohmann::json{{"path", file->path}, {"bytes", file->bytes}, {"sha256", file->sha256}}
                            .dump()
                            .c_str());
  } else {
    std::printf("%s\nself_test_bytes = %llu\nself_test_sha256 = \"%s\"\n", file->path.c_str(),
                static_cast<unsigned long long>(file->bytes), file->sha256.c_str());
  }
  return 0;
}

}  // namespace

void add_models_add(CLI::App& models, Chosen& chosen) {
  CLI::App* verb = models.add_subcommand("add",
                                         "Takes an exported model (.xml and .bin, fused.json or "
                                         "regression.json; with record.json and selftest.json where there "
                                         "are) into the registry as a new version");
  auto flags = std::make_shared<AddFlags>();
  verb->add_option("from", flags->from, "The exported folder, its .xml, fused.json or regression.json")
      ->required();
  verb->add_option("--name", flags->name, "What the model is called")->required();
  verb->add_option("--version", flags->version, "Version, as 1.2.0; else the next one");
  verb->add_option("--licence", flags->licence, "SPDX identifier; else what the record says");
  verb->add_option("--source", flags->source, "Where it comes from");
  verb->add_option("--parent", flags->parent,
                   "The model that it was fine-tuned or distilled from, as name@version");
  verb->add_option("--task", flags->task, "What it is for; else what the record says");
  add_models_flags(*verb, flags->models);
  verb->footer(
      "Example: pyrometer models add out/run7/export --name ward3 --licence Apache-2.0 --parent "
      "expression@1.0.0");
  verb->callback([&chosen, flags] { chosen = [flags] { return add(*flags); }; });
}

void add_models_selftest(CLI::App& models, Chosen& chosen) {
  CLI::App* verb = models.add_subcommand(
      "selftest", "Writes selftest.json beside an exported model: what it answers to synthetic inputs");
  auto flags = std::make_shared<SelfTestFlags>();
  verb->add_option("from", flags->from, "The exported folder, or its .xml")->required();
  add_models_flags(*verb, flags->models);
  verb->footer("Example: pyrometer models selftest models/expression");
  verb->callback([&chosen, flags] { chosen = [flags] { return self_test(*flags); }; });
}

}  // namespace pyro::cli

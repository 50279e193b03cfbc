// models card: the model card, made from the model's record.
#include <cstdio>

#include "models.hpp"
#include "pyro/base/files.hpp"
#include "pyro/registry/card.hpp"

namespace pyro::cli {
namespace {

struct CardFlags {
  ModelsFlags models;
  std::string name, out;
};

int card(const CardFlags& flags) {
  const bool json = flags.models.json;
  const Result<registry::Catalogue> models = open_catalogue(flags.models.place);
  if (!models) return report(models.error(), json);
  const Result<const infer::ModelEntry*> entry = models->find(flags.name);
  if (!entry) return report(entry.error(), json);
  const Result<registry::Json> record = registry::record_of(models->place, **entry);
  if (!record) return report(record.error(), json);
  if (flags.out.empty()) {
    const std::string text = registry::card_markdown(*record);
    std::printf("%s\n",
                json ? nlohmann::json{{"model", (*entry)->reference()}, {"markdown", text}}.dump().c_str()
                     : text.c_str());
    return 0;
  }
  if (!flags.out.ends_with(".md") && !flags.out.ends_with(".html"))
    return report({ErrorCode::wrong_use, "--out " + flags.out + " must end in .md or .html", ""}, json);
  const Status written = flags.out.ends_with(".html")
                             ? registry::card_page(*record).write(flags.out)
                             : replace_file(flags.out, registry::card_markdown(*record));
  if (!written) return report(written.error(), json);
  if (json) {
    std::printf("%s\n", nlohmann::json{{"model", (*entry)->reference()}, {"file", flags.out}}.dump().c_str());
  } else {
    std::printf("%s\n", flags.out.c_str());
  }
  return 0;
}

}  // namespace

void add_models_card(CLI::App& models, Chosen& chosen) {
  CLI::App* verb = models.add_subcommand("card", "The model card: purpose, limits, data, figures, licence");
  auto flags = std::make_shared<CardFlags>();
  verb->add_option("model", flags->name, "Name, or name@version")->required();
  verb->add_option("--out", flags->out, "File ending in .md or .html; else Markdown on standard output");
  add_models_flags(*verb, flags->models);
  verb->footer("Example: pyrometer models card expression --out card.html");
  verb->callback([&chosen, flags] { chosen = [flags] { return card(*flags); }; });
}

}  // namespace pyro::cli

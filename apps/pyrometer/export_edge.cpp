// export: what leaves this machine, or a server. edge: the models that a small device needs; the others have
// files of their own.
#include <cstdio>

#include "cli.hpp"
#include "fhir/fhir.hpp"
#include "models.hpp"
#include "pyro/registry/edge_bundle.hpp"
#include "pyro/signals/embedding_map.hpp"
#include "server/server.hpp"

namespace pyro::cli {
namespace {

struct EdgeFlags {
  ModelsFlags models;
  std::string out, model = "expression";
};

int export_edge(const EdgeFlags& flags) {
  const bool json = flags.models.json;
  const Result<registry::Place> place = find_place(flags.models.place);
  if (!place) return report(place.error(), json);
  const Result<infer::ModelStore> models = open_models(flags.models.place);
  if (!models) return report(models.error(), json);
  const Result<registry::EdgeBundle> bundle =
      registry::make_edge_bundle(*place, flags.model, signals::map_beside(*models, flags.model));
  if (!bundle) return report(bundle.error(), json);
  if (Status written = registry::write_edge_bundle(*bundle, flags.out); !written)
    return report(written.error(), json);
  std::uint64_t bytes = 0;
  for (const auto& [path, content] : bundle->files) bytes += content.size();
  std::vector<std::string> names;
  for (const infer::ModelEntry& entry : bundle->models) names.push_back(entry.reference());
  if (json) {
    std::printf("%s\n",
                nlohmann::json{
                    {"out", flags.out}, {"models", names}, {"files", bundle->files.size()}, {"bytes", bytes}}
                    .dump()
                    .c_str());
  } else {
    std::printf("%s: %s; %zu files, %.1f MB unpacked\n", flags.out.c_str(), joined(names).c_str(),
                bundle->files.size(), static_cast<double>(bytes) / 1e6);
  }
  return 0;
}

}  // namespace

void add_export(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("export", "Writes what is needed elsewhere");
  verb->require_subcommand(1);
  verb->footer("Example: pyrometer export edge --out edge.tar.gz");
  CLI::App* edge =
      verb->add_subcommand("edge",
                           "The models that a small device needs (with the map of embeddings where it is of "
                           "this model), with manifest, checksums and licences; run there with --models");
  auto flags = std::make_shared<EdgeFlags>();
  edge->add_option("--out", flags->out, "A folder, or a file ending in .tar.gz")->required();
  edge->add_option("--model", flags->model, "Expression model: name or name@version")->capture_default_str();
  add_models_flags(*edge, flags->models);
  edge->footer("Example: pyrometer export edge --out edge.tar.gz --model ward3@1.1.0");
  edge->callback([&chosen, flags] { chosen = [flags] { return export_edge(*flags); }; });
  add_export_fhir(*verb, chosen);
  add_export_there(*verb, chosen);
}

}  // namespace pyro::cli

#include "map/map.hpp"

#include <nlohmann/json.hpp>

#include "pyro/datasets/random.hpp"
#include "verbs/verbs.hpp"

namespace pyro::training {
namespace {

struct MapFlags {
  std::vector<std::string> data;
  MapJob job;
  double hold_out = 0.2;
  std::size_t faces = 0;
};

Status map(const MapFlags& flags) {
  const Result<std::vector<Source>> sources = parse_sources(flags.data);
  if (!sources) {
    return tl::make_unexpected(sources.error());
  }
  Result<std::vector<Sample>> samples = read_samples(*sources);
  if (!samples) {
    return tl::make_unexpected(samples.error());
  }
  MapJob job = flags.job;
  job.embedding.scratch = job.out;
  if (job.embedding.cache.empty()) {
    job.embedding.cache = job.out / "embeddings.arrays";
  }
  if (flags.faces > 0 && flags.faces < samples->size()) {
    datasets::Random random(job.encoder.seed);
    shuffle(std::span<Sample>(*samples), random);
    samples->resize(flags.faces);
  }
  return print(fit_map(split(std::move(*samples), flags.hold_out, job.encoder.seed), job));
}

}  // namespace

void add_map(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "map", "fit the map of a model's embedding in two dimensions (parametric supervised UMAP)");
  verb->footer(
      "Example: pyrometer-train map --model models/expression/expression.xml --data ../shared/data/fer2013 "
      "--out out/map");
  auto flags = std::make_shared<MapFlags>();
  MapJob& job = flags->job;
  verb->add_option("--model", job.embedding.model, "an expression model, .xml with its .bin beside it")
      ->required()
      ->check(CLI::ExistingFile);
  verb->add_option("--data", flags->data, kSourcesHelp)->required();
  verb->add_option("--out", job.out, "folder for map.xml, map.bin, selftest.json, map.json and map.html")
      ->required();
  verb->add_option("--head", job.head, "whose labels draw the map together")
      ->check(CLI::IsMember({"product", "fer2013"}))
      ->capture_default_str();
  verb->add_option("--hold-out", flags->hold_out,
                   "share of the faces (whole persons where known) to judge on; a network's own share and "
                   "seed: faces that are new to both")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  verb->add_option("--faces", flags->faces, "at most this many, drawn by --seed; 0: all")
      ->capture_default_str();
  verb->add_option("--min-dist", job.min_dist, "how near dots may lie")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  verb->add_option("--spread", job.spread, "how far a neighbourhood reaches on the map")
      ->check(CLI::Range(0.1, 10.0))
      ->capture_default_str();
  verb->add_option("--far", job.supervision.far,
                   "how far labels hold classes apart; 0: the map knows no labels")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  verb->add_option("--steps", job.encoder.steps)->check(CLI::Range(1, 1000000))->capture_default_str();
  verb->add_option("--batch", job.encoder.batch, "edges a step")
      ->check(CLI::Range(8, 65536))
      ->capture_default_str();
  verb->add_option("--learning-rate", job.encoder.learning_rate)
      ->check(CLI::Range(1e-6, 1.0))
      ->capture_default_str();
  verb->add_option("--cache", job.embedding.cache,
                   "file of embeddings that later runs take up again; default: in --out");
  verb->add_option("--seed", job.encoder.seed)->capture_default_str();
  add_threads(*verb);
  verb->callback([&chosen, flags] {
    chosen = [flags] {
      flags->job.embedding.threads = torch::get_num_threads();
      return map(*flags);
    };
  });
}

}  // namespace pyro::training

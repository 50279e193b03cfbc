#include "finetune/finetune.hpp"

#include <nlohmann/json.hpp>

#include "verbs/verbs.hpp"

namespace pyro::training {
namespace {

struct Flags {
  std::vector<std::string> data;
  FinetuneJob job;
  double hold_out = 0.2;
};

Status run(const Flags& flags) {
  Result<std::vector<Source>> sources = parse_sources(flags.data);
  if (!sources) {
    return tl::make_unexpected(sources.error());
  }
  Result<std::vector<Sample>> samples = read_samples(*sources);
  if (!samples) {
    return tl::make_unexpected(samples.error());
  }
  FinetuneJob job = flags.job;
  if (job.cache.empty()) {
    job.cache = job.out / "embeddings.arrays";
  }
  return print(finetune(split(std::move(*samples), flags.hold_out, job.seed), job));
}

}  // namespace

void add_finetune(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "finetune",
      "fit one head of a model anew on your own labels; the network itself stays (all of it: train --from)");
  verb->footer(
      "Example: pyrometer-train finetune --model models/expression/expression.xml --data faces/ --out "
      "out/ours");
  auto flags = std::make_shared<Flags>();
  FinetuneJob& job = flags->job;
  verb->add_option("--model", job.model, "an expression model, .xml with its .bin beside it")
      ->required()
      ->check(CLI::ExistingFile);
  verb->add_option("--data", flags->data, kSourcesHelp)->required();
  verb->add_option("--out", job.out, "folder for the new expression.xml and .bin")->required();
  verb->add_option("--head", job.head, "the head that learns the labels")
      ->check(CLI::IsMember({"product", "fer2013"}))
      ->capture_default_str();
  verb->add_option("--hold-out", flags->hold_out,
                   "share of the pictures (whole persons where known) to judge on")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  verb->add_option("--cache", job.cache,
                   "file of embeddings that later runs take up again; default: in --out");
  verb->add_option("--seed", job.seed)->capture_default_str();
  verb->add_option("--threads", job.threads)->check(CLI::Range(1, 64))->capture_default_str();
  verb->callback([&chosen, flags] { chosen = [flags] { return run(*flags); }; });
}

}  // namespace pyro::training

#include "landmarks/landmarks.hpp"

#include <nlohmann/json.hpp>

#include "datasets/samples.hpp"
#include "verbs/verbs.hpp"

namespace pyro::training {
namespace {

struct LandmarkFlags {
  std::vector<std::string> data;
  std::filesystem::path features, out, public_data, public_features;
  LandmarkOptions options;
};

Status landmarks(const LandmarkFlags& flags) {
  const Result<std::vector<Source>> sources = parse_sources(flags.data);
  if (!sources) {
    return tl::make_unexpected(sources.error());
  }
  Result<std::vector<Sample>> samples = read_samples(*sources);
  if (!samples) {
    return tl::make_unexpected(samples.error());
  }
  const Result<FeatureTable> table = read_features(flags.features);
  if (!table) {
    return tl::make_unexpected(table.error());
  }
  std::optional<Judging> judging;
  if (!flags.public_data.empty()) {
    Result<std::vector<Picture>> pictures = read_fer2013(flags.public_data, Part::public_test);
    if (!pictures) {
      return tl::make_unexpected(pictures.error());
    }
    const Result<std::vector<Picture>> training = read_fer2013(flags.public_data, Part::training);
    if (!training) {
      return tl::make_unexpected(training.error());
    }
    Result<FeatureTable> measured = read_features(flags.public_features);
    if (!measured) {
      return tl::make_unexpected(measured.error());
    }
    std::vector<bool> twins = twins_of(*pictures, *training);
    judging.emplace(Judging{std::move(*pictures), std::move(twins), std::move(*measured)});
  }
  return print(
      fit_landmarks(std::move(*samples), *table, flags.options, judging ? &*judging : nullptr, flags.out));
}

}  // namespace

void add_landmarks(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "landmarks", "fit boosted trees on landmarks, and what fuses them with the expression network");
  verb->footer(
      "Example: pyrometer dataset landmarks --dataset "
      "../shared/data/fer2013/fer2013-train-images-idx3-ubyte.gz "
      "--out train.csv; pyrometer-train landmarks --data ../shared/data/fer2013 --features train.csv --out "
      "out/fused");
  auto flags = std::make_shared<LandmarkFlags>();
  LandmarkOptions& options = flags->options;
  TreeOptions& trees = options.trees;
  verb->add_option("--data", flags->data, kSourcesHelp)->required();
  verb->add_option("--features", flags->features, "of these pictures, by `pyrometer dataset landmarks`")
      ->required();
  verb->add_option("--out", flags->out, "folder for fused.json, selftest.json and report.json")->required();
  CLI::Option* judged = verb->add_option("--public-features", flags->public_features,
                                         "of FER2013's PublicTest: judged once at the end, decides nothing");
  verb->add_option("--public-data", flags->public_data, kDataHelp)->needs(judged);
  judged->needs("--public-data");
  verb->add_option("--seed", trees.seed)->capture_default_str();
  verb->add_option("--split-seed", options.split_seed,
                   "the network's own, so that both know the same pictures")
      ->capture_default_str();
  verb->add_option("--hold-out", options.hold_out, "the network's own")
      ->check(CLI::Range(0.01, 0.9))
      ->capture_default_str();
  verb->add_option("--rounds", trees.rounds, "most; each adds a tree a class")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  verb->add_option("--patience", trees.patience)->check(CLI::Range(1, 10000))->capture_default_str();
  verb->add_option("--depth", trees.max_depth)->check(CLI::Range(1, 10))->capture_default_str();
  verb->add_option("--learning-rate", trees.learning_rate)
      ->check(CLI::Range(0.001, 1.0))
      ->capture_default_str();
  verb->add_option("--pull", options.pull, "of the fusion's weights towards the network alone")
      ->check(CLI::Range(0.0, 10.0))
      ->capture_default_str();
  verb->add_option("--smoothing", options.smoothing_s, "seconds that the model's answer remembers in a video")
      ->check(CLI::Range(0.0, 60.0))
      ->capture_default_str();
  verb->callback([&chosen, flags] { chosen = [flags] { return landmarks(*flags); }; });
}

}  // namespace pyro::training

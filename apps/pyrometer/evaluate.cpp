// evaluate: how well the expression model predicts a labelled set, on cropped faces or on whole pictures.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "pyro/datasets/labelled.hpp"
#include "pyro/datasets/metrics.hpp"
#include "stills.hpp"

namespace pyro::cli {
namespace {

struct EvaluateFlags {
  std::string dataset, labels;
  bool cropped = false, json = false;
  WalkFlags walk;
};

// What the model says of one picture; nothing where no usable face was found, which counts as an error and is
// told apart.
Result<std::optional<records::Emotion>> predict(StillReader& reader,
                                                const datasets::LabelledPicture& picture) {
  if (picture.face) {
    const Result<records::Expression> expression = reader.read(*picture.face);
    if (!expression) return tl::make_unexpected(expression.error());
    return expression->label();
  }
  const Result<std::vector<StillFace>> faces = reader.read(picture.name);
  if (!faces) return tl::make_unexpected(faces.error());
  if (faces->empty()) return std::optional<records::Emotion>{};
  const std::optional<records::Expression>& expression = faces->front().expression;
  return expression ? std::optional{expression->label()} : std::nullopt;
}

int evaluate(const EvaluateFlags& flags) {
  const Result<pipeline::WalkSettings> settings = settle(flags.walk);
  if (!settings) return report(settings.error(), flags.json);
  if (!settings->expressions) {
    return report({ErrorCode::wrong_use, "evaluate judges expressions: leave out --no-expressions", ""},
                  flags.json);
  }
  const Result<std::vector<datasets::LabelledPicture>> pictures =
      datasets::read_labelled(flags.dataset, flags.labels);
  if (!pictures) return report(pictures.error(), flags.json);
  const bool cropped = flags.cropped || pictures->front().face.has_value();
  const Result<infer::ModelStore> models = open_models();
  if (!models) return report(models.error(), flags.json);
  Result<StillReader> reader = StillReader::create(*models, *settings, cropped);
  if (!reader) return report(reader.error(), flags.json);

  std::vector<datasets::Judged> judged;
  std::int64_t missed = 0;
  for (const datasets::LabelledPicture& picture : *pictures) {
    if (interrupted().stop_requested()) return kExitInterrupted;
    const Result<std::optional<records::Emotion>> predicted = predict(*reader, picture);
    if (!predicted) return report(predicted.error(), flags.json);
    missed += *predicted ? 0 : 1;
    judged.push_back(
        {static_cast<int>(picture.label), *predicted ? static_cast<int>(**predicted) : datasets::kMissed});
  }
  const datasets::Figures figures = datasets::figures_of(judged);
  const datasets::Interval interval = datasets::accuracy_interval(judged, 1);
  if (flags.json) {
    nlohmann::json line = datasets::to_json(figures);
    line["accuracy_95"] = {interval.low, interval.high};
    line["faces_missed"] = missed;
    line["model"] = settings->expression_model;
    line["head"] = flags.walk.head;
    line["cropped"] = cropped;
    std::printf("%s\n", line.dump().c_str());
    return 0;
  }
  std::printf("%d pictures, model %s, head %s, %s\n", figures.n, settings->expression_model.c_str(),
              flags.walk.head.c_str(), cropped ? "cropped faces" : "whole pictures");
  std::printf(
      "accuracy %.2f %% (95 %% bootstrap interval %.2f to %.2f), balanced %.2f %%, macro-F1 %.3f, faces "
      "missed %lld\n\n",
      100 * figures.accuracy, 100 * interval.low, 100 * interval.high, 100 * figures.balanced_accuracy,
      figures.macro_f1, static_cast<long long>(missed));
  std::printf("%-10s", "truth \\ said");
  for (const std::string_view name : records::kEmotionNames) std::printf(" %8s", std::string{name}.c_str());
  std::printf("\n");
  for (std::size_t truth = 0; truth < figures.confusion.size(); ++truth) {
    std::printf("%-12s", std::string{records::kEmotionNames[truth]}.c_str());
    for (const int count : figures.confusion[truth]) std::printf(" %8d", count);
    std::printf("\n");
  }
  return 0;
}

}  // namespace

void add_evaluate(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("evaluate", "How well the expression model predicts a labelled set");
  auto flags = std::make_shared<EvaluateFlags>();
  verb->add_option("--dataset", flags->dataset,
                   "A folder per class, a CSV (path,label), or IDX images (48x48)")
      ->required();
  verb->add_option("--labels", flags->labels, "IDX labels for IDX images");
  verb->add_flag("--cropped", flags->cropped,
                 "Each picture is one cropped face already; nothing is detected");
  verb->add_flag("--json", flags->json, "One line of JSON");
  add_walk_flags(*verb, flags->walk);
  verb->footer(
      "Example: pyrometer evaluate --dataset images-idx3-ubyte.gz --labels labels-idx1-ubyte.gz --cropped "
      "--head fer2013");
  verb->callback([&chosen, flags] { chosen = [flags] { return evaluate(*flags); }; });
}

}  // namespace pyro::cli

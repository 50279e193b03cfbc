// evaluate: how well the expression model predicts a labelled set, on cropped faces or on whole pictures.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "evaluate_text.hpp"
#include "judging.hpp"
#include "pyro/datasets/evaluation.hpp"
#include "pyro/datasets/twins.hpp"
#include "report_pages.hpp"

namespace pyro::cli {
namespace {

using datasets::JudgedItems;
using datasets::Prediction;

struct EvaluateFlags {
  JudgedFlags set;
  std::string predictions, against, calibrate_on, save;
  PageFlags page;
  bool json = false;
  std::uint64_t seed = 1;
  WalkFlags walk;
};

// The set that a temperature may be fitted on: none of its pictures is judged.
Result<datasets::Dataset> validation_of(const std::string& where, const JudgedTask& task) {
  Result<datasets::Dataset> set = datasets::read_dataset(where);
  if (!set) return set;
  const Result<std::vector<bool>> twins = datasets::exact_twins_in(task.judged.items, set->items);
  if (!twins) return tl::make_unexpected(twins.error());
  if (const auto shared = std::ranges::count(*twins, true); shared > 0) {
    return bad_input(
        std::to_string(shared) + " of the " + std::to_string(twins->size()) + " judged pictures are in '" +
        where +
        "', and a temperature that has seen them says nothing about them: fit on a validation set, or "
        "leave them out with --exclude-twins-of " +
        where);
  }
  return set;
}

// One model over pictures; empty where it was interrupted.
class Runner {
 public:
  Runner(const infer::ModelStore& models, pipeline::WalkSettings settings, bool cropped)
      : models_(models), settings_(std::move(settings)), cropped_(cropped) {}
  Result<std::vector<Prediction>> run(const std::string& model,
                                      const std::vector<datasets::Item>& items) const {
    pipeline::WalkSettings settings = settings_;
    settings.expression_model = model;
    Result<pipeline::StillReader> reader = pipeline::StillReader::create(models_, settings, cropped_);
    if (!reader) return tl::make_unexpected(reader.error());
    return predictions_of(*reader, items);
  }
  [[nodiscard]] std::string reference(const std::string& model) const {
    return models_.find(model)->reference();  // what the name means
  }
  [[nodiscard]] const std::string& model() const { return settings_.expression_model; }

 private:
  const infer::ModelStore& models_;
  pipeline::WalkSettings settings_;
  bool cropped_;
};

bool is_file(const std::string& where) {
  std::error_code error;
  return std::filesystem::is_regular_file(where, error) || where.ends_with(".csv");
}

Status add_rival(const EvaluateFlags& flags, const JudgedTask& task, const Runner& runner,
                 const std::vector<Prediction>& predictions, datasets::Evaluation& evaluation) {
  const bool file = is_file(flags.against);
  const Result<std::vector<Prediction>> rivals = file ? datasets::read_predictions(flags.against, task.judged)
                                                      : runner.run(flags.against, task.judged.items);
  if (!rivals) return tl::make_unexpected(rivals.error());
  if (interrupted().stop_requested()) return {};
  evaluation.rival = datasets::rival_of(file ? flags.against : runner.reference(flags.against),
                                        task.judged.items, predictions, *rivals, flags.seed);
  return {};
}

Status add_scaling(const datasets::Dataset& validation, const JudgedTask& task, const Runner& runner,
                   const std::vector<Prediction>& predictions, datasets::Evaluation& evaluation) {
  const Result<std::vector<Prediction>> said = runner.run(runner.model(), validation.items);
  if (!said) return tl::make_unexpected(said.error());
  if (interrupted().stop_requested()) return {};
  const std::vector<datasets::Answer> answers = datasets::answers_of(validation.items, *said);
  const Result<double> temperature = datasets::fit_temperature(answers);
  if (!temperature) return bad_input(validation.name + ": " + temperature.error().message);
  const std::vector<datasets::Answer> judged = datasets::answers_of(task.judged.items, predictions);
  evaluation.scaling = {validation.name, static_cast<int>(answers.size()), *temperature,
                        datasets::calibration_of(datasets::tempered(judged, *temperature))};
  return {};
}

// The whole evaluation; what it wrote and the predictions are needed for the page and for --save.
struct Done {
  JudgedTask task;
  std::vector<Prediction> predictions;
  datasets::Evaluation evaluation;
};

Result<Done> judge(const EvaluateFlags& flags) {
  const Result<pipeline::WalkSettings> settings = settle(flags.walk);
  if (!settings) return tl::make_unexpected(settings.error());
  if (!settings->expressions) return wrong_use("evaluate judges expressions: leave out --no-expressions");
  const bool given = !flags.predictions.empty();
  Result<JudgedTask> task = task_of(flags.set);
  if (!task) return tl::make_unexpected(task.error());
  task->protocol.head = flags.walk.head;
  task->protocol.seed = flags.seed;
  std::optional<datasets::Dataset> validation;
  if (!flags.calibrate_on.empty()) {
    Result<datasets::Dataset> set = validation_of(flags.calibrate_on, *task);
    if (!set) return tl::make_unexpected(set.error());
    validation = std::move(*set);
  }
  const Result<infer::ModelStore> models = open_models(flags.walk.place);
  if (!models) return tl::make_unexpected(models.error());
  const Runner runner(*models, *settings, task->protocol.cropped);
  Result<std::vector<Prediction>> predictions =
      given ? datasets::read_predictions(flags.predictions, task->judged)
            : runner.run(runner.model(), task->judged.items);
  if (!predictions) return tl::make_unexpected(predictions.error());
  if (interrupted().stop_requested()) return Done{};
  task->protocol.from_file = given;
  task->protocol.model = given ? flags.predictions : runner.reference(runner.model());

  datasets::Evaluation evaluation = datasets::evaluation_of(task->protocol, task->judged.items, *predictions);
  if (!flags.against.empty()) {
    if (Status done = add_rival(flags, *task, runner, *predictions, evaluation); !done)
      return tl::make_unexpected(done.error());
  }
  if (validation) {
    if (Status done = add_scaling(*validation, *task, runner, *predictions, evaluation); !done)
      return tl::make_unexpected(done.error());
  }
  return Done{std::move(*task), std::move(*predictions), std::move(evaluation)};
}

int evaluate(const EvaluateFlags& flags) {
  const Result<Done> done = judge(flags);
  if (!done) return report(done.error(), flags.json);
  if (interrupted().stop_requested()) return kExitInterrupted;
  if (!flags.save.empty()) {
    if (Status saved = datasets::write_predictions(flags.save, done->task.judged, done->predictions); !saved)
      return report(saved.error(), flags.json);
  }
  if (flags.page.wanted()) {
    const html::Page page =
        datasets::evaluation_page(done->evaluation, done->task.judged.items, done->predictions);
    if (Status written = write_report(page, flags.page); !written) return report(written.error(), flags.json);
  }
  if (flags.json) {
    const nlohmann::json line = datasets::to_json(done->evaluation);
    std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    print(done->evaluation);
  }
  return 0;
}

}  // namespace

void add_evaluate(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("evaluate", "How well the expression model predicts a labelled set");
  auto flags = std::make_shared<EvaluateFlags>();
  add_judged_flags(*verb, flags->set);
  verb->add_flag("--json", flags->json, "One line of JSON");
  add_page_flags(*verb, flags->page, "all figures and the pictures behind them");
  CLI::Option* predictions =
      verb->add_option(
              "--predictions", flags->predictions,
              "Judge these instead of running a model: a CSV with index or path, and label or the seven "
              "probabilities")
          ->type_name("CSV");
  verb->add_option(
          "--against", flags->against,
          "Compare with another model, or with a CSV as of --predictions: McNemar's test, difference")
      ->type_name("MODEL|CSV");
  verb->add_option("--calibrate-on", flags->calibrate_on,
                   "Fit a temperature on this validation set and tell what it does to the calibration")
      ->type_name("DATASET")
      ->excludes(predictions);
  verb->add_option("--save", flags->save, "Write what was said of each picture, as --predictions takes it")
      ->type_name("CSV");
  verb->add_option("--seed", flags->seed, "Of the bootstrap intervals")->capture_default_str();
  add_walk_flags(*verb, flags->walk);
  verb->footer(
      "Example: pyrometer evaluate --dataset images-idx3-ubyte.gz --labels labels-idx1-ubyte.gz --cropped "
      "--head fer2013");
  verb->callback([&chosen, flags] { chosen = [flags] { return evaluate(*flags); }; });
}

}  // namespace pyro::cli

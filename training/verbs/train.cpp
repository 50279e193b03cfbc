#include <iostream>
#include <nlohmann/json.hpp>

#include "evaluate/outputs.hpp"
#include "fit/fit.hpp"
#include "fit/report.hpp"
#include "verbs/progress.hpp"
#include "verbs/verbs.hpp"

namespace pyro::training {
namespace {

struct TrainFlags {
  std::vector<std::string> data;
  RunFolder folder;
  std::vector<std::filesystem::path> teachers;
  FitOptions fit;
  bool json = false;
};

Status train(const TrainFlags& flags) {
  const Result<std::vector<Source>> sources = parse_sources(flags.data);
  if (!sources) {
    return tl::make_unexpected(sources.error());
  }
  Result<Split> data = read_split(*sources, flags.fit);
  if (!data) {
    return tl::make_unexpected(data.error());
  }
  if (Status taught = add_teachers(data->fit, flags.teachers); !taught) {
    return taught;
  }
  std::cerr << "fitting on " << data->fit.size() << " distinct pictures, choosing on "
            << data->hold_out.size() << " others\n";
  Progress progress(flags.json);
  // A page that cannot be written must not end a run of hours.
  const auto report = [&] {
    if (const Status written = write_report(flags.folder.out); !written) {
      std::cerr << "pyrometer-train: no report: " << written.error().text() << '\n';
    }
  };
  return fit(*data, flags.fit, flags.folder,
             {[&](const StepReport& step) { progress.step(step); },
              [&](const nlohmann::json& line) {
                progress.epoch(line);
                report();
              }});
}

const CLI::Range kShare(0.0, 1.0);

void add_network(CLI::App& verb, NetOptions& net) {
  std::string known;
  for (const std::string& name : net_names()) {
    known += (known.empty() ? "" : ", ") + name;
  }
  verb.add_option("--net", net.name, "architecture: " + known)->capture_default_str();
  verb.add_option("--channels", net.channels, "of each stage; left out: the architecture's own")
      ->delimiter(',');
  verb.add_option("--blocks", net.blocks, "of each stage; left out: the architecture's own")->delimiter(',');
  verb.add_option("--input-side", net.input_side,
                  "pixels a side that the network magnifies its picture to: more work, no more parameters")
      ->check(CLI::Range(48, 192))
      ->capture_default_str();
  verb.add_option("--dropout", net.dropout)->check(CLI::Range(0.0, 0.9))->capture_default_str();
}

void add_optimiser(CLI::App& verb, FitOptions& fit) {
  verb.add_option("--optimiser", fit.optimiser)
      ->check(CLI::IsMember({"sgd", "adamw"}))
      ->capture_default_str();
  verb.add_option("--schedule", fit.schedule)
      ->check(CLI::IsMember({"cosine", "constant"}))
      ->capture_default_str();
  verb.add_option("--learning-rate", fit.learning_rate)->check(CLI::Range(0.0, 10.0))->capture_default_str();
  verb.add_option("--warm-up-epochs", fit.warm_up_epochs)->check(CLI::Range(0.0, 1e4))->capture_default_str();
  verb.add_option("--momentum", fit.momentum)->check(kShare)->capture_default_str();
  verb.add_option("--weight-decay", fit.weight_decay)->check(CLI::Range(0.0, 10.0))->capture_default_str();
  verb.add_option("--ema-decay", fit.ema_decay, "of the weights' average; 0: no average")
      ->check(kShare)
      ->capture_default_str();
  verb.add_option("--arithmetic", fit.arithmetic, "bf16 is several times faster where the processor has AMX")
      ->check(CLI::IsMember({"f32", "bf16"}))
      ->capture_default_str();
  verb.add_option("--patience", fit.patience,
                  "epochs without a better hold-out before the run ends; 0: never")
      ->check(CLI::Range(0, 10000))
      ->capture_default_str();
}

void add_targets(CLI::App& verb, TrainFlags& flags) {
  FitOptions& fit = flags.fit;
  verb.add_option("--fer2013-weight", fit.fer2013_weight, "of the loss on FER2013's own labels")
      ->capture_default_str();
  verb.add_option("--product-weight", fit.product_weight, "of the loss on the FER+ votes")
      ->capture_default_str();
  verb.add_option("--label-smoothing", fit.label_smoothing)->check(kShare)->capture_default_str();
  verb.add_option("--balance", fit.balance, "what rare classes get: more weight in the loss, or more draws")
      ->check(CLI::IsMember({"none", "loss", "sampling"}))
      ->capture_default_str();
  verb.add_option("--teacher", flags.teachers,
                  "outputs that `pyrometer-train outputs` saved; several are averaged")
      ->check(CLI::ExistingFile);
  verb.add_option("--distill-weight", fit.distill_weight, "share of the teacher in the loss")
      ->check(kShare)
      ->capture_default_str();
  verb.add_option("--temperature", fit.temperature, "at which student and teacher are compared")
      ->check(CLI::Range(0.1, 100.0))
      ->capture_default_str();
}

void add_pictures(CLI::App& verb, FitOptions& fit) {
  AugmentOptions& augment = fit.augment;
  verb.add_option("--mixup-chance", fit.mixup_chance)->check(kShare)->capture_default_str();
  verb.add_option("--cutmix-chance", fit.cutmix_chance)->check(kShare)->capture_default_str();
  verb.add_option("--flip-chance", augment.flip_chance)->check(kShare)->capture_default_str();
  verb.add_option("--rotation-deg", augment.rotation_deg)
      ->check(CLI::Range(0.0, 180.0))
      ->capture_default_str();
  verb.add_option("--scale", augment.scale)->check(CLI::Range(0.0, 0.9))->capture_default_str();
  verb.add_option("--shift-px", augment.shift_px)->check(CLI::Range(0.0, 24.0))->capture_default_str();
  verb.add_option("--light-chance", augment.light_chance)->check(kShare)->capture_default_str();
  verb.add_option("--blur-chance", augment.blur_chance)->check(kShare)->capture_default_str();
  verb.add_option("--erase-chance", augment.erase_chance)->check(kShare)->capture_default_str();
  verb.add_option("--erase-share", augment.erase_share)->check(kShare)->capture_default_str();
  verb.add_option("--sides", fit.sides,
                  "pixels a side, each for an equal share of the epochs: 32,32,40,48 is faster than 48")
      ->delimiter(',')
      ->check(CLI::Range(24, 48))
      ->capture_default_str();
}

}  // namespace

void add_train(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("train", "fit an expression network on labelled faces");
  verb->footer("Example: pyrometer-train train --data ../shared/data/fer2013 --out out/run1 --threads 2");
  auto flags = std::make_shared<TrainFlags>();
  FitOptions& fit = flags->fit;
  verb->add_option("--data", flags->data, kSourcesHelp)->required();
  verb->add_option("--out", flags->folder.out, "folder of the run")->required();
  verb->add_option("--epochs", fit.epochs)->check(CLI::Range(1, 10000))->capture_default_str();
  verb->add_option("--batch", fit.batch)->check(CLI::Range(2, 4096))->capture_default_str();
  verb->add_option("--seed", fit.seed)->capture_default_str();
  verb->add_option("--split-seed", fit.split_seed, "which pictures are held out to choose on")
      ->capture_default_str();
  verb->add_option("--hold-out", fit.hold_out, "share of the pictures held out")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  add_network(*verb, fit.net);
  add_optimiser(*verb, fit);
  add_targets(*verb, *flags);
  add_pictures(*verb, fit);
  verb->add_option("--from", flags->folder.from, "weights to start with instead of random ones")
      ->check(CLI::ExistingFile);
  verb->add_flag(
      "--resume", flags->folder.resume,
      "go on from the folder's checkpoint; --epochs, --batch, --learning-rate and --warm-up-epochs may "
      "differ");
  verb->add_flag("--json", flags->json, "a line of JSON an epoch, as in the folder's metrics.jsonl");
  add_threads(*verb);
  verb->callback([&chosen, flags] { chosen = [flags] { return train(*flags); }; });
}

}  // namespace pyro::training

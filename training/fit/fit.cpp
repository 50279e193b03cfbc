#include "fit/fit.hpp"

#include <ATen/autocast_mode.h>

#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "datasets/pictures.hpp"
#include "evaluate/predict.hpp"
#include "fit/batch.hpp"
#include "fit/checkpoint.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

using nlohmann::json;

// Streams of random numbers of one run; those of the pictures use the epoch, which stays far below.
constexpr std::uint64_t kTorchStream = 2ULL << 40U;
constexpr std::uint64_t kMixStream = 3ULL << 40U;

// What a resumed run must share with the one it continues: all but the numbers that bring a run to its end
// where it stuck. Other epochs stretch the rest of the schedule, for a machine that is slower or faster than
// planned; a smaller batch needs less memory; a lower rate keeps the loss a number.
json fixed_part(const json& settings) {
  json fixed = settings;
  for (const char* free : {"epochs", "batch", "learning_rate", "warm_up_epochs"}) fixed.erase(free);
  return fixed;
}

struct Run {
  NetPtr net;
  std::unique_ptr<Optimiser> optimiser;
  WeightAverage average;
  int next_epoch = 0;
  int64_t steps = 0;
  double best = -1;
  int best_epoch = 0;
  json data = {};  // fingerprint and counts

  static Result<Run> create(const FitOptions& options, const std::optional<std::filesystem::path>& from,
                            json data) {
    torch::manual_seed(options.seed);
    Result<NetPtr> net = make_net(options.net);
    if (!net) {
      return tl::make_unexpected(net.error());
    }
    if (from) {
      Checkpoint stored{{}, prefixed("average/", weights_of(**net))};
      if (Status status = load(*from, stored); !status) {
        return tl::make_unexpected(status.error());
      }
    }
    auto optimiser = make_optimiser(options.optimiser, **net, options.momentum, options.weight_decay);
    if (!optimiser) {
      return tl::make_unexpected(optimiser.error());
    }
    WeightAverage average(**net, options.ema_decay);
    Run run{std::move(*net), std::move(*optimiser), std::move(average)};
    run.data = std::move(data);
    return run;
  }

  [[nodiscard]] Checkpoint checkpoint(const FitOptions& options) const {
    Checkpoint all;
    all.about = {{"settings", to_json(options)},
                 {"next_epoch", next_epoch},
                 {"steps", steps},
                 {"best", best},
                 {"best_epoch", best_epoch},
                 {"data", data}};
    for (const auto& part : {prefixed("net/", weights_of(*net)), prefixed("optimiser/", optimiser->state()),
                             prefixed("average/", average.state())}) {
      all.tensors.insert(all.tensors.end(), part.begin(), part.end());
    }
    return all;
  }

  Status restore(const std::filesystem::path& path, const FitOptions& options) {
    Checkpoint stored = checkpoint(options);
    if (Status status = load(path, stored); !status) {
      return status;
    }
    if (fixed_part(stored.about.at("settings")) != fixed_part(to_json(options))) {
      return wrong_use(path.string() + ": was made with other settings (" +
                       stored.about.at("settings").dump() +
                       "); resume with those, or start in another --out");
    }
    if (stored.about.value("data", data).at("fingerprint") != data.at("fingerprint")) {
      return wrong_use(
          path.string() +
          ": was made on other pictures or labels; resume with those, or start in another --out");
    }
    next_epoch = stored.about.at("next_epoch").get<int>();
    steps = stored.about.at("steps").get<int64_t>();
    best = stored.about.at("best").get<double>();
    best_epoch = stored.about.at("best_epoch").get<int>();
    return {};
  }
};

// Drops lines of epochs that the checkpoint does not hold (killed between the two writes).
Status trim_metrics(const std::filesystem::path& path, int next_epoch) {
  std::ifstream file(path);
  std::ostringstream kept;
  std::string line;
  while (std::getline(file, line)) {
    const json entry = json::parse(line, nullptr, false);
    if (!entry.is_discarded() && entry.value("epoch", next_epoch) < next_epoch) {
      kept << line << '\n';
    }
  }
  return write_file(path, kept.str());
}

Status append(const std::filesystem::path& path, const json& line) {
  std::ofstream file(path, std::ios::app);
  file << line.dump() << '\n';
  file.flush();
  if (!file) {
    return failed(path.string() + ": cannot be written; free disk space, then go on with --resume");
  }
  return {};
}

int side_at(const FitOptions& options, int epoch) {
  const std::size_t entry =
      options.sides.size() * static_cast<std::size_t>(epoch) / static_cast<std::size_t>(options.epochs);
  return options.sides[std::min(entry, options.sides.size() - 1)];
}

// Beta(0.4, 0.4) is mostly near 0 or 1; the square of a uniform number is close enough to its folded half.
double blend_share(Random& random) {
  const float pull = random.uniform();
  return 1.0 - 0.5 * double{pull} * double{pull};
}

// A square of a uniform share of the picture, anywhere in it.
Rectangle random_rectangle(Random& random) {
  const int side = std::max(1, static_cast<int>(std::sqrt(0.5F * random.uniform()) * crop::kExpressionSide));
  const auto room = static_cast<std::size_t>(crop::kExpressionSide - side + 1);
  const auto top = static_cast<int>(random.below(room));
  const auto left = static_cast<int>(random.below(room));
  return {top, left, top + side, left + side};
}

Batch blended(Batch batch, const FitOptions& options, Random& random) {
  if (random.uniform() < options.mixup_chance) {
    return mixed_up(batch, blend_share(random));
  }
  if (random.uniform() < options.cutmix_chance) {
    return cut_mixed(batch, random_rectangle(random));
  }
  return batch;
}

// The forward pass in the arithmetic asked for; gradients follow it. Logits come back in f32.
Logits forward(Net& net, const torch::Tensor& images, const std::string& arithmetic) {
  if (arithmetic != "bf16") {
    return net.forward(images);
  }
  at::autocast::set_autocast_cpu_dtype(at::kBFloat16);
  at::autocast::set_cpu_enabled(true);
  Logits logits = net.forward(images);
  at::autocast::set_cpu_enabled(false);
  at::autocast::clear_cache();  // of the weights cast to bf16: the step changes them
  logits.product = logits.product.to(torch::kFloat32);
  logits.fer2013 = logits.fer2013.to(torch::kFloat32);
  return logits;
}

double rate_at(const FitOptions& options, double position) {
  if (options.schedule == "constant" && position >= options.warm_up_epochs) {
    return options.learning_rate;
  }
  return learning_rate_at(position, options.epochs, options.warm_up_epochs, options.learning_rate);
}

Result<json> one_epoch(Run& run, const std::vector<Sample>& samples, const FitOptions& options,
                       const Watcher& watcher) {
  const auto epoch = static_cast<std::uint64_t>(run.next_epoch);
  const std::vector<std::size_t> order = epoch_order(samples, options, run.next_epoch);
  const Distribution classes = class_weights(samples, options.balance == "loss" ? "loss" : "none");
  Random mix_random(mix(options.seed, kMixStream, epoch));
  // Dropout draws from torch's generator; seeding it per epoch leaves no hidden state to save.
  torch::manual_seed(mix(options.seed, kTorchStream, epoch));

  run.net->train();
  const int side = side_at(options, run.next_epoch);
  const auto batch_size = static_cast<std::size_t>(options.batch);
  const std::size_t batches =
      std::max<std::size_t>(1, samples.size() / batch_size);  // a last partial one is skipped
  double fer2013_loss = 0;
  double product_loss = 0;
  for (std::size_t b = 0; b < batches; ++b) {
    const std::size_t count = std::min(batch_size, samples.size());
    const Batch batch = shrunk(blended(make_batch(samples, std::span(order).subspan(b * batch_size, count),
                                                  options.augment, classes, options.seed, run.next_epoch),
                                       options, mix_random),
                               side);
    const Logits logits = forward(*run.net, batch.images, options.arithmetic);
    const Losses losses = losses_of(logits.fer2013, logits.product, batch.targets, options);
    const auto fer2013 = losses.fer2013.item<double>();
    const auto product = losses.product.item<double>();
    if (!std::isfinite(fer2013 + product)) {
      return failed("the loss is no number any more in epoch " + std::to_string(run.next_epoch) + ", step " +
                    std::to_string(b) +
                    "; the epochs before it are kept: go on with --resume and a lower --learning-rate");
    }
    run.optimiser->zero_grad();
    (losses.fer2013 * options.fer2013_weight + losses.product * options.product_weight).backward();
    const double position =
        static_cast<double>(run.next_epoch) + static_cast<double>(b) / static_cast<double>(batches);
    run.optimiser->step(rate_at(options, position), ++run.steps);
    run.average.update(run.steps);
    fer2013_loss += fer2013;
    product_loss += product;
    if (watcher.on_step) {
      watcher.on_step({run.next_epoch, options.epochs, static_cast<int>(b) + 1, static_cast<int>(batches),
                       fer2013 + product});
    }
  }
  const auto total = static_cast<double>(batches);
  return json{{"epoch", run.next_epoch},
              {"pictures", batches * std::min(batch_size, samples.size())},
              {"fer2013_loss", fer2013_loss / total},
              {"product_loss", product_loss / total},
              {"learning_rate", rate_at(options, run.next_epoch + 1.0)}};
}

}  // namespace

Result<Split> read_split(const std::vector<Source>& sources, const FitOptions& options) {
  Result<std::vector<Sample>> samples = read_samples(sources);
  if (!samples) {
    return tl::make_unexpected(samples.error());
  }
  return split(std::move(*samples), options.hold_out, options.split_seed);
}

Status fit(const Split& data, const FitOptions& options, const RunFolder& folder, const Watcher& watcher) {
  if (data.fit.empty()) {
    return bad_input("there is no picture to fit on; give a --data folder with FER2013's training part");
  }
  std::error_code error;
  std::filesystem::create_directories(folder.out, error);
  if (error) {
    return failed(folder.out.string() + ": cannot be created; choose another --out", error.message());
  }
  const std::filesystem::path checkpoint_path = folder.out / kCheckpointName;
  const std::filesystem::path metrics_path = folder.out / kMetricsName;
  Result<Run> created = Run::create(options, folder.from, facts_of(data));
  if (!created) {
    return tl::make_unexpected(created.error());
  }
  Run& run = *created;
  if (run.net->fixed_side() && options.sides != std::vector<int>{crop::kExpressionSide}) {
    return wrong_use("--net " + options.net.name + " takes pictures of 48 pixels only; leave out --sides");
  }
  if (folder.resume) {
    if (Status status = run.restore(checkpoint_path, options); !status) {
      return status;
    }
  } else if (std::filesystem::exists(checkpoint_path)) {
    return wrong_use(folder.out.string() + ": already holds a run; add --resume, or choose another --out");
  }
  if (Status status = trim_metrics(metrics_path, run.next_epoch); !status) {
    return status;
  }
  Result<NetPtr> averaged = make_net(options.net);
  if (!averaged) {
    return tl::make_unexpected(averaged.error());
  }
  const auto patient = [&] {
    return options.patience == 0 || run.best < 0 || run.next_epoch - run.best_epoch < options.patience;
  };
  while (run.next_epoch < options.epochs && patient()) {
    const auto start = std::chrono::steady_clock::now();
    Result<json> line = one_epoch(run, data.fit, options, watcher);
    if (!line) {
      return tl::make_unexpected(line.error());
    }
    const std::chrono::duration<double> fitted = std::chrono::steady_clock::now() - start;
    run.average.copy_to(**averaged);
    const BothJudged judged = judge(**averaged, data.hold_out);
    const double fer2013 = figures_of(judged.fer2013).accuracy;
    const double product = figures_of(judged.product).accuracy;
    (*line)["hold_out_fer2013"] = fer2013;
    (*line)["hold_out_product"] = product;
    (*line)["seconds"] = fitted.count();
    ++run.next_epoch;
    const double figure =
        (options.fer2013_weight > 0 ? fer2013 : 0) + (options.product_weight > 0 ? product : 0);
    if (figure > run.best) {
      run.best = figure;
      run.best_epoch = run.next_epoch;
      const Checkpoint best{{{"settings", to_json(options)}, {"metrics", *line}, {"data", run.data}},
                            prefixed("average/", run.average.state())};
      if (Status status = save(folder.out / kBestName, best); !status) {
        return status;
      }
    }
    if (Status status = append(metrics_path, *line); !status) {
      return status;
    }
    if (Status status = save(checkpoint_path, run.checkpoint(options)); !status) {
      return status;
    }
    if (watcher.on_epoch) {
      watcher.on_epoch(*line);
    }
  }
  return {};
}

}  // namespace pyro::training

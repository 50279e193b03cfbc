#include "fit/fit.hpp"

#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "evaluate/predict.hpp"
#include "fit/batch.hpp"
#include "fit/checkpoint.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

using nlohmann::json;

// Streams of random numbers of one run; those of the pictures use the epoch, which stays far below.
constexpr std::uint64_t kOrderStream = 1ULL << 40U;
constexpr std::uint64_t kTorchStream = 2ULL << 40U;
constexpr std::uint64_t kMixStream = 3ULL << 40U;

// What a resumed run must share with the one it continues. The number of epochs may differ: that stretches
// the rest of the schedule, for a machine that turns out slower or faster than planned.
json fixed_part(const json& settings) {
  json fixed = settings;
  fixed.erase("epochs");
  return fixed;
}

struct Run {
  ExpressionNet net;
  Nesterov optimiser;
  WeightAverage average;
  int next_epoch = 0;
  int64_t steps = 0;
  double best = -1;

  explicit Run(const FitOptions& options)
      : net(options.net),
        optimiser(*net, options.momentum, options.weight_decay),
        average(*net, options.ema_decay) {}

  [[nodiscard]] Checkpoint checkpoint(const FitOptions& options) const {
    Checkpoint all;
    all.about = {
        {"settings", to_json(options)}, {"next_epoch", next_epoch}, {"steps", steps}, {"best", best}};
    for (const auto& part : {prefixed("net/", weights_of(*net)), prefixed("momentum/", optimiser.state()),
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
    next_epoch = stored.about.at("next_epoch").get<int>();
    steps = stored.about.at("steps").get<int64_t>();
    best = stored.about.at("best").get<double>();
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

Result<json> one_epoch(Run& run, const std::vector<Sample>& samples, const FitOptions& options) {
  const auto epoch = static_cast<std::uint64_t>(run.next_epoch);
  std::vector<std::size_t> order(samples.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random order_random(mix(options.seed, kOrderStream, epoch));
  shuffle(std::span<std::size_t>(order), order_random);
  Random mix_random(mix(options.seed, kMixStream, epoch));
  // Dropout draws from torch's generator; seeding it per epoch leaves no hidden state to save.
  torch::manual_seed(mix(options.seed, kTorchStream, epoch));

  run.net->train();
  const auto batch_size = static_cast<std::size_t>(options.batch);
  const std::size_t batches =
      std::max<std::size_t>(1, samples.size() / batch_size);  // a last partial one is skipped
  double fer2013_loss = 0;
  double product_loss = 0;
  for (std::size_t b = 0; b < batches; ++b) {
    const std::size_t count = std::min(batch_size, samples.size());
    Batch batch = make_batch(samples, std::span(order).subspan(b * batch_size, count), options.augment,
                             options.seed, run.next_epoch);
    const bool blend = mix_random.uniform() < options.mixup_chance;
    // Beta(0.4, 0.4) is mostly near 0 or 1; the square of a uniform number is close enough to its folded
    // half.
    const float pull = mix_random.uniform();
    if (blend) {
      batch = mixed_up(batch, 1.0 - 0.5 * double{pull} * double{pull});
    }
    const Logits logits = run.net->forward(batch.images);
    const Losses losses = losses_of(logits.fer2013, logits.product, batch, options.label_smoothing);
    const auto fer2013 = losses.fer2013.item<double>();
    const auto product = losses.product.item<double>();
    if (!std::isfinite(fer2013 + product)) {
      return failed("the loss is no number any more in epoch " + std::to_string(run.next_epoch) + ", step " +
                    std::to_string(b) + "; start again with a lower --learning-rate");
    }
    run.optimiser.zero_grad();
    (losses.fer2013 + losses.product).backward();
    const double position =
        static_cast<double>(run.next_epoch) + static_cast<double>(b) / static_cast<double>(batches);
    run.optimiser.step(
        learning_rate_at(position, options.epochs, options.warm_up_epochs, options.learning_rate));
    run.average.update(++run.steps);
    fer2013_loss += fer2013;
    product_loss += product;
  }
  const auto total = static_cast<double>(batches);
  return json{{"epoch", run.next_epoch},
              {"fer2013_loss", fer2013_loss / total},
              {"product_loss", product_loss / total}};
}

}  // namespace

Result<Split> read_split(const std::filesystem::path& dir, const FitOptions& options) {
  Result<std::vector<Picture>> pictures = read_fer2013(dir, Part::training);
  if (!pictures) {
    return tl::make_unexpected(pictures.error());
  }
  return split(merge_twins(*pictures), options.hold_out, options.seed);
}

Status fit(const Split& data, const FitOptions& options, const std::filesystem::path& out, bool resume,
           const std::function<void(const json&)>& on_epoch) {
  if (data.fit.empty()) {
    return bad_input("there is no picture to fit on; give a --data folder with FER2013's training part");
  }
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) {
    return failed(out.string() + ": cannot be created; choose another --out", error.message());
  }
  const std::filesystem::path checkpoint_path = out / kCheckpointName;
  const std::filesystem::path metrics_path = out / kMetricsName;
  torch::manual_seed(options.seed);
  Run run(options);
  if (resume) {
    if (Status status = run.restore(checkpoint_path, options); !status) {
      return status;
    }
  } else if (std::filesystem::exists(checkpoint_path)) {
    return wrong_use(out.string() + ": already holds a run; add --resume, or choose another --out");
  }
  if (Status status = trim_metrics(metrics_path, run.next_epoch); !status) {
    return status;
  }
  ExpressionNet averaged(options.net);
  while (run.next_epoch < options.epochs) {
    const auto start = std::chrono::steady_clock::now();
    Result<json> line = one_epoch(run, data.fit, options);
    if (!line) {
      return tl::make_unexpected(line.error());
    }
    const std::chrono::duration<double> fitted = std::chrono::steady_clock::now() - start;
    run.average.copy_to(*averaged);
    const BothJudged judged = judge(averaged, data.hold_out);
    const double accuracy = figures_of(judged.fer2013).accuracy;
    (*line)["hold_out_fer2013"] = accuracy;
    (*line)["hold_out_product"] = figures_of(judged.product).accuracy;
    (*line)["seconds"] = fitted.count();
    ++run.next_epoch;
    if (accuracy > run.best) {
      run.best = accuracy;
      const Checkpoint best{{{"settings", to_json(options)}, {"metrics", *line}},
                            prefixed("average/", run.average.state())};
      if (Status status = save(out / kBestName, best); !status) {
        return status;
      }
    }
    if (Status status = append(metrics_path, *line); !status) {
      return status;
    }
    if (Status status = save(checkpoint_path, run.checkpoint(options)); !status) {
      return status;
    }
    on_epoch(*line);
  }
  return {};
}

}  // namespace pyro::training

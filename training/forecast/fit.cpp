#include "forecast/fit.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>

#include "export/subprocess.hpp"
#include "export/tensors.hpp"
#include "fit/checkpoint.hpp"
#include "forecast/nets.hpp"
#include "pyro/datasets/random.hpp"
#include "pyro/forecast/baselines.hpp"
#include "stopwatch.hpp"

namespace pyro::training {
namespace {

using forecast::Series;
using nlohmann::json;

constexpr auto kChunk = static_cast<int64_t>(forecast::kWindow);
// A pinball loss is an absolute error's size, the square of a small error much less: this brings them
// together.
constexpr double kSquareWeight = 2;
constexpr int64_t kReferenceSteps = 256;  // on which the exported network is compared
constexpr int64_t kSelfTestSteps = 4;

// Series of one length as tensors, the ends filled with gaps.
struct Rows {
  torch::Tensor steps;    // [n, t, channels]
  torch::Tensor targets;  // [n, t, kTargets]; NaN where nothing was seen
};

Rows rows_of(const std::vector<const Series*>& series, const std::vector<std::size_t>& horizons) {
  std::size_t longest = 0;
  for (const Series* one : series) longest = std::max(longest, one->steps.size());
  const auto n = static_cast<int64_t>(series.size()), t = static_cast<int64_t>(longest);
  Rows rows{torch::zeros({n, t, static_cast<int64_t>(forecast::kChannels)}),
            torch::full({n, t, kTargets}, std::numeric_limits<float>::quiet_NaN())};
  auto* steps = rows.steps.data_ptr<float>();
  auto* targets = rows.targets.data_ptr<float>();
  for (std::size_t i = 0; i < series.size(); ++i) {
    const std::vector<forecast::Step>& own = series[i]->steps;
    const std::vector<double> smooth = forecast::centred_mean(series[i]->scores(), forecast::kReach);
    for (std::size_t k = 0; k < own.size(); ++k) {
      const std::size_t at = i * longest + k;
      float* to = steps + at * forecast::kChannels;
      std::copy(own[k].x.begin(), own[k].x.end(), to);
      to[forecast::kFeatures] = own[k].seen ? 1.0F : 0.0F;
      float* wanted = targets + at * static_cast<std::size_t>(kTargets);
      wanted[0] = static_cast<float>(smooth[k]);
      for (std::size_t h = 0; h < horizons.size(); ++h) {
        if (k + horizons[h] < own.size()) wanted[h + 1] = static_cast<float>(own[k + horizons[h]].score);
      }
    }
  }
  return rows;
}

struct Loss {
  torch::Tensor sum;
  double count = 0;
};

Loss loss_of(const torch::Tensor& answers, const torch::Tensor& targets) {
  const torch::Tensor parts = answers.view({answers.size(0), answers.size(1), kTargets, kPerTarget});
  const torch::Tensor known = targets.isnan().logical_not();
  const torch::Tensor wanted = targets.nan_to_num(0).unsqueeze(3);
  const torch::Tensor error = wanted - parts;
  torch::Tensor each = kSquareWeight * error.select(3, 0).square();
  for (std::size_t q = 0; q < forecast::kQuantiles.size(); ++q) {
    const torch::Tensor e = error.select(3, static_cast<int64_t>(q) + 1);
    each = each + torch::maximum(forecast::kQuantiles[q] * e, (forecast::kQuantiles[q] - 1) * e);
  }
  return {(each * known).sum(), known.sum().item<double>()};
}

torch::Tensor start_of(const ForecastNet& net, int64_t n) {
  return torch::zeros({n, net.state_size()});
}

// Answers to whole series, window after window.
torch::Tensor run_over(ForecastNet& net, const torch::Tensor& steps) {
  const torch::NoGradGuard no_grad;
  torch::Tensor state = start_of(net, steps.size(0));
  std::vector<torch::Tensor> answers;
  for (int64_t t = 0; t < steps.size(1); t += kChunk) {
    const auto said = net.forward(steps.slice(1, t, std::min(t + kChunk, steps.size(1))), state);
    answers.push_back(said.answers);
    state = said.state;
  }
  return torch::cat(answers, 1);
}

double mean_loss(ForecastNet& net, const Rows& rows) {
  const torch::NoGradGuard no_grad;
  const Loss loss = loss_of(run_over(net, rows.steps), rows.targets);
  return loss.sum.item<double>() / loss.count;
}

// 1 − RMSE / RMSE of the last score seen, per horizon.
json skills(ForecastNet& net, const Rows& rows, const std::vector<const Series*>& series) {
  const torch::Tensor answers = run_over(net, rows.steps).contiguous();
  const auto said = answers.accessor<float, 3>();
  const auto wanted = rows.targets.accessor<float, 3>();
  json result = json::array();
  for (int64_t target = 1; target < kTargets; ++target) {
    double own = 0, reference = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
      double last = forecast::kGap;
      const auto row = static_cast<int64_t>(i);
      for (std::size_t k = 0; k < series[i]->steps.size(); ++k) {
        if (series[i]->steps[k].seen) last = series[i]->steps[k].score;
        const auto t = static_cast<int64_t>(k);
        const auto score = static_cast<double>(wanted[row][t][target]);
        if (k < forecast::kWindow || std::isnan(score) || std::isnan(last)) continue;
        const double error = score - static_cast<double>(said[row][t][target * kPerTarget]);
        own += error * error;
        reference += (score - last) * (score - last);
      }
    }
    result.push_back(reference > 0 ? json(1 - std::sqrt(own / reference)) : json(nullptr));
  }
  return result;
}

std::vector<torch::Tensor> copies_of(const ForecastNet& net) {
  std::vector<torch::Tensor> copies;
  for (const torch::Tensor& parameter : net.parameters()) copies.push_back(parameter.detach().clone());
  return copies;
}

struct Course {
  json epochs = json::array();
  double best_loss = std::numeric_limits<double>::infinity();
  int best_epoch = 0;
};

Course fit(ForecastNet& net, const Rows& training, const Rows& held, const ForecastJob& job) {
  torch::optim::Adam adam(net.parameters(), torch::optim::AdamOptions(job.learning_rate));
  datasets::Random random(job.seed);
  std::vector<int64_t> order(static_cast<std::size_t>(training.steps.size(0)));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  Course course;
  std::vector<torch::Tensor> best = copies_of(net);
  for (int epoch = 0; epoch < job.epochs; ++epoch) {
    datasets::shuffle(std::span(order), random);
    double sum = 0, count = 0;
    for (std::size_t from = 0; from < order.size(); from += static_cast<std::size_t>(job.batch)) {
      const std::size_t to = std::min(order.size(), from + static_cast<std::size_t>(job.batch));
      const torch::Tensor chosen =
          torch::tensor(std::vector<int64_t>(order.begin() + static_cast<std::ptrdiff_t>(from),
                                             order.begin() + static_cast<std::ptrdiff_t>(to)));
      const torch::Tensor steps = training.steps.index_select(0, chosen);
      const torch::Tensor targets = training.targets.index_select(0, chosen);
      torch::Tensor state = start_of(net, steps.size(0));
      const double done =
          (epoch + static_cast<double>(from) / static_cast<double>(order.size())) / job.epochs;
      static_cast<torch::optim::AdamOptions&>(adam.param_groups().front().options())
          .lr(job.learning_rate * (1 + std::cos(std::numbers::pi * done)) / 2);
      for (int64_t t = 0; t < steps.size(1); t += kChunk) {
        const int64_t end = std::min(t + kChunk, steps.size(1));
        const auto said = net.forward(steps.slice(1, t, end), state);
        state = said.state.detach();
        const Loss loss = loss_of(said.answers, targets.slice(1, t, end));
        if (loss.count == 0) continue;
        adam.zero_grad();
        (loss.sum / loss.count).backward();
        torch::nn::utils::clip_grad_norm_(net.parameters(), 1.0);
        adam.step();
        sum += loss.sum.item<double>(), count += loss.count;
      }
    }
    const double held_loss = mean_loss(net, held);
    course.epochs.push_back({{"training_loss", sum / std::max(count, 1.0)}, {"held_out_loss", held_loss}});
    std::cerr << "  epoch " << epoch + 1 << ": loss " << sum / std::max(count, 1.0) << ", held out "
              << held_loss << '\n';
    if (held_loss < course.best_loss) {
      course.best_loss = held_loss, course.best_epoch = epoch + 1;
      best = copies_of(net);
    }
  }
  const torch::NoGradGuard no_grad;
  const std::vector<torch::Tensor> parameters = net.parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    torch::Tensor parameter = parameters[i];
    parameter.copy_(best[i]);
  }
  return course;
}

// One real series stepped through as the runtime does: rows of (state, step), and what follows from each.
struct Stepped {
  torch::Tensor input, answers, state;
};
Stepped stepped(ForecastNet& net, const torch::Tensor& steps, int64_t count) {
  const torch::NoGradGuard no_grad;
  torch::Tensor state = start_of(net, 1);
  std::vector<torch::Tensor> inputs, answers, states;
  for (int64_t t = 0; t < std::min(count, steps.size(1)); ++t) {
    const torch::Tensor step = steps.slice(1, t, t + 1);
    inputs.push_back(torch::cat({state, step[0]}, 1));
    const auto said = net.forward(step, state);
    state = said.state;
    answers.push_back(said.answers[0]);
    states.push_back(state);
  }
  return {torch::cat(inputs), torch::cat(answers), torch::cat(states)};
}

std::string self_test_of(const Stepped& walk, double step_s) {
  using FloatJson =
      nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, float>;
  FloatJson test{{"schema", "pyrometer-selftest/1"}, {"tolerance", {{"f32", 5e-5F}, {"bf16", 0.05F}}}};
  const int64_t count = walk.input.size(0);
  for (int64_t i = 0; i < kSelfTestSteps; ++i) {
    const int64_t at = i * (count - 1) / (kSelfTestSteps - 1);
    test["cases"].push_back({{"what", "step " + std::to_string(at)},
                             {"input", array_of(walk.input[at]).values},
                             {"outputs",
                              {array_of(walk.answers[at]).values, array_of(walk.state[at]).values,
                               std::vector<float>{static_cast<float>(step_s)}}}});
  }
  return test.dump() + "\n";
}

Result<json> exported(ForecastNet& net, const Stepped& walk, const std::filesystem::path& folder,
                      const ForecastJob& job) {
  Arrays arrays = net.to_arrays();
  arrays.about["step_s"] = job.step_s;
  arrays.items["reference.input"] = array_of(walk.input);
  arrays.items["reference.forecast"] = array_of(walk.answers);
  arrays.items["reference.state"] = array_of(walk.state);
  const std::filesystem::path plain = folder / "model.arrays.part";
  if (Status written = write_arrays(plain, arrays); !written) return tl::make_unexpected(written.error());
  const Result<std::string> said =
      run_ir({"convert-forecast", plain.string(), (folder / "model.xml").string(),
              "--calls=" + std::to_string(job.calls)});
  std::error_code ignored;
  std::filesystem::remove(plain, ignored);
  if (!said) return tl::make_unexpected(said.error());
  json report = json::parse(*said, nullptr, false);
  if (report.is_discarded())
    return failed(
        "pyrometer-ir printed something else than its report; build both programs from the same source");
  return report;
}

int64_t size_of(const ForecastNet& net) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : net.parameters()) count += parameter.numel();
  return count;
}

}  // namespace

Result<json> fit_forecasters(const std::vector<Series>& series, const ForecastJob& job) {
  std::map<std::string, bool> held_out;  // by person
  for (const Series& one : series) held_out.emplace(one.person, false);
  if (held_out.size() < 2)
    return bad_input(
        "there are fewer than two persons, so none can be held out; give more recordings with --data");
  std::vector<std::string> persons;
  for (const auto& [person, held] : held_out) persons.push_back(person);
  datasets::Random random(job.seed);
  datasets::shuffle(std::span(persons), random);
  const auto count =
      std::max<std::size_t>(1, static_cast<std::size_t>(job.hold_out * static_cast<double>(persons.size())));
  for (std::size_t i = 0; i < count; ++i) held_out[persons[i]] = true;
  std::vector<const Series*> fit_on, held;
  for (const Series& one : series) (held_out[one.person] ? held : fit_on).push_back(&one);
  const std::vector<std::size_t> horizons = forecast::horizons_in_steps(job.step_s);
  const Rows training = rows_of(fit_on, horizons), judging = rows_of(held, horizons);

  json report{{"schema", "pyrometer-forecast-fit/1"},
              {"data", job.data},
              {"persons", {{"fit", persons.size() - count}, {"held_out", count}}},
              {"series", {{"fit", fit_on.size()}, {"held_out", held.size()}}}};
  for (const std::string& kind : job.nets) {
    Stopwatch watch;
    std::cerr << kind << '\n';
    torch::manual_seed(job.seed);
    const ForecastNetPtr net = make_forecast_net(kind, job.width);
    const Course course = fit(*net, training, judging, job);
    const double seconds = watch.lap();
    const std::filesystem::path folder = job.out / kind;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return failed(folder.string() + ": cannot be created; choose another --out", error.message());
    const Stepped walk = stepped(*net, judging.steps.slice(0, 0, 1), kReferenceSteps);
    const Result<json> parity = exported(*net, walk, folder, job);
    if (!parity) return parity;
    const json settings{{"width", job.width},
                        {"epochs", job.epochs},
                        {"batch", job.batch},
                        {"learning_rate", job.learning_rate},
                        {"seed", job.seed}};
    const json record{
        {"schema", 1},
        {"task", "forecast of the burnout score from steps of ten numbers, streaming"},
        {"made_by", "pyrometer-train forecast"},
        {"licence", "Apache-2.0"},
        {"parameters", size_of(*net)},
        {"data", {{"description", job.data}}},
        {"training", settings},
        {"metrics", {{"held_out", {{"best_epoch", course.best_epoch}, {"loss", course.best_loss}}}}}};
    for (const auto& [name, text] : {std::pair{"selftest.json", self_test_of(walk, job.step_s)},
                                     std::pair{"record.json", record.dump(2) + "\n"}}) {
      if (Status written = write_file(folder / name, text); !written)
        return tl::make_unexpected(written.error());
    }
    report["networks"].push_back({{"kind", kind},
                                  {"parameters", size_of(*net)},
                                  {"settings", settings},
                                  {"epochs", course.epochs},
                                  {"best_epoch", course.best_epoch},
                                  {"held_out_loss", course.best_loss},
                                  {"held_out_skill", skills(*net, judging, held)},
                                  {"seconds", seconds},
                                  {"exported", *parity}});
  }
  if (Status written = write_file(job.out / "forecast.json", report.dump(2) + "\n"); !written)
    return tl::make_unexpected(written.error());
  return report;
}

}  // namespace pyro::training

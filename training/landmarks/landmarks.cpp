#include "landmarks/landmarks.hpp"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "pyro/datasets/metrics.hpp"

namespace pyro::training {
namespace {

// A picture whose class of one head is known.
struct Case {
  const Measured* measured = nullptr;
  int label = 0;
};
using Cases = std::vector<Case>;

std::optional<int> label_of(const Sample& sample, std::size_t head) {
  return head == 0 ? sample.majority : sample.label;
}

Cases cases_of(const std::vector<Sample>& samples, const FeatureTable& table, std::size_t head) {
  Cases cases;
  for (const Sample& sample : samples) {
    const Measured* measured = table.find(sample.face);
    const std::optional<int> label = label_of(sample, head);
    if (measured != nullptr && label) {
      cases.push_back({measured, *label});
    }
  }
  return cases;
}

Cases cases_of(const Judging& judging, std::size_t head, bool with_twins) {
  Cases cases;
  for (std::size_t i = 0; i < judging.pictures.size(); ++i) {
    const Picture& picture = judging.pictures[i];
    const Measured* measured = judging.table.find(picture.face);
    const std::optional<int> label = head == 1       ? picture.label
                                     : picture.votes ? vote_majority(*picture.votes)
                                                     : std::nullopt;
    if (measured != nullptr && label && (with_twins || !judging.twins[i])) {
      cases.push_back({measured, *label});
    }
  }
  return cases;
}

Examples examples_of(const Cases& cases, std::size_t from, std::size_t to) {
  Examples examples;
  for (std::size_t i = from; i < to; ++i) {
    if (cases[i].measured->mesh) {
      examples.add(cases[i].measured->features, cases[i].label);
    }
  }
  return examples;
}

int best_of(const Distribution& p) {
  return static_cast<int>(std::max_element(p.begin(), p.end()) - p.begin());
}

nlohmann::json figures(const std::vector<datasets::Judged>& judged) {
  const datasets::Figures seen = datasets::figures_of(judged);
  const datasets::Interval interval = datasets::accuracy_interval(judged, 1);
  nlohmann::json json = datasets::to_json(seen);
  json["accuracy_95"] = {interval.low, interval.high};
  return json;
}

// The branch's answers for those cases that have a mesh, in their order; then each case's.
class Answers {
 public:
  Answers(const Cases& cases, const std::vector<Distribution>& said, std::size_t first) {
    for (const Case& one : cases) {
      branch_.push_back(one.measured->mesh ? std::optional(said[first++]) : std::nullopt);
    }
  }
  [[nodiscard]] const std::optional<Distribution>& branch(std::size_t i) const { return branch_[i]; }

 private:
  std::vector<std::optional<Distribution>> branch_;
};

// Branch alone (a face without a mesh is an error of its), network alone, both; all on the same pictures.
nlohmann::json compare(const Cases& cases, const Answers& answers, std::size_t head,
                       const std::function<const Fusion&(std::size_t)>& fusion_for) {
  std::vector<datasets::Judged> branch;
  std::vector<datasets::Judged> network;
  std::vector<datasets::Judged> both;
  int meshes = 0;
  int gained = 0;
  int lost = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const Distribution& p = cases[i].measured->network[head];
    const std::optional<Distribution>& q = answers.branch(i);
    const int truth = cases[i].label;
    branch.push_back({truth, q ? best_of(*q) : datasets::kMissed});
    network.push_back({truth, best_of(p)});
    both.push_back({truth, best_of(q ? fused(fusion_for(i), p, *q) : p)});
    meshes += q ? 1 : 0;
    gained += both.back().predicted == truth && network.back().predicted != truth ? 1 : 0;
    lost += both.back().predicted != truth && network.back().predicted == truth ? 1 : 0;
  }
  return {{"n", cases.size()},
          {"meshes", meshes},
          {"branch", figures(branch)},
          {"network", figures(network)},
          {"fused", figures(both)},
          {"gained", gained},  // right only when fused; right only before
          {"lost", lost}};
}

std::vector<Pair> pairs_of(const Cases& cases, const Answers& answers, std::size_t head,
                           const std::function<bool(std::size_t)>& wanted) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (wanted(i) && answers.branch(i)) {
      pairs.push_back({cases[i].measured->network[head], *answers.branch(i), cases[i].label});
    }
  }
  return pairs;
}

// The mean measures of each class: inputs of the self-test that are no single person's.
std::vector<std::vector<float>> mean_faces(const Examples& examples) {
  std::vector<std::vector<double>> sums(kClasses, std::vector<double>(examples.features));
  std::vector<int> counts(kClasses);
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const auto label = static_cast<std::size_t>(examples.labels[i]);
    ++counts[label];
    for (std::size_t k = 0; k < examples.features; ++k) {
      const auto value = static_cast<double>(examples.values[i * examples.features + k]);
      sums[label][k] += std::isfinite(value) ? value : 0;
    }
  }
  std::vector<std::vector<float>> means;
  for (std::size_t label = 0; label < sums.size(); ++label) {
    if (counts[label] > 0) {
      std::vector<float>& mean = means.emplace_back(examples.features);
      std::transform(sums[label].begin(), sums[label].end(), mean.begin(),
                     [&](double sum) { return static_cast<float>(sum / counts[label]); });
    }
  }
  return means;
}

struct FittedHead {
  xgboost::Forest forest;
  double stopping_loss = 0;
  Fusion fusion;
  std::vector<Distribution> of_means;  // XGBoost's answers to the self-test's inputs
  nlohmann::json report;
};

Result<FittedHead> fit_head(const Split& parts, const FeatureTable& table, const LandmarkOptions& options,
                            const Judging* judging, std::size_t head,
                            const std::vector<std::vector<float>>& means) {
  const Cases fit = cases_of(parts.fit, table, head);
  const Cases held = cases_of(parts.hold_out, table, head);
  // The parts are in an order that was drawn: the first of them are as good as any.
  const auto stop = static_cast<std::size_t>(options.stopping * static_cast<double>(fit.size()));
  const Cases all = judging != nullptr ? cases_of(*judging, head, true) : Cases{};
  Examples judged = examples_of(held, 0, held.size());
  const std::size_t held_meshes = judged.size();
  const Examples later = examples_of(all, 0, all.size());
  judged.values.insert(judged.values.end(), later.values.begin(), later.values.end());
  judged.labels.insert(judged.labels.end(), later.labels.begin(), later.labels.end());
  for (const std::vector<float>& mean : means) {
    judged.add(mean, 0);
  }
  const Examples fitted_on = examples_of(fit, stop, fit.size());
  Result<Fitted> fitted = fit_trees(fitted_on, examples_of(fit, 0, stop), judged, options.trees);
  if (!fitted) {
    return tl::make_unexpected(fitted.error());
  }
  FittedHead done;
  done.forest = std::move(fitted->forest);
  done.stopping_loss = fitted->stopping_loss;
  done.of_means.assign(fitted->said.end() - static_cast<std::ptrdiff_t>(means.size()), fitted->said.end());
  const Answers answers(held, fitted->said, 0);
  // Every picture is judged by weights that were fitted on the other half of the hold-out.
  const auto even = [](std::size_t i) { return i % 2 == 0; };
  const Fusion by_even = fit_fusion(pairs_of(held, answers, head, even), options.pull);
  const Fusion by_odd = fit_fusion(pairs_of(held, answers, head, std::not_fn(even)), options.pull);
  done.fusion = fit_fusion(pairs_of(held, answers, head, [](std::size_t) { return true; }), options.pull);
  done.report = {{"pictures_fitted_on", fitted_on.size()}, {"pictures_to_stop_by", stop},
                 {"rounds", done.forest.rounds},           {"nodes", done.forest.left.size()},
                 {"stopping_loss", done.stopping_loss},    {"fusion", to_json(done.fusion)}};
  done.report["hold_out"] = compare(
      held, answers, head, [&](std::size_t i) -> const Fusion& { return even(i) ? by_odd : by_even; });
  if (judging != nullptr) {
    const auto whole = [&](std::size_t) -> const Fusion& { return done.fusion; };
    const Answers said(all, fitted->said, held_meshes);
    done.report["public_with_twins"] = compare(all, said, head, whole);
    Cases distinct;
    std::vector<Distribution> distinct_said;
    for (std::size_t i = 0, k = 0; i < judging->pictures.size() && k < all.size(); ++i) {
      if (judging->table.find(judging->pictures[i].face) != all[k].measured) {
        continue;
      }
      if (!judging->twins[i]) {
        distinct.push_back(all[k]);
        if (said.branch(k)) {
          distinct_said.push_back(*said.branch(k));
        }
      }
      ++k;
    }
    done.report["public_without_twins"] = compare(distinct, Answers(distinct, distinct_said, 0), head, whole);
  }
  return done;
}

nlohmann::ordered_json model_json(const FeatureTable& table, const LandmarkOptions& options,
                                  const std::vector<FittedHead>& heads) {
  nlohmann::ordered_json model{{"schema", "pyrometer-trees/1"},
                               {"classes", kClassNames},
                               {"smoothing_s", options.smoothing_s},
                               {"features", table.names}};
  model["heads"] = nlohmann::ordered_json::array();
  for (std::size_t h = 0; h < heads.size(); ++h) {
    const xgboost::Forest& forest = heads[h].forest;
    nlohmann::ordered_json head{{"name", kHeads[h]}};
    head["network"] = std::vector<double>(kClasses, heads[h].fusion.network);
    head["branch"] = std::vector<double>(kClasses, heads[h].fusion.branch);
    head["bias"] = std::vector<double>(kClasses, 0);
    head["root"] = forest.root;
    head["left"] = forest.left;
    head["feature"] = forest.feature;
    head["missing_left"] = forest.missing_left;
    head["value"] = forest.value;
    model["heads"].push_back(std::move(head));
  }
  return model;
}

// XGBoost's own answers, so that a runner which walks the trees otherwise is refused at load.
nlohmann::ordered_json self_test_json(const LandmarkOptions& options, const std::vector<FittedHead>& heads,
                                      const std::vector<std::vector<float>>& means) {
  nlohmann::ordered_json test{{"schema", "pyrometer-selftest/1"},
                              {"tolerance", {{"f32", 2e-6}, {"bf16", 2e-6}}}};
  test["cases"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < means.size(); ++i) {
    std::vector<float> input = means[i];
    Distribution network{};
    network.fill(0.1F);
    network[i % kClasses] = 0.4F;
    nlohmann::ordered_json outputs = nlohmann::ordered_json::array();
    for (const FittedHead& head : heads) {
      input.insert(input.end(), network.begin(), network.end());
      outputs.push_back(fused(head.fusion, network, head.of_means[i]));
    }
    for (const FittedHead& head : heads) {
      outputs.push_back(head.of_means[i]);
    }
    outputs.push_back(std::array{static_cast<float>(options.smoothing_s)});
    test["cases"].push_back({{"what", "mean " + std::to_string(i)}, {"input", input}, {"outputs", outputs}});
  }
  return test;
}

Status write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary);
  stream << text << '\n';
  stream.close();
  if (!stream) {
    return failed(file.string() + ": cannot be written; check the folder and the free space");
  }
  return {};
}

}  // namespace

Result<nlohmann::json> fit_landmarks(std::vector<Sample> samples, const FeatureTable& table,
                                     const LandmarkOptions& options, const Judging* judging,
                                     const std::filesystem::path& out) {
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) {
    return failed(out.string() + ": cannot be created; choose another --out", error.message());
  }
  const std::size_t all = samples.size();
  const Split parts = split(std::move(samples), options.hold_out, options.split_seed);
  const Cases fit = cases_of(parts.fit, table, 0);
  const std::vector<std::vector<float>> means = mean_faces(examples_of(fit, 0, fit.size()));
  nlohmann::json report{{"pictures", all},
                        {"in_table", table.by_picture.size()},
                        {"features", table.names.size()},
                        {"trees", to_json(options.trees)},
                        {"pull", options.pull},
                        {"smoothing_s", options.smoothing_s}};
  std::vector<FittedHead> heads;
  for (std::size_t head = 0; head < kHeads.size(); ++head) {
    Result<FittedHead> fitted = fit_head(parts, table, options, judging, head, means);
    if (!fitted) {
      return tl::make_unexpected(fitted.error());
    }
    report[kHeads[head]] = fitted->report;
    heads.push_back(std::move(*fitted));
  }
  for (const auto& [name, text] : {std::pair{"fused.json", model_json(table, options, heads).dump()},
                                   std::pair{"selftest.json", self_test_json(options, heads, means).dump()},
                                   std::pair{"report.json", report.dump(1)}}) {
    if (Status written = write(out / name, text); !written) {
      return tl::make_unexpected(written.error());
    }
  }
  return report;
}

}  // namespace pyro::training

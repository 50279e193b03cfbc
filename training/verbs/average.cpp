#include <nlohmann/json.hpp>

#include "evaluate/evaluate.hpp"
#include "fit/checkpoint.hpp"
#include "verbs/verbs.hpp"

namespace pyro::training {
namespace {

// The mean of the weights of networks of one shape. Of runs that started from one another it is mostly as
// good as their answers together, at the price of one network (Wortsman and others 2022, "Model soups"); of
// others it is worth nothing.
Result<nlohmann::json> average(const std::vector<std::filesystem::path>& weights,
                               const std::filesystem::path& out) {
  const torch::NoGradGuard no_grad;
  Checkpoint mean;
  NetOptions shape;
  for (const auto& path : weights) {
    const Result<NetPtr> net = load_net(path);
    if (!net) return tl::make_unexpected(net.error());
    const NamedTensors one = weights_of(**net);
    if (mean.tensors.empty()) {
      const Result<nlohmann::json> about = read_about(path);
      if (!about) return tl::make_unexpected(about.error());
      mean.about = *about;
      shape = (*net)->options();
      for (const auto& [name, tensor] : one)
        mean.tensors.emplace_back(name, torch::zeros_like(tensor, torch::kFloat64));
    } else if (!((*net)->options() == shape)) {
      return bad_input(path.string() + ": is another kind of network than " + weights.front().string());
    }
    for (std::size_t i = 0; i < one.size(); ++i)
      mean.tensors[i].second += one[i].second.to(torch::kFloat64) / static_cast<double>(weights.size());
  }
  const Result<NetPtr> first = load_net(weights.front());
  if (!first) return tl::make_unexpected(first.error());
  const NamedTensors kinds = weights_of(**first);
  for (std::size_t i = 0; i < kinds.size(); ++i)
    mean.tensors[i].second = mean.tensors[i].second.to(kinds[i].second.dtype());
  nlohmann::json names = nlohmann::json::array();
  for (const auto& path : weights) names.push_back(path.filename().string());
  mean.about["mean_of"] = names;
  mean.about.erase("metrics");  // they were another network's
  mean.tensors = prefixed("average/", mean.tensors);
  if (Status kept = save(out, mean); !kept) return tl::make_unexpected(kept.error());
  return nlohmann::json{{"out", out.string()}, {"mean_of", names}};
}

}  // namespace

void add_average(CLI::App& app, Chosen& chosen) {
  struct Flags {
    std::vector<std::filesystem::path> weights;
    std::filesystem::path out;
  };
  CLI::App* verb =
      app.add_subcommand("average", "the mean of the weights of runs that started from one another");
  verb->footer(
      "Example: pyrometer-train average --weights out/run6/best.pt out/run7/best.pt --out out/mean.pt");
  auto flags = std::make_shared<Flags>();
  verb->add_option("--weights", flags->weights, kWeightsHelp)->required()->expected(2, 64);
  verb->add_option("--out", flags->out, "file to write")->required();
  verb->callback(
      [&chosen, flags] { chosen = [flags] { return print(average(flags->weights, flags->out)); }; });
}

}  // namespace pyro::training

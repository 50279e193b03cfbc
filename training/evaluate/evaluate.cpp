#include "evaluate/evaluate.hpp"

#include <nlohmann/json.hpp>

#include "evaluate/predict.hpp"
#include "fit/checkpoint.hpp"
#include "fit/options.hpp"

namespace pyro::training {
namespace {

using nlohmann::json;

json report_of(const std::vector<Judged>& judged) {
  constexpr std::uint64_t kSeed = 1;
  json report = to_json(figures_of(judged));
  const Interval interval = accuracy_interval(judged, kSeed);
  report["accuracy_95"] = {interval.low, interval.high};
  return report;
}

// Every picture by itself, not merged: PublicTest's own n is what published figures refer to.
Sample sample_of(const Picture& picture) {
  Sample sample;
  sample.face = picture.face;
  sample.label = picture.label;
  if (picture.votes) {
    sample.majority = vote_majority(*picture.votes);
  }
  return sample;
}

}  // namespace

Result<NetPtr> load_net(const std::filesystem::path& weights) {
  Result<json> about = read_about(weights);
  if (!about) {
    return tl::make_unexpected(about.error());
  }
  try {
    Result<NetPtr> net = make_net(net_options_from(about->at("settings").at("net")));
    if (!net) {
      return net;
    }
    Checkpoint stored{{}, prefixed("average/", weights_of(**net))};
    if (Status status = load(weights, stored); !status) {
      return tl::make_unexpected(status.error());
    }
    (*net)->eval();
    return net;
  } catch (const std::exception& error) {
    return bad_input(weights.string() + ": does not describe its network; give the folder of a run",
                     error.what());
  }
}

Result<json> evaluate(const std::filesystem::path& weights, const std::filesystem::path& data) {
  Result<NetPtr> net = load_net(weights);
  if (!net) {
    return tl::make_unexpected(net.error());
  }
  Result<std::vector<Picture>> pictures = read_fer2013(data, Part::public_test);
  if (!pictures) {
    return tl::make_unexpected(pictures.error());
  }
  Result<std::vector<Picture>> seen = read_fer2013(data, Part::training);
  if (!seen) {
    return tl::make_unexpected(seen.error());
  }
  const std::vector<bool> is_twin = twins_of(*pictures, *seen);
  std::vector<Sample> all;
  std::vector<Sample> clean;
  for (std::size_t i = 0; i < pictures->size(); ++i) {
    all.push_back(sample_of((*pictures)[i]));
    if (!is_twin[i]) {
      clean.push_back(all.back());
    }
  }
  const BothJudged with_twins = judge(**net, all);
  const BothJudged without_twins = judge(**net, clean);
  return json{
      {"parameters", parameter_count(**net)},
      {"fer2013",
       {{"with_twins", report_of(with_twins.fer2013)}, {"without_twins", report_of(without_twins.fer2013)}}},
      {"product",
       {{"with_twins", report_of(with_twins.product)}, {"without_twins", report_of(without_twins.product)}}}};
}

}  // namespace pyro::training

#include "nets/net.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "nets/architectures.hpp"

namespace pyro::training {
namespace {

struct Architecture {
  const char* name;
  NetPtr (*make)(NetOptions);
};
constexpr std::array<Architecture, 3> kArchitectures = {{
    {"residual", make_residual},
    {"vgg", make_vgg},
    {"ednn", make_ednn},
}};

}  // namespace

std::vector<std::string> net_names() {
  std::vector<std::string> names;
  for (const Architecture& architecture : kArchitectures) {
    names.emplace_back(architecture.name);
  }
  return names;
}

Result<NetPtr> make_net(const NetOptions& options) {
  for (const Architecture& architecture : kArchitectures) {
    if (options.name != architecture.name) {
      continue;
    }
    try {
      NetPtr net = architecture.make(options);
      TORCH_CHECK(options.input_side == 48 || !net->fixed_side(), "takes no --input-side");
      // Channels last: the convolutions' own order for bf16, so that nothing is reordered between them.
      for (torch::Tensor weight : net->parameters()) {
        if (weight.dim() == 4) weight.set_data(weight.contiguous(torch::MemoryFormat::ChannelsLast));
      }
      return net;
    } catch (const c10::Error& error) {
      return wrong_use("--net " + options.name + ": " + error.what_without_backtrace());
    }
  }
  std::string known;
  for (const std::string& name : net_names()) {
    known += (known.empty() ? "" : ", ") + name;
  }
  return wrong_use("--net " + options.name + ": there is no such architecture; known are " + known);
}

nlohmann::json to_json(const NetOptions& options) {
  return {{"name", options.name},
          {"channels", options.channels},
          {"blocks", options.blocks},
          {"dropout", options.dropout},
          {"input_side", options.input_side}};
}

NetOptions net_options_from(const nlohmann::json& json) {
  return {json.value("name", std::string{"residual"}), json.at("channels").get<std::vector<int>>(),
          json.at("blocks").get<std::vector<int>>(), json.at("dropout").get<double>(),
          json.value("input_side", 48)};
}

int64_t parameter_count(const torch::nn::Module& net) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : net.parameters()) {
    count += parameter.numel();
  }
  return count;
}

}  // namespace pyro::training

// What every expression network is to the rest of the laboratory: seven probabilities twice, and what leads
// to them. An architecture is one file beside this one and one line in net.cpp.
#pragma once

#include <torch/torch.h>

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "export/program.hpp"
#include "pyro/base/result.hpp"

namespace pyro::training {

// Empty lists mean the architecture's own numbers.
struct NetOptions {
  std::string name = "residual";
  std::vector<int> channels;  // of each stage
  std::vector<int> blocks;    // of each stage
  double dropout = 0.2;       // before the heads, while training
  int input_side = 48;        // pixels a side that the network magnifies its picture to (residual only)

  bool operator==(const NetOptions&) const = default;
};

struct Logits {
  torch::Tensor product;    // [n, 7], towards the FER+ votes
  torch::Tensor fer2013;    // [n, 7], towards FER2013's own labels
  torch::Tensor embedding;  // [n, e], what both heads read
  torch::Tensor maps;       // [n, c, h, w], the last maps that still have a place: Grad-CAM looks at these
};

class Net : public torch::nn::Module {
 public:
  // Input [n, 1, s, s], normalised by crop::normalise; s is 48 where fixed_side() says so.
  virtual Logits forward(torch::Tensor x) = 0;

  // The network of evaluation mode as a list of plain steps, batch normalisation folded in: what is exported.
  [[nodiscard]] virtual Program program() const = 0;

  // True if only 48×48 pictures fit.
  [[nodiscard]] virtual bool fixed_side() const { return false; }

  [[nodiscard]] const NetOptions& options() const { return options_; }

 protected:
  explicit Net(NetOptions options) : options_(std::move(options)) {}

 private:
  NetOptions options_;
};
using NetPtr = std::shared_ptr<Net>;

// Names that make_net knows.
[[nodiscard]] std::vector<std::string> net_names();

// Weights are drawn from torch's generator. Errors (wrong_use): unknown name, or numbers that make no
// network.
[[nodiscard]] Result<NetPtr> make_net(const NetOptions& options);

nlohmann::json to_json(const NetOptions& options);
NetOptions net_options_from(const nlohmann::json& json);

// Parameters that are trained.
int64_t parameter_count(const torch::nn::Module& net);

}  // namespace pyro::training

#include "map/encoder.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "export/tensors.hpp"
#include "map/product.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

// Keeps the gradient finite where two places are the same.
constexpr double kLeastSquare = 1e-3;

// Edges by their weight, each from either end.
class EdgeDraws {
 public:
  explicit EdgeDraws(const std::vector<Edge>& edges) : edges_(edges) {
    double sum = 0;
    for (const Edge& edge : edges) {
      sums_.push_back(sum += static_cast<double>(edge.weight));
    }
  }
  void draw(datasets::Random& random, int64_t& from, int64_t& to) const {
    const double at = static_cast<double>(random.next() >> 11U) * 0x1p-53 * sums_.back();
    const auto found = std::upper_bound(sums_.begin(), sums_.end() - 1, at);
    const Edge& edge = edges_[static_cast<std::size_t>(found - sums_.begin())];
    const bool turned = random.below(2) == 1;
    from = turned ? edge.to : edge.from;
    to = turned ? edge.from : edge.to;
  }

 private:
  const std::vector<Edge>& edges_;
  std::vector<double> sums_;
};

MapEncoder fresh(int64_t inputs, int64_t hidden) {
  MapEncoder encoder;
  for (const auto& [in, out] :
       {std::pair(inputs, hidden), std::pair(hidden, hidden), std::pair(hidden, int64_t{2})}) {
    const torch::nn::Linear layer(in, out);  // for its initial weights
    encoder.layers.push_back({layer->weight, layer->bias});
  }
  return encoder;
}

torch::Tensor forward(const MapEncoder& encoder, torch::Tensor x) {
  for (std::size_t i = 0; i < encoder.layers.size(); ++i) {
    x = linear(x, encoder.layers[i].weight, encoder.layers[i].bias);
    x = i + 1 < encoder.layers.size() ? x.relu() : x;
  }
  return x;
}

}  // namespace

torch::Tensor MapEncoder::place(const torch::Tensor& embeddings) const {
  const torch::NoGradGuard no_grad;
  return forward(*this, embeddings);
}

MapEncoder fit_encoder(const torch::Tensor& embeddings, const std::vector<Edge>& edges, const Curve& curve,
                       const EncoderOptions& options) {
  const torch::Tensor mean = embeddings.mean(0);
  const torch::Tensor scale = embeddings.std(0).clamp_min(1e-6);
  const torch::Tensor inputs = (embeddings - mean) / scale;
  torch::manual_seed(options.seed);
  const MapEncoder encoder = fresh(embeddings.size(1), options.hidden);
  std::vector<torch::Tensor> parameters;
  for (const MapEncoder::Layer& layer : encoder.layers) {
    parameters.insert(parameters.end(), {layer.weight, layer.bias});
  }
  torch::optim::Adam adam(parameters, torch::optim::AdamOptions(options.learning_rate));
  datasets::Random random(options.seed);
  const EdgeDraws draws(edges);
  const int64_t batch = options.batch;
  torch::Tensor nodes = torch::empty({2 * batch}, torch::kLong);  // the edges' ends: from …, to …
  torch::Tensor wanted = torch::zeros({batch * (1 + options.negatives)});
  wanted.slice(0, 0, batch).fill_(1);
  for (int step = 0; step < options.steps; ++step) {
    auto* ends = nodes.data_ptr<int64_t>();
    for (int64_t i = 0; i < batch; ++i) {
      draws.draw(random, ends[i], ends[batch + i]);
    }
    const torch::Tensor placed = forward(encoder, inputs.index_select(0, nodes));
    const torch::Tensor from = placed.slice(0, 0, batch);
    std::vector<torch::Tensor> others{placed.slice(0, batch)};
    // Points that are no neighbours come from the same batch, as in the paper: no other has to be placed. Its
    // edges are drawn independently, so another one's end is a random point, whichever it is.
    for (int i = 0; i < options.negatives; ++i) {
      const auto shift = static_cast<int64_t>(1 + random.below(static_cast<std::size_t>(batch - 1)));
      others.push_back(placed.slice(0, batch).roll(shift, 0));
    }
    const torch::Tensor squares = (from.unsqueeze(0) - torch::stack(others)).square().sum(2).flatten();
    // q = 1 / (1 + a d^(2b)) is the logistic function of this.
    const torch::Tensor logits = -(std::log(curve.a) + curve.b * (squares + kLeastSquare).log());
    const torch::Tensor loss = torch::binary_cross_entropy_with_logits(logits, wanted);
    const double done = static_cast<double>(step) / options.steps;
    static_cast<torch::optim::AdamOptions&>(adam.param_groups().front().options())
        .lr(options.learning_rate * (1 + std::cos(std::numbers::pi * done)) / 2);
    adam.zero_grad();
    loss.backward();
    adam.step();
  }
  MapEncoder result;
  for (const MapEncoder::Layer& layer : encoder.layers) {
    result.layers.push_back({layer.weight.detach(), layer.bias.detach()});
  }
  MapEncoder::Layer& first = result.layers.front();
  first.weight = first.weight / scale;
  first.bias = first.bias - (first.weight * mean).sum(1);
  return result;
}

Arrays to_arrays(const MapEncoder& encoder, const torch::Tensor& reference) {
  Arrays arrays;
  for (std::size_t i = 0; i < encoder.layers.size(); ++i) {
    const std::string name = "layer" + std::to_string(i);
    arrays.items[name + ".weight"] = array_of(encoder.layers[i].weight);
    arrays.items[name + ".bias"] = array_of(encoder.layers[i].bias);
  }
  arrays.items["reference.input"] = array_of(reference);
  arrays.items["reference.map"] = array_of(encoder.place(reference));
  return arrays;
}

}  // namespace pyro::training

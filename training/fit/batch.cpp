#include "fit/batch.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "pyro/datasets/random.hpp"

namespace pyro::training {
namespace {

constexpr std::uint64_t kOrderStream = 1ULL << 40U;

float weight_of(const Distribution& target, const Distribution& classes) {
  return std::inner_product(target.begin(), target.end(), classes.begin(), 0.0F);
}

// What decides the sample's class: its label, or the votes where it has none.
const Distribution& target_of(const Sample& sample) {
  const bool labelled =
      std::any_of(sample.labels.begin(), sample.labels.end(), [](float p) { return p > 0; });
  return labelled || !sample.votes ? sample.labels : *sample.votes;
}

// Mean over the rows that have a target, weighted; 0 where none has.
torch::Tensor cross_entropy(const torch::Tensor& logits, const torch::Tensor& target,
                            const torch::Tensor& weight) {
  const torch::Tensor present = weight * target.sum(1);
  return -(weight * (target * torch::log_softmax(logits, 1)).sum(1)).sum() / present.sum().clamp_min(1e-6);
}

torch::Tensor softened(const torch::Tensor& target, double temperature) {
  const torch::Tensor powered = target.pow(1.0 / temperature);
  return powered / powered.sum(1, true).clamp_min(1e-6);
}

}  // namespace

Distribution class_weights(const std::vector<Sample>& samples, const std::string& balance) {
  Distribution weights;
  weights.fill(1);
  if (balance == "none") {
    return weights;
  }
  Distribution counts{};
  for (const Sample& sample : samples) {
    const Distribution& target = target_of(sample);
    for (std::size_t k = 0; k < counts.size(); ++k) {
      counts[k] += target[k];
    }
  }
  double total = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    weights[k] = counts[k] > 0 ? 1.0F / std::sqrt(counts[k]) : 0.0F;
    total += static_cast<double>(weights[k]) * counts[k];
  }
  for (float& weight : weights) {
    weight *= static_cast<float>(static_cast<double>(samples.size()) / std::max(total, 1e-9));
  }
  return weights;
}

std::vector<std::size_t> epoch_order(const std::vector<Sample>& samples, const FitOptions& options,
                                     int epoch) {
  Random random(mix(options.seed, kOrderStream, static_cast<std::uint64_t>(epoch)));
  std::vector<std::size_t> order(samples.size());
  if (options.balance != "sampling") {
    std::iota(order.begin(), order.end(), std::size_t{0});
    shuffle(std::span<std::size_t>(order), random);
    return order;
  }
  const Distribution classes = class_weights(samples, options.balance);
  std::vector<double> sums;
  double sum = 0;
  for (const Sample& sample : samples) {
    sums.push_back(sum += weight_of(target_of(sample), classes));
  }
  for (std::size_t& index : order) {
    const auto drawn = std::upper_bound(sums.begin(), sums.end(), random.uniform() * sum);
    index = std::min(static_cast<std::size_t>(drawn - sums.begin()), samples.size() - 1);
  }
  return order;
}

Batch make_batch(const std::vector<Sample>& samples, std::span<const std::size_t> order,
                 const AugmentOptions& options, const Distribution& classes, std::uint64_t seed, int epoch) {
  const auto count = static_cast<int64_t>(order.size());
  const auto zeros = [count] { return torch::zeros({count, kClasses}); };
  Batch batch{torch::empty({count, 1, crop::kExpressionSide, crop::kExpressionSide}),
              {zeros(), zeros(), zeros(), zeros(), torch::empty({count})}};
  auto* image = batch.images.data_ptr<float>();
  const auto put = [](torch::Tensor& target, std::size_t row, const Distribution& values) {
    std::copy(values.begin(), values.end(), target.data_ptr<float>() + row * kClasses);
  };
  for (std::size_t row = 0; row < order.size(); ++row) {
    const Sample& sample = samples[order[row]];
    const crop::GreyFace face =
        augment(sample.face, options, mix(seed, static_cast<std::uint64_t>(epoch), order[row]));
    crop::normalise(face, std::span<float, crop::kExpressionPixels>(image, crop::kExpressionPixels));
    image += crop::kExpressionPixels;
    put(batch.targets.fer2013, row, sample.labels);
    if (sample.votes) {
      put(batch.targets.product, row, *sample.votes);
    }
    if (sample.teacher) {
      put(batch.targets.taught_fer2013, row, sample.teacher->fer2013);
      put(batch.targets.taught_product, row, sample.teacher->product);
    }
    batch.targets.weight.data_ptr<float>()[row] = sample.weight * weight_of(target_of(sample), classes);
  }
  return batch;
}

namespace {

Targets blended(const Targets& targets, double share) {
  const auto blend = [share](const torch::Tensor& x) { return x * share + x.flip(0) * (1.0 - share); };
  return {blend(targets.fer2013), blend(targets.product), blend(targets.taught_fer2013),
          blend(targets.taught_product), blend(targets.weight)};
}

}  // namespace

Batch mixed_up(const Batch& batch, double share) {
  return {batch.images * share + batch.images.flip(0) * (1.0 - share), blended(batch.targets, share)};
}

Batch cut_mixed(const Batch& batch, const Rectangle& r) {
  using torch::indexing::Slice;
  Batch mixed{batch.images.clone(), {}};
  const auto place = {torch::indexing::TensorIndex(Slice()), torch::indexing::TensorIndex(Slice()),
                      torch::indexing::TensorIndex(Slice(r.top, r.bottom)),
                      torch::indexing::TensorIndex(Slice(r.left, r.right))};
  mixed.images.index_put_(place, batch.images.flip(0).index(place));
  const double cut = static_cast<double>((r.bottom - r.top) * (r.right - r.left)) / crop::kExpressionPixels;
  mixed.targets = blended(batch.targets, 1.0 - cut);
  return mixed;
}

Batch shrunk(const Batch& batch, int side) {
  if (side == crop::kExpressionSide) {
    return batch;
  }
  namespace F = torch::nn::functional;
  const auto options = F::InterpolateFuncOptions()
                           .size(std::vector<int64_t>{side, side})
                           .mode(torch::kBilinear)
                           .align_corners(false);
  return {F::interpolate(batch.images, options), batch.targets};
}

Losses losses_of(const torch::Tensor& fer2013_logits, const torch::Tensor& product_logits,
                 const Targets& targets, const FitOptions& options) {
  const double s = options.label_smoothing;
  const torch::Tensor present = targets.fer2013.sum(1, true);
  const torch::Tensor smooth = targets.fer2013 * (1.0 - s) + present * (s / kClasses);
  Losses losses{cross_entropy(fer2013_logits, smooth, targets.weight),
                cross_entropy(product_logits, targets.product, targets.weight)};
  const bool taught = options.distill_weight > 0 && targets.taught_fer2013.sum().item<float>() > 0;
  if (taught) {
    const double t = options.temperature;
    const auto with_teacher = [&](const torch::Tensor& own, const torch::Tensor& logits,
                                  const torch::Tensor& teacher) {
      // t² keeps the gradient's size whatever the temperature (Hinton et al. 2015).
      const torch::Tensor distance = t * t * cross_entropy(logits / t, softened(teacher, t), targets.weight);
      return own * (1.0 - options.distill_weight) + distance * options.distill_weight;
    };
    losses.fer2013 = with_teacher(losses.fer2013, fer2013_logits, targets.taught_fer2013);
    losses.product = with_teacher(losses.product, product_logits, targets.taught_product);
  }
  return losses;
}

}  // namespace pyro::training

#include "fit/batch.hpp"

#include <algorithm>

#include "pyro/datasets/random.hpp"

namespace pyro::training {

Batch make_batch(const std::vector<Sample>& samples, std::span<const std::size_t> order,
                 const AugmentOptions& options, std::uint64_t seed, int epoch) {
  const auto count = static_cast<int64_t>(order.size());
  Batch batch{torch::empty({count, 1, crop::kExpressionSide, crop::kExpressionSide}),
              torch::zeros({count, kClasses}), torch::zeros({count, kClasses})};
  auto* image = batch.images.data_ptr<float>();
  auto* fer2013 = batch.fer2013.data_ptr<float>();
  auto* product = batch.product.data_ptr<float>();
  for (const std::size_t index : order) {
    const Sample& sample = samples[index];
    const crop::GreyFace face =
        augment(sample.face, options, mix(seed, static_cast<std::uint64_t>(epoch), index));
    crop::normalise(face, std::span<float, crop::kExpressionPixels>(image, crop::kExpressionPixels));
    std::copy(sample.labels.begin(), sample.labels.end(), fer2013);
    if (sample.votes) {
      std::copy(sample.votes->begin(), sample.votes->end(), product);
    }
    image += crop::kExpressionPixels;
    fer2013 += kClasses;
    product += kClasses;
  }
  return batch;
}

Batch mixed_up(const Batch& batch, double share) {
  const auto blend = [share](const torch::Tensor& x) { return x * share + x.flip(0) * (1.0 - share); };
  return {blend(batch.images), blend(batch.fer2013), blend(batch.product)};
}

Losses losses_of(const torch::Tensor& fer2013_logits, const torch::Tensor& product_logits, const Batch& batch,
                 double label_smoothing) {
  const torch::Tensor smooth = batch.fer2013 * (1.0 - label_smoothing) + label_smoothing / kClasses;
  const torch::Tensor weight = batch.product.sum().clamp_min(1.0);
  return {-(smooth * torch::log_softmax(fer2013_logits, 1)).sum(1).mean(),
          -(batch.product * torch::log_softmax(product_logits, 1)).sum() / weight};
}

}  // namespace pyro::training

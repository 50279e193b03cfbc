#include "evaluate/predict.hpp"

#include <algorithm>

namespace pyro::training {

torch::Tensor normalised(std::span<const crop::GreyFace* const> faces) {
  torch::Tensor x =
      torch::empty({static_cast<int64_t>(faces.size()), 1, crop::kExpressionSide, crop::kExpressionSide});
  auto* at = x.data_ptr<float>();
  for (const crop::GreyFace* face : faces) {
    crop::normalise(*face, std::span<float, crop::kExpressionPixels>(at, crop::kExpressionPixels));
    at += crop::kExpressionPixels;
  }
  return x;
}

Probabilities predict(Net& net, const std::vector<const crop::GreyFace*>& faces) {
  const torch::NoGradGuard no_grad;
  const bool was_training = net.is_training();
  net.eval();
  constexpr std::size_t kBatch = 128;
  std::vector<torch::Tensor> product;
  std::vector<torch::Tensor> fer2013;
  for (std::size_t first = 0; first < faces.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, faces.size() - first);
    const Logits logits = net.forward(normalised(std::span(faces).subspan(first, count)));
    product.push_back(torch::softmax(logits.product, 1));
    fer2013.push_back(torch::softmax(logits.fer2013, 1));
  }
  net.train(was_training);
  return {torch::cat(product), torch::cat(fer2013)};
}

BothJudged judge(Net& net, const std::vector<Sample>& samples) {
  std::vector<const crop::GreyFace*> faces;
  faces.reserve(samples.size());
  for (const Sample& sample : samples) {
    faces.push_back(&sample.face);
  }
  BothJudged both;
  if (faces.empty()) {
    return both;
  }
  const Probabilities probabilities = predict(net, faces);
  const torch::Tensor product = probabilities.product.argmax(1);
  const torch::Tensor fer2013 = probabilities.fer2013.argmax(1);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (samples[i].majority) {
      both.product.push_back({*samples[i].majority, product[row].item<int>()});
    }
    if (samples[i].label) {
      both.fer2013.push_back({*samples[i].label, fer2013[row].item<int>()});
    }
  }
  return both;
}

}  // namespace pyro::training

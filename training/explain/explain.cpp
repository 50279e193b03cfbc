#include "explain/explain.hpp"

#include <algorithm>
#include <cstring>

#include "evaluate/evaluate.hpp"
#include "evaluate/predict.hpp"
#include "pyro/datasets/dataset.hpp"

namespace pyro::training {
namespace {

// [n, 7]
torch::Tensor probabilities(Net& net, const torch::Tensor& faces, Head head) {
  const torch::NoGradGuard no_grad;
  const Logits logits = net.forward(faces);
  return torch::softmax(head == Head::product ? logits.product : logits.fer2013, 1).contiguous();
}

}  // namespace

Result<std::vector<explain::FaceExplanation>> explain_pictures(const std::filesystem::path& weights,
                                                               const std::vector<std::string>& images,
                                                               const ExplainOptions& options) {
  Result<NetPtr> net = load_net(weights);
  if (!net) {
    return tl::make_unexpected(net.error());
  }
  std::vector<explain::FaceExplanation> all;
  for (const std::string& image : images) {
    datasets::Item item;
    item.name = image;
    item.is_path = true;
    const Result<crop::GreyFace> picture = datasets::load_face(item);
    if (!picture) {
      return tl::make_unexpected(picture.error());
    }
    explain::FaceExplanation out;
    out.image = image;
    out.picture = *picture;
    out.model = weights.filename().string() + " (" + (*net)->options().name + ")";
    out.head = options.head == Head::product ? "product" : "fer2013";
    out.method = options.method;
    const crop::GreyFace* face = &*picture;
    const torch::Tensor input = normalised({&face, 1});
    const torch::Tensor p = probabilities(**net, input, options.head);
    std::copy_n(p.data_ptr<float>(), out.expression.p.size(), out.expression.p.begin());
    out.target = options.target.value_or(static_cast<std::size_t>(out.expression.label()));
    const auto target = static_cast<std::int64_t>(out.target);
    out.map = options.method == "smoothgrad" ? smooth_grad(**net, input, options.head, target, options.smooth)
                                             : grad_cam(**net, input, options.head, target);
    const explain::Judge judge =
        [&](std::span<const explain::FacePixels> faces) -> Result<std::vector<double>> {
      torch::Tensor seen = torch::empty(
          {static_cast<std::int64_t>(faces.size()), 1, crop::kExpressionSide, crop::kExpressionSide});
      std::memcpy(seen.data_ptr<float>(), faces.data(), faces.size_bytes());
      const torch::Tensor heights = probabilities(**net, seen, options.head).select(1, target).contiguous();
      return std::vector<double>(heights.data_ptr<float>(), heights.data_ptr<float>() + heights.numel());
    };
    explain::FacePixels pixels{};
    std::copy_n(input.data_ptr<float>(), pixels.size(), pixels.begin());
    Result<explain::Faithfulness> faithful =
        explain::faithfulness(pixels, out.map, judge, options.faithfulness);
    if (!faithful) {
      return tl::make_unexpected(faithful.error());
    }
    out.faithfulness = std::move(*faithful);
    all.push_back(std::move(out));
  }
  return all;
}

}  // namespace pyro::training

#include "pyro/signals/expression_reader.hpp"

#include <algorithm>

#include "pyro/infer/model_forms.hpp"
#include "pyro/signals/landmark_features.hpp"

namespace pyro::signals {
namespace {

constexpr std::size_t kHeads = 2;

bool is_fused(const infer::ModelStore& models, std::string_view model) {
  const infer::ModelEntry* entry = models.find(model);
  return entry != nullptr && infer::is_fused(*entry);
}

bool takes_our_measures(const infer::Network& network) {
  const std::vector<std::size_t> input{1, kLandmarkFeatures + kHeads * records::kClasses};
  return network.input_shape() == input && network.output_count() == 2 * kHeads + 1;
}

}  // namespace

std::vector<std::string> models_behind(const infer::ModelStore& models, std::string_view model) {
  std::vector<std::string> names{std::string(model)};
  if (is_fused(models, model)) names.emplace_back(infer::kFusedPartner);
  return names;
}

Result<ExpressionReader> ExpressionReader::create(const infer::ModelStore& models, std::string_view model,
                                                  Head head, infer::Precision precision) {
  const std::size_t index = head == Head::product ? 0 : 1;
  if (!is_fused(models, model)) {
    Result<ExpressionNet> alone = ExpressionNet::create(models, model, head, precision);
    if (!alone) return tl::make_unexpected(alone.error());
    return ExpressionReader(std::move(*alone), index);
  }
  Result<infer::Model> trees = models.compile(model, {.precision = precision});
  if (!trees) return tl::make_unexpected(trees.error());
  Result<infer::Network> fusion = infer::Network::create(*trees);
  if (!fusion) return tl::make_unexpected(fusion.error());
  if (!takes_our_measures(*fusion)) {
    return bad_input("model '" + std::string(model) +
                     "' reads other measures of a face than this program takes; fit it anew "
                     "(`pyrometer-train landmarks`) or choose another with --model");
  }
  Result<ExpressionNet> partner = ExpressionNet::create(models, infer::kFusedPartner, head, precision);
  if (!partner) return tl::make_unexpected(partner.error());
  ExpressionReader reader(std::move(*partner), index);
  if (Status ran = fusion->run(); !ran) return tl::make_unexpected(ran.error());
  reader.memory_ = Seconds{fusion->output(2 * kHeads)[0]};
  reader.fusion_ = std::move(*fusion);
  return reader;
}

Result<records::Expression> ExpressionReader::read(const crop::GreyFace& face,
                                                   const records::FaceMesh& mesh) {
  Result<records::Expression> alone = net_.read(face);
  if (!alone || !fusion_ || mesh.point_count == 0) return alone;
  const std::span<float> input = fusion_->input();
  std::ranges::copy(landmark_features(mesh), input.begin());
  std::ranges::copy(
      alone->p, input.begin() + static_cast<std::ptrdiff_t>(kLandmarkFeatures + head_ * records::kClasses));
  if (Status ran = fusion_->run(); !ran) return tl::make_unexpected(ran.error());
  return normalised(fusion_->output(head_));
}

records::Expression SmoothedExpression::update(Seconds time, const records::Expression& expression) {
  constexpr double kLeast = 1e-6;
  if (!expression.known() || !(time_constant_ > Seconds{0})) return expression;
  const bool goes_on = begun_ && time - last_ <= kLongestGap;
  const double kept = goes_on ? std::exp(-(time - last_) / time_constant_) : 0;
  for (std::size_t k = 0; k < logs_.size(); ++k) {
    const double now = std::log(std::max(static_cast<double>(expression.p[k]), kLeast));
    logs_[k] = kept > 0 ? kept * logs_[k] + (1 - kept) * now : now;
  }
  begun_ = true;
  last_ = time;
  const double most = *std::ranges::max_element(logs_);
  double sum = 0;
  for (const double value : logs_) sum += std::exp(value - most);
  records::Expression smooth;
  for (std::size_t k = 0; k < logs_.size(); ++k)
    smooth.p[k] = static_cast<float>(std::exp(logs_[k] - most) / sum);
  return smooth;
}

}  // namespace pyro::signals

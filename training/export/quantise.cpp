#include "export/quantise.hpp"

#include <algorithm>
#include <cmath>
#include <openvino/runtime/core.hpp>

namespace pyro::training {
namespace {

constexpr int kBins = 4096;
constexpr int kCandidates = 100;
constexpr int kLevels = 256;

// Square error of `value` when [low, high] is cut into levels and what lies outside is moved to the border.
double loss_of(double value, double low, double step, double high) {
  const double kept = std::clamp(value, low, high);
  const double back = low + std::round((kept - low) / step) * step;
  return (value - back) * (value - back);
}

}  // namespace

std::vector<int> quantised_steps(const Program& program) {
  std::vector<int> steps;
  for (const Step& step : program.steps) {
    if (step.op == "conv" && std::find(steps.begin(), steps.end(), step.inputs.front()) == steps.end()) {
      steps.push_back(step.inputs.front());
    }
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

Histogram::Histogram(float widest) : limit(std::max(widest, 1e-6F)), bins(kBins, 0) {}

void Histogram::add(std::span<const float> values) {
  const float scale = kBins / (2 * limit);
  for (const float value : values) {
    const auto bin = static_cast<int>((value + limit) * scale);
    ++bins[static_cast<std::size_t>(std::clamp(bin, 0, kBins - 1))];
  }
}

Range best_range(const Histogram& histogram, int levels) {
  const double width = 2.0 * histogram.limit / kBins;
  const auto centre = [&](std::size_t bin) {
    return (static_cast<double>(bin) + 0.5) * width - histogram.limit;
  };
  const bool negative = std::any_of(histogram.bins.begin(), histogram.bins.begin() + kBins / 2 - 1,
                                    [](std::int64_t count) { return count > 0; });
  Range best;
  double least = INFINITY;
  for (int candidate = 1; candidate <= kCandidates; ++candidate) {
    const double high = histogram.limit * candidate / kCandidates;
    const double low = negative ? -high : 0.0;
    const double step = (high - low) / (levels - 1);
    double loss = 0;
    for (std::size_t bin = 0; bin < histogram.bins.size(); ++bin) {
      if (histogram.bins[bin] > 0) {
        loss += static_cast<double>(histogram.bins[bin]) * loss_of(centre(bin), low, step, high);
      }
    }
    if (loss < least) {
      least = loss;
      best = {static_cast<float>(low), static_cast<float>(high)};
    }
  }
  return best;
}

float best_limit(std::span<const float> weights, int levels) {
  float widest = 0;
  for (const float weight : weights) {
    widest = std::max(widest, std::abs(weight));
  }
  float best = widest;
  double least = INFINITY;
  for (int candidate = kCandidates / 2; candidate <= kCandidates; ++candidate) {
    const double limit = static_cast<double>(widest) * candidate / kCandidates;
    const double step = 2 * limit / (levels - 1);
    double loss = 0;
    for (const float weight : weights) {
      loss += step > 0 ? loss_of(weight, -limit, step, limit) : 0;
    }
    if (loss < least) {
      least = loss;
      best = static_cast<float>(limit);
    }
  }
  return std::max(best, 1e-8F);
}

Ranges calibrate(const std::shared_ptr<ov::Model>& model, const Program& program, const Array& pictures) {
  constexpr std::size_t kResults = 3;
  const std::vector<int> steps = quantised_steps(program);
  ov::Core core;
  ov::InferRequest request = core.compile_model(model, "CPU", ov::hint::inference_precision(ov::element::f32))
                                 .create_infer_request();
  const std::size_t count = pictures.shape.at(0);
  const std::size_t pixels = count == 0 ? 0 : pictures.values.size() / count;
  const auto each = [&](const auto& visit) {
    for (std::size_t i = 0; i < count; ++i) {
      std::copy_n(pictures.values.begin() + static_cast<std::ptrdiff_t>(i * pixels), pixels,
                  request.get_input_tensor().data<float>());
      request.infer();
      for (std::size_t k = 0; k < steps.size(); ++k) {
        const ov::Tensor values = request.get_output_tensor(kResults + k);
        visit(k, std::span<const float>(values.data<const float>(), values.get_size()));
      }
    }
  };
  std::vector<float> widest(steps.size(), 0);
  each([&](std::size_t k, std::span<const float> values) {
    for (const float value : values) {
      widest[k] = std::max(widest[k], std::abs(value));
    }
  });
  std::vector<Histogram> histograms(widest.begin(), widest.end());
  each([&](std::size_t k, std::span<const float> values) { histograms[k].add(values); });
  Ranges ranges;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    ranges[steps[k]] = best_range(histograms[k], kLevels);
  }
  return ranges;
}

}  // namespace pyro::training

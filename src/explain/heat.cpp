#include "pyro/explain/heat.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace pyro::explain {
namespace {

constexpr int kSide = crop::kExpressionSide;

// Where an output pixel falls between two fields, of `count` that cover `side` pixels.
struct Between {
  std::size_t first, second;
  float share;  // of the second
};
Between between(int pixel, int side, int count) {
  const float at = std::clamp(
      (static_cast<float>(pixel) + 0.5F) * static_cast<float>(count) / static_cast<float>(side) - 0.5F, 0.0F,
      static_cast<float>(count - 1));
  const auto first = static_cast<std::size_t>(at);
  return {first, std::min(first + 1, static_cast<std::size_t>(count - 1)), at - static_cast<float>(first)};
}

float value_at(const PlaceMap& map, const Between& y, const Between& x) {
  const auto width = static_cast<std::size_t>(map.width);
  const auto row = [&](std::size_t line) {
    const float* values = map.values.data() + line * width;
    return values[x.first] + x.share * (values[x.second] - values[x.first]);
  };
  const float upper = row(y.first);
  return upper + y.share * (row(y.second) - upper);
}

FacePixels blurred(const FacePixels& face) {
  constexpr int kReach = 18;
  constexpr double kDeviation = 6;
  std::array<double, 2 * kReach + 1> kernel{};
  for (int i = -kReach; i <= kReach; ++i)
    kernel[static_cast<std::size_t>(i + kReach)] = std::exp(-i * i / (2 * kDeviation * kDeviation));
  const double sum = std::accumulate(kernel.begin(), kernel.end(), 0.0);
  const auto pass = [&](const FacePixels& in, int step_x, int step_y) {
    FacePixels out{};
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        double value = 0;
        for (int i = -kReach; i <= kReach; ++i) {
          const int at_x = std::clamp(x + i * step_x, 0, kSide - 1),
                    at_y = std::clamp(y + i * step_y, 0, kSide - 1);
          value += kernel[static_cast<std::size_t>(i + kReach)] *
                   double{in[static_cast<std::size_t>(at_y * kSide + at_x)]};
        }
        out[static_cast<std::size_t>(y * kSide + x)] = static_cast<float>(value / sum);
      }
    }
    return out;
  };
  return pass(pass(face, 1, 0), 0, 1);
}

std::vector<std::size_t> order_of(const PlaceMap& map) {
  const FacePixels values = enlarged(map);
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return values[i]; });
  return order;
}

// From `begin` to `end`, pixels exchanged in that order.
Result<std::vector<double>> curve(const FacePixels& begin, const FacePixels& end,
                                  const std::vector<std::size_t>& order, const Judge& judge, int steps) {
  FacePixels picture = begin;
  std::vector<FacePixels> pictures;
  std::size_t done = 0;
  for (int step = 0; step <= steps; ++step) {
    const std::size_t until = order.size() * static_cast<std::size_t>(step) / static_cast<std::size_t>(steps);
    for (; done < until; ++done) picture[order[done]] = end[order[done]];
    pictures.push_back(picture);
  }
  return judge(pictures);
}

double area_under(const std::vector<double>& heights) {
  const double ends = (heights.front() + heights.back()) / 2;
  return (std::accumulate(heights.begin(), heights.end(), 0.0) - 2 * ends + ends) /
         static_cast<double>(heights.size() - 1);
}

}  // namespace

FacePixels enlarged(const PlaceMap& map) {
  FacePixels out{};
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x)
      out[static_cast<std::size_t>(y * kSide + x)] =
          value_at(map, between(y, kSide, map.height), between(x, kSide, map.width));
  }
  return out;
}

Result<Faithfulness> faithfulness(const FacePixels& face, const PlaceMap& map, const Judge& judge,
                                  const FaithfulnessOptions& options) {
  Faithfulness out;
  out.options = options;
  const FacePixels flat{}, blur = blurred(face);
  const auto both = [&](const PlaceMap& by) -> Result<std::pair<std::vector<double>, std::vector<double>>> {
    const std::vector<std::size_t> order = order_of(by);
    auto deletion = curve(face, flat, order, judge, options.steps);
    if (!deletion) return tl::make_unexpected(deletion.error());
    auto insertion = curve(blur, face, order, judge, options.steps);
    if (!insertion) return tl::make_unexpected(insertion.error());
    return std::pair{std::move(*deletion), std::move(*insertion)};
  };
  auto own = both(map);
  if (!own) return tl::make_unexpected(own.error());
  std::tie(out.deletion, out.insertion) = std::move(*own);
  out.deletion_area = area_under(out.deletion);
  out.insertion_area = area_under(out.insertion);

  std::mt19937_64 random(options.seed);
  out.random_deletion.assign(out.deletion.size(), 0);
  out.random_insertion.assign(out.insertion.size(), 0);
  for (int i = 0; i < options.random; ++i) {
    PlaceMap noise{map.height, map.width, std::vector<float>(map.values.size())};
    // 24 bits fill a float: the same numbers on every machine, which a distribution does not promise.
    for (float& value : noise.values) value = static_cast<float>(random() >> 40U) * 0x1p-24F;
    const auto curves = both(noise);
    if (!curves) return tl::make_unexpected(curves.error());
    for (std::size_t step = 0; step < out.deletion.size(); ++step) {
      out.random_deletion[step] += curves->first[step] / options.random;
      out.random_insertion[step] += curves->second[step] / options.random;
    }
    out.random_deletion_as_good += area_under(curves->first) <= out.deletion_area ? 1 : 0;
    out.random_insertion_as_good += area_under(curves->second) >= out.insertion_area ? 1 : 0;
  }
  out.random_deletion_area = area_under(out.random_deletion);
  out.random_insertion_area = area_under(out.random_insertion);
  return out;
}

std::vector<std::uint8_t> heat_picture(const crop::GreyFace& face, const PlaceMap& map, int scale) {
  constexpr std::array<float, 3> kRaises{230, 110, 0}, kLowers{0, 90, 200};
  constexpr float kMostCover = 0.75F;
  float greatest = 0;
  for (const float value : map.values) greatest = std::max(greatest, std::abs(value));
  PlaceMap grey{kSide, kSide, {face.pixels.begin(), face.pixels.end()}};
  std::vector<std::uint8_t> rgb;
  const int side = kSide * scale;
  rgb.reserve(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3);
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const float light = value_at(grey, between(y, side, kSide), between(x, side, kSide));
      float cover = 0;
      const std::array<float, 3>* colour = &kRaises;
      if (greatest > 0) {
        const float value =
            value_at(map, between(y, side, map.height), between(x, side, map.width)) / greatest;
        cover = kMostCover * std::abs(value);
        if (value < 0) colour = &kLowers;
      }
      for (const float part : *colour)
        rgb.push_back(static_cast<std::uint8_t>(std::lround(light * (1 - cover) + part * cover)));
    }
  }
  return rgb;
}

std::vector<std::uint8_t> plain_picture(const crop::GreyFace& face, int scale) {
  return heat_picture(face, {1, 1, {0}}, scale);
}

}  // namespace pyro::explain

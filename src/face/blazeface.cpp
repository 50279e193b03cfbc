#include "blazeface.hpp"

#include <algorithm>
#include <cmath>
#include <ranges>

#include "crop.hpp"
#include "geometry.hpp"

namespace pyro::face {
namespace {

using records::FaceBox;

constexpr int kSide = 128;
constexpr int kBoxes = 896, kValues = 16, kPoints = 6;
constexpr float kRegionScale = 1.5F;

// The network's boxes are relative to fixed places: two per cell of a 16×16 grid, then six per cell of an 8×8
// grid.
constexpr auto kAnchors = [] {
  std::array<records::Point2, kBoxes> anchors{};
  std::size_t next = 0;
  for (const auto& [cells, per_cell] : {std::pair{16, 2}, std::pair{8, 6}}) {
    for (int y = 0; y < cells; ++y) {
      for (int x = 0; x < cells; ++x) {
        for (int k = 0; k < per_cell; ++k) {
          anchors[next++] = {(static_cast<float>(x) + 0.5F) / static_cast<float>(cells),
                             (static_cast<float>(y) + 0.5F) / static_cast<float>(cells)};
        }
      }
    }
  }
  return anchors;
}();

}  // namespace

Result<std::unique_ptr<Detector>> BlazeFace::create(const infer::ModelStore& store,
                                                    const FaceOptions& options) {
  auto model = store.compile("face_detector", {.precision = options.precision});
  if (!model) return tl::make_unexpected(model.error());
  auto network = infer::Network::create(*model);
  if (!network) return tl::make_unexpected(network.error());
  return std::unique_ptr<Detector>(new BlazeFace(std::move(*network), options));
}

BlazeFace::BlazeFace(infer::Network network, const FaceOptions& options)
    : network_(std::move(network)),
      min_score_(options.min_detection_score),
      max_overlap_(options.detector_overlap) {
  candidates_.reserve(kBoxes);
  cluster_.reserve(kBoxes);
}

Status BlazeFace::detect(const records::Frame& frame, std::vector<FaceBox>& out) {
  out.clear();
  const records::FaceRegion whole{{static_cast<float>(frame.width) / 2, static_cast<float>(frame.height) / 2},
                                  static_cast<float>(std::max(frame.width, frame.height)),
                                  0};
  cropper_.crop(frame, whole, {kSide, Border::black, 1 / 127.5F, -1}, network_.input());
  if (const Status ran = network_.run(); !ran) return ran;
  decode(frame);
  merge(out);
  return {};
}

// From the network's numbers to boxes in the frame's pixels, best first.
void BlazeFace::decode(const records::Frame& frame) {
  const auto values = network_.output(0), scores = network_.output(1);
  const auto side = static_cast<float>(std::max(frame.width, frame.height));
  const float left = (static_cast<float>(frame.width) - side) / 2,
              top = (static_cast<float>(frame.height) - side) / 2;
  candidates_.clear();
  for (std::size_t i = 0; i < kBoxes; ++i) {
    const float score = 1 / (1 + std::exp(-std::clamp(scores[i], -100.0F, 100.0F)));
    if (score < min_score_) continue;
    const float* v = &values[i * kValues];
    const auto x = [&](float value) { return (value / kSide + kAnchors[i].x) * side + left; };
    const auto y = [&](float value) { return (value / kSide + kAnchors[i].y) * side + top; };
    FaceBox box;
    box.width = v[2] / kSide * side;
    box.height = v[3] / kSide * side;
    box.x = x(v[0]) - box.width / 2;
    box.y = y(v[1]) - box.height / 2;
    box.score = score;
    box.point_count = kPoints;
    for (std::size_t k = 0; k < kPoints; ++k) box.points[k] = {x(v[4 + 2 * k]), y(v[5 + 2 * k])};
    candidates_.push_back(box);
  }
  std::ranges::sort(candidates_, std::ranges::greater{}, &FaceBox::score);  // stable_sort would allocate
}

// Boxes of one face become their mean, weighted by score; its score is the best one's.
void BlazeFace::merge(std::vector<FaceBox>& out) {
  while (!candidates_.empty()) {
    const FaceBox best = candidates_.front();
    cluster_.clear();
    std::erase_if(candidates_, [&](const FaceBox& other) {
      const bool same = overlap(other, best) > max_overlap_;
      if (same) cluster_.push_back(other);
      return same;
    });
    if (cluster_.empty()) {  // a box without area overlaps nothing, not even itself
      candidates_.erase(candidates_.begin());
      continue;
    }
    FaceBox mean;
    mean.score = best.score;
    mean.point_count = kPoints;
    float total = 0;
    for (const FaceBox& box : cluster_) total += box.score;
    for (const FaceBox& box : cluster_) {
      const float share = box.score / total;
      mean.x += share * box.x;
      mean.y += share * box.y;
      mean.width += share * box.width;
      mean.height += share * box.height;
      for (std::size_t k = 0; k < kPoints; ++k) {
        mean.points[k].x += share * box.points[k].x;
        mean.points[k].y += share * box.points[k].y;
      }
    }
    out.push_back(mean);
  }
}

records::FaceRegion BlazeFace::region_of(const FaceBox& box) const {
  return {centre_of(box), kRegionScale * std::max(box.width, box.height),
          level_angle(box.points[0].x, box.points[0].y, box.points[1].x, box.points[1].y)};
}

}  // namespace pyro::face

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
// Boxes of two looks that overlap more are one face. What a look holds besides is for the mesh network to
// judge: a weak box around several small faces must not hide them.
constexpr float kSameDetection = 0.3F;
// In parts of a frame, where a cheek or a dog's head fills as much as a face, more confidence is asked for:
// on the shared photographs small faces score 0.66 to 0.95. Faces larger than this share of the frame's
// longer side are left to the look at the whole, which knows that size: a dog of 0.18 scored 0.80 in a part
// and nothing in the whole.
constexpr float kMinScoreInParts = 0.65F;
constexpr float kLargestInParts = 0.125F;
constexpr std::int64_t kPartsInPassing = 2;  // of a quick search; a frame has up to some twenty

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

// Squares that cover the frame, each half over its neighbour: first as large as the frame's shorter side,
// then half of that. In them a face is two to four times as large for the network as in the whole frame.
class Parts {
 public:
  explicit Parts(const records::Frame& frame)
      : width_(static_cast<float>(frame.width)), height_(static_cast<float>(frame.height)) {
    const float shorter = std::min(width_, height_), longer = std::max(width_, height_);
    if (longer > kElongated * shorter) add(shorter);
    if (shorter / 2 >= kSide) add(shorter / 2);
  }
  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] records::FaceRegion operator[](std::int64_t i) const {
    const Level* level = levels_.data();
    for (; i >= level->columns * level->rows; ++level) i -= level->columns * level->rows;
    return {{centre(i % level->columns, level->columns, width_, level->side),
             centre(i / level->columns, level->rows, height_, level->side)},
            level->side,
            0};
  }

 private:
  // Below, the frame is nearly a square, and a square of its shorter side is no closer look.
  static constexpr float kElongated = 1.25F;
  struct Level {
    float side = 0;
    std::int64_t columns = 0, rows = 0;
  };
  static std::int64_t steps(float length, float side) {
    return 1 + static_cast<std::int64_t>(std::ceil((length - side) / (side / 2)));
  }
  static float centre(std::int64_t i, std::int64_t of, float length, float side) {
    return side / 2 + (of == 1 ? 0 : (length - side) * static_cast<float>(i) / static_cast<float>(of - 1));
  }
  void add(float side) {
    const Level level{side, steps(width_, side), steps(height_, side)};
    levels_[levels_used_++] = level;
    count_ += level.columns * level.rows;
  }

  float width_, height_;
  std::array<Level, 2> levels_;
  std::size_t levels_used_ = 0;
  std::int64_t count_ = 0;
};

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
      max_overlap_(options.detector_overlap),
      small_faces_(options.small_faces) {
  candidates_.reserve(kBoxes);
  cluster_.reserve(kBoxes);
}

Status BlazeFace::detect(const records::Frame& frame, Search search, std::vector<FaceBox>& out) {
  out.clear();
  const auto width = static_cast<float>(frame.width), height = static_cast<float>(frame.height);
  if (const Status ran = look(frame, {{width / 2, height / 2}, std::max(width, height), 0}, out); !ran)
    return ran;
  if (!small_faces_) return {};
  const Parts parts(frame);
  if (parts.count() == 0) return {};
  const bool quick = search.extent == Search::Extent::quick;
  const std::int64_t count = quick ? std::min(kPartsInPassing, parts.count()) : parts.count();
  const std::int64_t first = quick ? search.turn * kPartsInPassing : 0;
  for (std::int64_t i = first; i < first + count; ++i) {
    if (const Status ran = look(frame, parts[i % parts.count()], out); !ran) return ran;
  }
  return {};
}

Status BlazeFace::look(const records::Frame& frame, const records::FaceRegion& square,
                       std::vector<FaceBox>& out) {
  cropper_.crop(frame, square, {kSide, Border::black, 1 / 127.5F, -1}, network_.input());
  if (const Status ran = network_.run(); !ran) return ran;
  decode(square);
  if (const auto longer = static_cast<float>(std::max(frame.width, frame.height)); square.size < longer) {
    std::erase_if(candidates_, [&](const FaceBox& box) {
      return box.score < kMinScoreInParts || box.width > kLargestInParts * longer;
    });
  }
  merge(out);
  return {};
}

// From the network's numbers to boxes in the frame's pixels, best first.
void BlazeFace::decode(const records::FaceRegion& square) {
  const auto values = network_.output(0), scores = network_.output(1);
  const float side = square.size, left = square.centre.x - side / 2, top = square.centre.y - side / 2;
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

// Boxes of one face become their mean, weighted by score; its score is the best one's. A face that an earlier
// look found stays as it was found there.
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
    if (std::ranges::any_of(out, [&](const FaceBox& known) { return overlap(known, best) > kSameDetection; }))
      continue;
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
  return region_around(box, level_angle(box.points[0].x, box.points[0].y, box.points[1].x, box.points[1].y));
}

}  // namespace pyro::face

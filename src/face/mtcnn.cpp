#include "mtcnn.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>

#include "geometry.hpp"

namespace pyro::face {
namespace {

constexpr float kPyramidFactor = 0.709F;  // halves the area per level
constexpr float kCell = 12;               // the first network's field of view, px
constexpr float kStride = 2;
constexpr float kProposalScore = 0.6F, kRefinedScore = 0.7F, kFinalScore = 0.7F;
constexpr float kOverlapInLevel = 0.5F, kOverlap = 0.7F;
constexpr int kRefinedSide = 24, kFinalSide = 48;
// A picture of noise must not bring the memory down: far more than any crowd gives.
constexpr std::size_t kMostCandidates = 4096;

}  // namespace

Result<std::unique_ptr<Detector>> Mtcnn::create(const infer::ModelStore& store, const FaceOptions& options) {
  if (!(options.mtcnn_min_face_px >= kCell)) {
    return wrong_use("the smallest face for MTCNN must be at least 12 px");
  }
  std::vector<infer::Network> networks;
  for (const char* name : {"mtcnn_pnet", "mtcnn_rnet", "mtcnn_onet"}) {
    auto model = store.compile(name, {.precision = options.precision});
    if (!model) return tl::make_unexpected(model.error());
    auto network = infer::Network::create(*model);
    if (!network) return tl::make_unexpected(network.error());
    networks.push_back(std::move(*network));
  }
  return std::unique_ptr<Detector>(new Mtcnn(std::move(networks[0]), std::move(networks[1]),
                                             std::move(networks[2]), options.mtcnn_min_face_px));
}

void Mtcnn::shrink(int x, int y, int width, int height, int out_width, int out_height,
                   std::span<float> out) const {
  const std::size_t plane = static_cast<std::size_t>(out_width) * static_cast<std::size_t>(out_height);
  for (int i = 0; i < out_height; ++i) {
    // Every source pixel that the target pixel touches counts whole.
    const int top = i * height / out_height, bottom = ((i + 1) * height + out_height - 1) / out_height;
    for (int j = 0; j < out_width; ++j) {
      const int left = j * width / out_width, right = ((j + 1) * width + out_width - 1) / out_width;
      std::array<int, 3> sum{};
      for (int row = top; row < bottom; ++row) {
        const Rgbx* pixel = rgb_.row(y + row) + x;
        for (int column = left; column < right; ++column) {
          for (std::size_t c = 0; c < 3; ++c) sum[c] += static_cast<int>(pixel[column] >> (8 * c) & 255);
        }
      }
      const auto count = static_cast<float>((bottom - top) * (right - left));
      const std::size_t at =
          static_cast<std::size_t>(i) * static_cast<std::size_t>(out_width) + static_cast<std::size_t>(j);
      for (std::size_t c = 0; c < 3; ++c) {
        out[c * plane + at] = (static_cast<float>(sum[c]) / count - 127.5F) / 128;
      }
    }
  }
}

// Leaves no two boxes that overlap more; the better one stays. Best first afterwards. of_smaller: the overlap
// is the common share of the smaller box.
void Mtcnn::keep_best(std::vector<Candidate>& candidates, float most_overlap, bool of_smaller) {
  std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::score);
  const float extra = of_smaller ? 1.0F : 0.0F;  // the original's last step counts pixels, the others lengths
  const auto area = [&](const Candidate& c) { return (c.x2 - c.x1 + extra) * (c.y2 - c.y1 + extra); };
  std::size_t kept = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& a = candidates[i];
    const bool covered = std::ranges::any_of(std::span(candidates).first(kept), [&](const Candidate& b) {
      const float width = std::min(a.x2, b.x2) - std::max(a.x1, b.x1) + extra;
      const float height = std::min(a.y2, b.y2) - std::max(a.y1, b.y1) + extra;
      if (width <= 0 || height <= 0) return false;
      const float common = width * height;
      const float whole = of_smaller ? std::min(area(a), area(b)) : area(a) + area(b) - common;
      return common / whole > most_overlap;
    });
    if (!covered) candidates[kept++] = candidates[i];
  }
  candidates.resize(kept);
}

// The first network over the whole picture at one scale.
Status Mtcnn::propose(float scale) {
  const int width = static_cast<int>(static_cast<float>(rgb_.width()) * scale + 1);
  const int height = static_cast<int>(static_cast<float>(rgb_.height()) * scale + 1);
  const std::array<std::size_t, 4> shape{1, 3, static_cast<std::size_t>(height),
                                         static_cast<std::size_t>(width)};
  if (const Status set = proposals_.set_input_shape(shape); !set) return set;
  shrink(0, 0, rgb_.width(), rgb_.height(), width, height, proposals_.input());
  if (const Status ran = proposals_.run(); !ran) return ran;

  const auto shifts = proposals_.output(0), scores = proposals_.output(1);
  const std::size_t columns = proposals_.output_shape(1).at(3),
                    cells = columns * proposals_.output_shape(1).at(2);
  level_.clear();
  for (std::size_t i = 0; i < cells && level_.size() < kMostCandidates; ++i) {
    const float score = scores[cells + i];
    if (score < kProposalScore) continue;
    const std::size_t row = i / columns;
    const float x = kStride * static_cast<float>(i % columns), y = kStride * static_cast<float>(row);
    level_.push_back({std::floor((x + 1) / scale),
                      std::floor((y + 1) / scale),
                      std::floor((x + kCell) / scale),
                      std::floor((y + kCell) / scale),
                      score,
                      {shifts[i], shifts[cells + i], shifts[2 * cells + i], shifts[3 * cells + i]}});
  }
  keep_best(level_, kOverlapInLevel);
  candidates_.insert(candidates_.end(), level_.begin(), level_.end());
  return {};
}

namespace {

// Moves the corners as the network says; `extra` is what the original adds to a box's size.
template <typename Candidate>
void correct(Candidate& c, float extra) {
  const float width = c.x2 - c.x1 + extra, height = c.y2 - c.y1 + extra;
  c = {c.x1 + c.shift[0] * width,
       c.y1 + c.shift[1] * height,
       c.x2 + c.shift[2] * width,
       c.y2 + c.shift[3] * height,
       c.score,
       c.shift};
}

template <typename Candidate>
void make_square(Candidate& c) {
  const float width = c.x2 - c.x1, height = c.y2 - c.y1, side = std::max(width, height);
  c.x1 += width / 2 - side / 2;
  c.y1 += height / 2 - side / 2;
  c.x2 = c.x1 + side;
  c.y2 = c.y1 + side;
}

}  // namespace

Status Mtcnn::look_closer(infer::Network& network, int side) {
  // Boxes that lie outside the picture or have no area hold nothing to look at.
  const auto clipped = [&](const Candidate& c) {
    const auto whole = [](float value) { return static_cast<int>(std::clamp(value, -1e6F, 1e6F)); };
    return std::array{std::max(whole(c.x1), 1) - 1, std::max(whole(c.y1), 1) - 1,
                      std::min(whole(c.x2), rgb_.width()), std::min(whole(c.y2), rgb_.height())};
  };
  std::erase_if(candidates_, [&](const Candidate& c) {
    const auto [left, top, right, bottom] = clipped(c);
    return right <= left || bottom <= top;
  });
  if (candidates_.empty()) return {};
  const auto s = static_cast<std::size_t>(side);
  const std::array<std::size_t, 4> shape{candidates_.size(), 3, s, s};
  if (const Status set = network.set_input_shape(shape); !set) return set;
  const auto input = network.input();
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const auto [left, top, right, bottom] = clipped(candidates_[i]);
    shrink(left, top, right - left, bottom - top, side, side, input.subspan(i * 3 * s * s, 3 * s * s));
  }
  return network.run();
}

Status Mtcnn::detect(const records::Frame& frame, Search /*its pyramid holds every size*/,
                     std::vector<records::FaceBox>& out) {
  out.clear();
  if (frame.width <= 0 || frame.height <= 0) return {};
  rgb_.fill(frame, 0, 0, frame.width, frame.height);
  candidates_.clear();
  float scale = kCell / min_face_px_;
  float side = static_cast<float>(std::min(rgb_.width(), rgb_.height())) * scale;
  while (side >= kCell) {
    if (const Status ran = propose(scale); !ran) return ran;
    scale *= kPyramidFactor;
    side *= kPyramidFactor;
  }
  keep_best(candidates_, kOverlap);
  if (candidates_.size() > kMostCandidates) candidates_.resize(kMostCandidates);
  for (Candidate& c : candidates_) {
    correct(c, 0);
    make_square(c);
  }

  if (const Status ran = look_closer(refinement_, kRefinedSide); !ran) return ran;
  if (candidates_.empty()) return {};
  level_.clear();
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    const float score = refinement_.output(1)[2 * i + 1];
    if (score <= kRefinedScore) continue;
    Candidate c = candidates_[i];
    c.score = score;
    std::copy_n(refinement_.output(0).begin() + static_cast<std::ptrdiff_t>(4 * i), 4, c.shift.begin());
    level_.push_back(c);
  }
  keep_best(level_, kOverlap);
  candidates_ = level_;
  for (Candidate& c : candidates_) {
    correct(c, 1);
    make_square(c);
  }

  if (const Status ran = look_closer(output_, kFinalSide); !ran) return ran;
  if (candidates_.empty()) return {};
  level_.clear();
  std::vector<records::FaceBox> boxes;
  for (std::size_t i = 0; i < candidates_.size(); ++i) {
    Candidate c = candidates_[i];
    c.score = output_.output(1)[2 * i + 1];
    if (c.score <= kFinalScore) continue;
    std::copy_n(output_.output(0).begin() + static_cast<std::ptrdiff_t>(4 * i), 4, c.shift.begin());
    records::FaceBox box;
    box.score = c.score;
    box.point_count = 5;
    const float width = c.x2 - c.x1 + 1, height = c.y2 - c.y1 + 1;
    for (std::size_t k = 0; k < 5; ++k) {
      box.points[k] = {width * output_.output(2)[10 * i + k] + c.x1 - 1,
                       height * output_.output(2)[10 * i + 5 + k] + c.y1 - 1};
    }
    correct(c, 1);
    box.x = c.x1;
    box.y = c.y1;
    box.width = c.x2 - c.x1;
    box.height = c.y2 - c.y1;
    boxes.push_back(box);
    c.shift[0] = static_cast<float>(boxes.size() - 1);  // finds the points again after sorting
    level_.push_back(c);
  }
  keep_best(level_, kOverlap, true);
  for (const Candidate& c : level_) out.push_back(boxes[static_cast<std::size_t>(c.shift[0])]);
  return {};
}

records::FaceRegion Mtcnn::region_of(const records::FaceBox& box) const {
  return region_around(box, level_angle(box.points[0].x, box.points[0].y, box.points[1].x, box.points[1].y));
}

}  // namespace pyro::face

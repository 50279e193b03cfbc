#include "pyro/crop/aligned_crop.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::crop {

namespace {

// Output pixel (column, row), counted from the first pixel's centre, to image pixels.
struct ImageFromCrop {
  float x0, y0;          // image position of the centre of output pixel (0, 0)
  float step_x, step_y;  // image vector of one output column; one row is (-step_y, step_x)
};

struct Luma {
  const std::uint8_t* data;
  std::ptrdiff_t stride_bytes;
  int width, height;
};

records::Point2 middle(const records::Point3& a, const records::Point3& b) {
  return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}
records::Point2 middle(records::Point2 a, records::Point2 b) {
  return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

std::optional<ImageFromCrop> placement(const FacePoints& points) {
  const records::Point2 eyes = middle(points.right_eye, points.left_eye);
  const float eye_x = points.left_eye.x - points.right_eye.x, eye_y = points.left_eye.y - points.right_eye.y;
  const float down_x = points.mouth.x - eyes.x, down_y = points.mouth.y - eyes.y;
  const float eye_distance = std::hypot(eye_x, eye_y), mouth_distance = std::hypot(down_x, down_y);
  const float size = std::max(eye_distance, mouth_distance);
  if (!(size > 0) || !std::isfinite(size)) return std::nullopt;
  // In profile the eyes nearly coincide and their line says nothing: there the mouth says where down is.
  const bool profile = eye_distance < 0.3f * mouth_distance;
  const float right_x = profile ? down_y / mouth_distance : eye_x / eye_distance;
  const float right_y = profile ? -down_x / mouth_distance : eye_y / eye_distance;
  const float scale = size / Framing::kSize;  // image px per output px
  const records::Point2 centre = middle(eyes, points.mouth);
  // Pixel centres lie at integer + 0.5 in both pictures.
  const float dx = (0.5f - Framing::kCentreX) * scale, dy = (0.5f - Framing::kCentreY) * scale;
  return ImageFromCrop{centre.x + dx * right_x - dy * right_y, centre.y + dx * right_y + dy * right_x,
                       scale * right_x, scale * right_y};
}

// Two neighbours of a row, each in its own half of a word, so that one multiplication weighs both. Outside
// the picture: the border pixels nearest to them.
template <bool kInside>
std::uint32_t pair(const Luma& luma, int x, int y) {
  if constexpr (kInside) {
    const std::uint8_t* at = luma.data + y * luma.stride_bytes + x;
    return at[0] | static_cast<std::uint32_t>(at[1]) << 16;
  } else {
    const std::uint8_t* row = luma.data + std::clamp(y, 0, luma.height - 1) * luma.stride_bytes;
    return row[std::clamp(x, 0, luma.width - 1)] |
           static_cast<std::uint32_t>(row[std::clamp(x + 1, 0, luma.width - 1)]) << 16;
  }
}

// Bilinear sample at 16.16 fixed-point coordinates of pixel centres, in units of 1/256 grey level.
template <bool kInside>
std::uint32_t bilinear(const Luma& luma, std::int32_t x, std::int32_t y) {
  const auto right_weight = static_cast<std::uint32_t>(x >> 8) & 255u;
  const auto lower_weight = static_cast<std::uint32_t>(y >> 8) & 255u;
  const int left = x >> 16, top = y >> 16;
  const std::uint32_t columns =
      pair<kInside>(luma, left, top) * (256 - lower_weight) +
      pair<kInside>(luma, left, top + 1) * lower_weight;  // at most 255 · 256: 16 bits
  return ((columns & 0xFFFFu) * (256 - right_weight) + (columns >> 16) * right_weight) >> 8;
}

// Each output pixel: the mean of n × n bilinear samples of its footprint.
template <bool kInside>
void sample(const Luma& luma, const ImageFromCrop& place, int n, GreyFace& out) {
  const auto fixed = [](float value) { return static_cast<std::int32_t>(std::lround(value * 65536.0f)); };
  const float per = 1.0f / static_cast<float>(n);
  const float first = (per - 1) / 2;  // of the samples, from the output pixel's centre
  const std::int32_t step_x = fixed(place.step_x * per), step_y = fixed(place.step_y * per);
  const std::uint32_t whole = static_cast<std::uint32_t>(n * n) << 8;
  for (int row = 0; row < kExpressionSide; ++row) {
    std::array<std::uint32_t, kExpressionSide> sums{};
    for (int sub = 0; sub < n; ++sub) {
      const float v = static_cast<float>(row) + first + static_cast<float>(sub) * per;
      std::int32_t x = fixed(place.x0 + first * place.step_x - v * place.step_y - 0.5f);
      std::int32_t y = fixed(place.y0 + first * place.step_y + v * place.step_x - 0.5f);
      for (std::uint32_t& sum : sums) {
        for (int i = 0; i < n; ++i, x += step_x, y += step_y) sum += bilinear<kInside>(luma, x, y);
      }
    }
    for (std::size_t column = 0; column < sums.size(); ++column) {
      out.pixels[static_cast<std::size_t>(row * kExpressionSide) + column] =
          static_cast<std::uint8_t>((sums[column] + whole / 2) / whole);
    }
  }
}

struct Bounds {
  float left, top, right, bottom;  // image px
};

Bounds bounds_of(const ImageFromCrop& place) {
  Bounds bounds{1e30f, 1e30f, -1e30f, -1e30f};
  for (const float u : {-0.5f, kExpressionSide - 0.5f}) {
    for (const float v : {-0.5f, kExpressionSide - 0.5f}) {
      const float x = place.x0 + u * place.step_x - v * place.step_y;
      const float y = place.y0 + u * place.step_y + v * place.step_x;
      bounds = {std::min(bounds.left, x), std::min(bounds.top, y), std::max(bounds.right, x),
                std::max(bounds.bottom, y)};
    }
  }
  return bounds;
}

float scale_of(const ImageFromCrop& place) {
  return std::hypot(place.step_x, place.step_y);
}

void sample_footprints(const Luma& luma, const ImageFromCrop& place, GreyFace& out) {
  const Bounds bounds = bounds_of(place);
  const bool inside = bounds.left >= 2 && bounds.top >= 2 &&
                      bounds.right < static_cast<float>(luma.width - 2) &&
                      bounds.bottom < static_cast<float>(luma.height - 2);
  // Up to 1.5 px between samples: a bilinear sample spreads over two.
  const int n = std::clamp(static_cast<int>(std::ceil(scale_of(place) / 1.5f)), 2, 4);
  inside ? sample<true>(luma, place, n, out) : sample<false>(luma, place, n, out);
}

// From this many image pixels per output pixel on, the face and its surroundings are first reduced by a whole
// number to cells, at least 3 and less than 4.5 of them per output pixel: a turned 48 × 48 square of those
// spans at most 48 · 4.5 · √2 + 2 cells, and a margin of 3 on each side lets most faces be sampled without a
// look at the border.
constexpr float kDirectScale = 6;
constexpr float kCells = 3;
constexpr int kMostCells = 316;
constexpr int kMarginCells = 3;

// One row of cells of by × by pixels (fewer at the frame's border).
void reduce_row(const Luma& luma, int by, int first_cell, int cell_row, int width, std::uint8_t* out) {
  constexpr int kBlock = 512;
  const int y0 = cell_row * by, rows = std::min(by, luma.height - y0);
  const int cells_per_block = kBlock / by;
  for (int done = 0; done < width; done += cells_per_block) {
    const int x0 = (first_cell + done) * by;
    const int cells = std::min(cells_per_block, width - done);
    const int pixels = std::min(cells * by, luma.width - x0);
    std::array<std::uint16_t, kBlock> sums{};  // rows ≤ 208: no overflow
    for (int y = y0; y < y0 + rows; ++y) {
      const std::uint8_t* line = luma.data + y * luma.stride_bytes + x0;
      int x = 0;
      for (; x + 32 <= pixels; x += 32) {  // a fixed count, so that the compiler uses vectors
        for (int i = 0; i < 32; ++i) sums[static_cast<std::size_t>(x + i)] += line[x + i];
      }
      for (; x < pixels; ++x) sums[static_cast<std::size_t>(x)] += line[x];
    }
    const float per_whole_cell = 1.0f / static_cast<float>(rows * by);  // 27,000 divisions would cost 0.2 ms
    for (int cell = 0; cell < cells; ++cell) {
      const int begin = cell * by, end = std::min(begin + by, pixels);
      std::uint32_t sum = 0;
      for (int x = begin; x < end; ++x) sum += sums[static_cast<std::size_t>(x)];
      const float per = end - begin == by ? per_whole_cell : 1.0f / static_cast<float>(rows * (end - begin));
      out[done + cell] = static_cast<std::uint8_t>(static_cast<float>(sum) * per + 0.5f);
    }
  }
}

void sample_reduced(const Luma& luma, const ImageFromCrop& place, GreyFace& out) {
  const int by = static_cast<int>(scale_of(place) / kCells);
  const Bounds bounds = bounds_of(place);
  const auto to_cell = [by](float value, int margin, int size) {
    return static_cast<int>(
               std::clamp(value + static_cast<float>(margin * by), 0.0f, static_cast<float>(size - 1))) /
           by;
  };
  const int left = to_cell(bounds.left, -kMarginCells, luma.width);
  const int top = to_cell(bounds.top, -kMarginCells, luma.height);
  const int width = std::min(to_cell(bounds.right, kMarginCells, luma.width) - left + 1, kMostCells);
  const int height = std::min(to_cell(bounds.bottom, kMarginCells, luma.height) - top + 1, kMostCells);
  std::array<std::uint8_t, static_cast<std::size_t>(kMostCells) * kMostCells> cells;  // on the stack: 100 kB
  for (int row = 0; row < height; ++row) {
    reduce_row(luma, by, left, top + row, width, cells.data() + static_cast<std::ptrdiff_t>(row) * width);
  }
  const float f = static_cast<float>(by);
  const ImageFromCrop smaller{place.x0 / f - static_cast<float>(left), place.y0 / f - static_cast<float>(top),
                              place.step_x / f, place.step_y / f};
  sample_footprints({cells.data(), width, width, height}, smaller, out);
}

}  // namespace

std::optional<FacePoints> face_points(const records::FaceMesh& face) {
  if (face.point_count >= records::kMeshPointsFast) {
    const auto& p = face.points;
    return FacePoints{middle(p[33], p[133]), middle(p[362], p[263]), middle(p[61], p[291])};
  }
  const auto& p = face.box.points;
  if (face.box.point_count == 5) return FacePoints{p[0], p[1], middle(p[3], p[4])};
  if (face.box.point_count == 6) return FacePoints{p[0], p[1], p[3]};
  return std::nullopt;
}

GreyFace align(const records::Frame& frame, const records::FaceMesh& face) {
  GreyFace out;
  const std::optional<FacePoints> points = face_points(face);
  if (!points || frame.width < 1 || frame.height < 1) return out;
  const std::optional<ImageFromCrop> place = placement(*points);
  // Coordinates this far away are no picture of a face; they would also leave the fixed-point numbers.
  constexpr float kFarthest = 30'000;
  if (!place) return out;
  const Bounds bounds = bounds_of(*place);
  if (!(bounds.left > -kFarthest && bounds.top > -kFarthest && bounds.right < kFarthest &&
        bounds.bottom < kFarthest)) {
    return out;
  }
  const Luma luma{frame.y.data, frame.y.stride_bytes, frame.width, frame.height};
  if (scale_of(*place) < kDirectScale) {
    sample_footprints(luma, *place, out);
  } else {
    sample_reduced(luma, *place, out);
  }
  if (!frame.full_range) {
    for (std::uint8_t& value : out.pixels) {
      value = static_cast<std::uint8_t>(std::clamp((value - 16) * 255 + 219 / 2, 0, 255 * 219) / 219);
    }
  }
  return out;
}

}  // namespace pyro::crop

#include "pyro/crop/aligned_crop.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <numbers>
#include <random>
#include <vector>

namespace pyro::crop {
namespace {

records::Frame frame_of(int width, int height, const std::function<double(double, double)>& grey,
                        bool full_range = true) {
  // Memory of exactly the pixels' size, so that the address sanitizer sees any read outside.
  auto pixels = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(width) *
                                                            static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      (*pixels)[static_cast<std::size_t>(y * width + x)] =
          static_cast<std::uint8_t>(std::lround(std::clamp(grey(x + 0.5, y + 0.5), 0.0, 255.0)));
    }
  }
  records::Frame frame;
  frame.width = width;
  frame.height = height;
  frame.y = {pixels->data(), width};
  frame.full_range = full_range;
  frame.pixels = pixels;
  return frame;
}

// A face with this distance between eyes and between eyes and mouth, turned clockwise, as MTCNN reports it.
records::FaceMesh face_at(double x, double y, double size, double turn_rad) {
  const double c = std::cos(turn_rad), s = std::sin(turn_rad);
  const auto at = [&](double u, double v) {  // in face space: u right, v down, origin in the middle
    return records::Point2{static_cast<float>(x + u * c - v * s), static_cast<float>(y + u * s + v * c)};
  };
  records::FaceMesh face;
  face.box.point_count = 5;
  face.box.points = {at(-size / 2, -size / 2), at(size / 2, -size / 2), at(0, 0), at(-size / 3, size / 2),
                     at(size / 3, size / 2)};
  return face;
}

// The obvious way: for each output pixel the mean of a dense grid of samples over its footprint, each the
// pixel that the sample lies in, the nearest one beyond the border.
std::vector<double> slow_align(const records::Frame& frame, double x, double y, double size,
                               double turn_rad) {
  const double scale = size / Framing::kSize, c = std::cos(turn_rad), s = std::sin(turn_rad);
  const int grid = std::max(8, static_cast<int>(std::ceil(2 * scale)));
  std::vector<double> out;
  for (int row = 0; row < kExpressionSide; ++row) {
    for (int column = 0; column < kExpressionSide; ++column) {
      double sum = 0;
      for (int i = 0; i < grid; ++i) {
        for (int j = 0; j < grid; ++j) {
          const double u = (column + (j + 0.5) / grid - Framing::kCentreX) * scale;
          const double v = (row + (i + 0.5) / grid - Framing::kCentreY) * scale;
          const int px = static_cast<int>(std::floor(x + u * c - v * s)),
                    py = static_cast<int>(std::floor(y + u * s + v * c));
          sum += frame.y.row(std::clamp(py, 0, frame.height - 1))[std::clamp(px, 0, frame.width - 1)];
        }
      }
      double grey = sum / (grid * grid);
      if (!frame.full_range) grey = (grey - 16) * 255 / 219;
      out.push_back(std::clamp(grey, 0.0, 255.0));
    }
  }
  return out;
}

struct Difference {
  double mean, largest;
};
Difference difference(const GreyFace& fast, const std::vector<double>& slow) {
  Difference result{0, 0};
  for (std::size_t i = 0; i < slow.size(); ++i) {
    const double d = std::abs(fast.pixels[i] - slow[i]);
    result.mean += d / static_cast<double>(slow.size());
    result.largest = std::max(result.largest, d);
  }
  return result;
}

double scenery(double x, double y) {  // smooth, and finer than an output pixel of a large face
  return 128 + 60 * std::sin(x / 9) * std::cos(y / 13) + 40 * std::sin((x + 2 * y) / 31) +
         20 * std::sin(x / 2.3);
}

class AlignAgainstSlow : public testing::TestWithParam<double> {};

TEST_P(AlignAgainstSlow, AtEverySizeAndTurn) {
  const double size = GetParam();
  const int side = static_cast<int>(std::max(80.0, size * 5));
  const records::Frame frame = frame_of(side, side, scenery);
  for (const double turn_rad : {0.0, 0.4, -1.1, 3.0}) {
    const double x = side / 2.0 + 3.3, y = side / 2.0 - 1.7;
    const Difference d =
        difference(align(frame, face_at(x, y, size, turn_rad)), slow_align(frame, x, y, size, turn_rad));
    // Interpolation spreads a footprint by up to a pixel (of a large face: a cell) where the slow way has
    // sharp edges; the scenery's finest wave is 14 px long.
    EXPECT_LT(d.mean, 2.5) << size << " " << turn_rad;
    EXPECT_LT(d.largest, 13) << size << " " << turn_rad;
  }
}
INSTANTIATE_TEST_SUITE_P(Sizes, AlignAgainstSlow,
                         testing::Values(9, 19, 30, 60, 110, 150, 186, 188, 260, 420));

TEST(Align, OnePixelNoiseAveragesOutAndNothingAliases) {
  std::mt19937 random(7);
  const records::Frame noise =
      frame_of(800, 800, [&](double, double) { return static_cast<double>(random() % 2 * 255); });
  for (const std::uint8_t grey : align(noise, face_at(400, 400, 150, 0.3)).pixels)
    EXPECT_NEAR(grey, 127.5, 75);
  const records::Frame checker = frame_of(800, 800, [](double x, double y) {
    return (static_cast<int>(x) + static_cast<int>(y)) % 2 == 0 ? 255.0 : 0.0;
  });
  for (const double size : {19.0, 40.0, 75.0, 150.0}) {
    for (const std::uint8_t grey : align(checker, face_at(400, 400, size * 1.03, 0.2)).pixels) {
      EXPECT_NEAR(grey, 127.5, size < 40 ? 64 : 20) << size;
    }
  }
}

TEST(Align, PutsEyesAndMouthWhereTheTrainingFacesHaveThem) {
  const double size = 100, x = 300.5, y = 260.5, turn_rad = 0.5;
  const records::FaceMesh face = face_at(x, y, size, turn_rad);
  const auto spots = [&](double px, double py) {
    double grey = 20;
    for (const int i : {0, 1}) {
      const records::Point2 p = face.box.points[static_cast<std::size_t>(i)];
      grey += 200 * std::exp(-((px - p.x) * (px - p.x) + (py - p.y) * (py - p.y)) / 50);
    }
    return grey;
  };
  const GreyFace crop = align(frame_of(600, 520, spots), face);
  const auto at = [&](double column, double row) {
    return crop
        .pixels[static_cast<std::size_t>(static_cast<int>(row) * kExpressionSide + static_cast<int>(column))];
  };
  const double half = Framing::kSize / 2;
  EXPECT_GT(at(Framing::kCentreX - half, Framing::kCentreY - half), 120);
  EXPECT_GT(at(Framing::kCentreX + half, Framing::kCentreY - half), 120);
  EXPECT_LT(at(Framing::kCentreX, Framing::kCentreY + half), 30);
}

TEST(Align, MeshAndDetectorPointsOfTheSameFaceGiveTheSamePicture) {
  const records::Frame frame = frame_of(400, 400, scenery);
  const records::FaceMesh by_points = face_at(200, 200, 80, 0.2);
  records::FaceMesh by_mesh;
  by_mesh.point_count = records::kMeshPoints;
  const auto put = [&](std::size_t a, std::size_t b, records::Point2 p, float apart) {
    by_mesh.points[a] = {p.x - apart, p.y, 5};
    by_mesh.points[b] = {p.x + apart, p.y, -5};
  };
  put(33, 133, by_points.box.points[0], 9);
  put(362, 263, by_points.box.points[1], 9);
  const auto& p = by_points.box.points;
  put(61, 291, {(p[3].x + p[4].x) / 2, (p[3].y + p[4].y) / 2}, 20);
  EXPECT_EQ(align(frame, by_mesh).pixels, align(frame, by_points).pixels);
}

TEST(Align, ProfileIsLevelledByTheMouth) {
  const records::Frame frame = frame_of(400, 400, [](double, double y) { return y / 2; });
  records::FaceMesh face = face_at(200, 200, 80, 0);
  face.box.points[0] = {202, 156};  // nearly in one place, and misleading
  face.box.points[1] = {198, 164};
  const GreyFace crop = align(frame, face);
  for (int row = 0; row < kExpressionSide; ++row) {
    const auto first = static_cast<std::size_t>(row * kExpressionSide);
    EXPECT_NEAR(crop.pixels[first], crop.pixels[first + 47], 1) << row;
  }
}

TEST(Align, BorderPixelsContinueOutsideTheFrame) {
  for (const double size : {12.0, 60.0, 300.0}) {
    const int side = static_cast<int>(size);
    const records::Frame frame =
        frame_of(side, side, [&](double x, double) { return x < size / 2 ? 40 : 200; });
    for (const auto& [x, y] : {std::pair{0.0, 0.0}, {size, size}, {-size, size / 2}, {3 * size, -2 * size}}) {
      const Difference d =
          difference(align(frame, face_at(x, y, size, 0.3)), slow_align(frame, x, y, size, 0.3));
      EXPECT_LT(d.mean, 3) << size;
    }
  }
  const GreyFace far = align(frame_of(50, 50, [](double, double) { return 77; }), face_at(2e4, -2e4, 40, 1));
  for (const std::uint8_t grey : far.pixels) EXPECT_EQ(grey, 77);
}

TEST(Align, LimitedRangeIsExpanded) {
  const auto grey_of = [](double level, bool full) {
    return align(frame_of(
                     60, 60, [&](double, double) { return level; }, full),
                 face_at(30, 30, 20, 0))
        .pixels[1000];
  };
  EXPECT_EQ(grey_of(16, false), 0);
  EXPECT_EQ(grey_of(235, false), 255);
  EXPECT_EQ(grey_of(3, false), 0);
  EXPECT_EQ(grey_of(250, false), 255);
  EXPECT_EQ(grey_of(126, false), 128);  // (126 − 16) · 255 / 219 = 128.08
  EXPECT_EQ(grey_of(126, true), 126);
}

TEST(Align, OddInputsGiveAFlatPicture) {
  const records::Frame frame = frame_of(1, 1, [](double, double) { return 90; });
  EXPECT_EQ(align(frame, face_at(0.5, 0.5, 20, 0)).pixels[0], 90);  // a frame of one pixel is a picture
  const auto flat = [](const GreyFace& face) {
    return std::all_of(face.pixels.begin(), face.pixels.end(), [](std::uint8_t p) { return p == 0; });
  };
  EXPECT_TRUE(flat(align(frame, records::FaceMesh{})));
  EXPECT_TRUE(flat(align(records::Frame{}, face_at(10, 10, 5, 0))));
  EXPECT_TRUE(flat(align(frame, face_at(10, 10, 0, 0))));
  EXPECT_TRUE(flat(align(frame, face_at(1e12, 0, 30, 0))));
  EXPECT_TRUE(flat(align(frame, face_at(0, 0, 1e9, 0))));
  EXPECT_TRUE(flat(align(frame, face_at(std::nan(""), 0, 30, 0))));
}

}  // namespace
}  // namespace pyro::crop

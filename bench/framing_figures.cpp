// Where FER2013's faces sit in their 48×48 pictures: the constants of pyro/crop/aligned_crop.hpp.
// Prints medians, quartiles of eyes, mouth, the middle between them and the size, over a sample of the
// training part. Usage: framing_figures [how many pictures, default 2500]
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "faces_of.hpp"
#include "pyro/crop/aligned_crop.hpp"

using namespace pyro;

namespace {

constexpr int kSide = crop::kExpressionSide;
constexpr int kEnlarge = 5, kMargin = 20;  // the detector needs a larger face and some air around it
constexpr std::size_t kHeader = 16;        // of the IDX file

// Bilinear enlargement with the border repeated.
records::Frame enlarged(const std::uint8_t* picture) {
  const int side = (kSide + 2 * kMargin) * kEnlarge;
  auto pixels = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(side * side));
  const auto at = [&](int x, int y) {
    return static_cast<double>(picture[std::clamp(y, 0, kSide - 1) * kSide + std::clamp(x, 0, kSide - 1)]);
  };
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double u = (x + 0.5) / kEnlarge - kMargin - 0.5, v = (y + 0.5) / kEnlarge - kMargin - 0.5;
      const int left = static_cast<int>(std::floor(u)), top = static_cast<int>(std::floor(v));
      const double fx = u - left, fy = v - top;
      const double grey = (at(left, top) * (1 - fx) + at(left + 1, top) * fx) * (1 - fy) +
                          (at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx) * fy;
      (*pixels)[static_cast<std::size_t>(y * side + x)] = static_cast<std::uint8_t>(std::lround(grey));
    }
  }
  records::Frame frame;
  frame.width = frame.height = side;
  frame.y = {pixels->data(), side};
  frame.full_range = true;
  frame.pixels = pixels;
  return frame;
}

float picture_px(float enlarged_px) {
  return enlarged_px / kEnlarge - kMargin;
}

struct Figure {
  const char* name;
  std::vector<float> values = {};

  void print() {
    std::ranges::sort(values);
    const auto at = [this](double share) {
      return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
    };
    std::printf("%-24s median %6.2f   quartiles %6.2f %6.2f\n", name, static_cast<double>(at(0.5)),
                static_cast<double>(at(0.25)), static_cast<double>(at(0.75)));
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::size_t wanted = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 2500;
  const auto file = bench::shared_data() / "fer2013/fer2013-train-images-idx3-ubyte.gz";
  const std::string bytes = bench::output_of("gzip -dc '" + file.string() + "'");
  const std::size_t count = (bytes.size() - kHeader) / crop::kExpressionPixels;
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  std::mt19937 random(1);
  std::ranges::shuffle(order, random);

  face::FaceFinder finder = bench::open_finder({.blendshapes = false});
  Figure figures[]{{"right eye x"},
                   {"right eye y"},
                   {"left eye x"},
                   {"left eye y"},
                   {"mouth x"},
                   {"mouth y"},
                   {"centre x"},
                   {"centre y"},
                   {"eye distance"},
                   {"eyes to mouth"},
                   {"size (larger of two)"}};
  std::size_t tried = 0, found = 0;
  for (; tried < std::min(wanted, count); ++tried) {
    const char* picture = bytes.data() + kHeader + order[tried] * crop::kExpressionPixels;
    const auto face = bench::face_of(finder, enlarged(reinterpret_cast<const std::uint8_t*>(picture)));
    if (!face) continue;
    ++found;
    const crop::FacePoints points = *crop::face_points(*face);
    const float rx = picture_px(points.right_eye.x), ry = picture_px(points.right_eye.y);
    const float lx = picture_px(points.left_eye.x), ly = picture_px(points.left_eye.y);
    const float mx = picture_px(points.mouth.x), my = picture_px(points.mouth.y);
    const float ex = (rx + lx) / 2, ey = (ry + ly) / 2;
    const float eyes = std::hypot(lx - rx, ly - ry), down = std::hypot(mx - ex, my - ey);
    const float values[]{
        rx, ry, lx, ly, mx, my, (ex + mx) / 2, (ey + my) / 2, eyes, down, std::max(eyes, down)};
    for (std::size_t i = 0; i < std::size(values); ++i) figures[i].values.push_back(values[i]);
  }
  std::printf("%zu of %zu pictures with a face; pixels of the 48×48 picture\n", found, tried);
  if (found == 0) return 1;
  for (Figure& figure : figures) figure.print();
}

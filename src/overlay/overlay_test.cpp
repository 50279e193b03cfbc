#include "pyro/overlay/overlay.hpp"

#include <cairo.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>

namespace {

using namespace pyro;
using records::Observation;

// One colour everywhere, 4:2:0.
struct PlainFrame {
  std::vector<std::uint8_t> y, u, v;
  records::Frame frame;

  PlainFrame(int width, int height, int luma, int cb, int cr, bool full_range = false)
      : y(static_cast<std::size_t>(width * height), static_cast<std::uint8_t>(luma)),
        u(y.size(), static_cast<std::uint8_t>(cb)),
        v(y.size(), static_cast<std::uint8_t>(cr)) {
    frame.width = width;
    frame.height = height;
    frame.y = {y.data(), width};
    frame.u = {u.data(), (width + 1) / 2};
    frame.v = {v.data(), (width + 1) / 2};
    frame.full_range = full_range;
  }
};

Observation somebody(int id, double time_s, bool valid) {
  Observation seen;
  seen.time = Seconds{time_s};
  seen.face.face_id = id;
  seen.face.box = {200, 60, 180, 230, 0.9F, {}, 0};
  seen.valid = valid;
  seen.face.quality.reason = valid ? records::GapReason::none : records::GapReason::turned_away;
  if (valid) {
    seen.expression.p = {0.05F, 0.02F, 0.03F, 0.6F, 0.1F, 0.05F, 0.15F};
    seen.score.step = std::sin(time_s) * 0.5;
    seen.score.mean = 0.1;
    seen.score.index = 40 + 10 * std::sin(time_s / 4);
  }
  return seen;
}

std::uint32_t pixel(const overlay::Picture& picture, int x, int y) {
  const std::uint8_t* p = picture.data + std::ptrdiff_t{y} * picture.stride_bytes + std::ptrdiff_t{4} * x;
  return static_cast<std::uint32_t>(p[2] << 16 | p[1] << 8 | p[0]);
}

}  // namespace

TEST(ToBgrx, WhiteBlackAndRedOfBothRanges) {
  std::vector<std::uint8_t> out;
  const auto first = [&] { return std::array<int, 3>{out[2], out[1], out[0]}; };
  overlay::to_bgrx(PlainFrame(3, 3, 235, 128, 128).frame, out);
  EXPECT_EQ(first(), (std::array<int, 3>{255, 255, 255}));
  overlay::to_bgrx(PlainFrame(3, 3, 16, 128, 128).frame, out);
  EXPECT_EQ(first(), (std::array<int, 3>{0, 0, 0}));
  overlay::to_bgrx(PlainFrame(3, 3, 81, 90, 240).frame, out);  // BT.601 red in limited range
  EXPECT_NEAR(first()[0], 255, 1);
  EXPECT_NEAR(first()[1], 0, 1);
  EXPECT_NEAR(first()[2], 0, 1);
  overlay::to_bgrx(PlainFrame(3, 3, 76, 85, 255, true).frame, out);  // the same in full range
  EXPECT_NEAR(first()[0], 254, 1);
  EXPECT_NEAR(first()[1], 0, 1);
}

TEST(ToBgrx, GreyWithoutChroma) {
  PlainFrame grey(2, 2, 100, 0, 0, true);
  grey.frame.u = grey.frame.v = {};
  std::vector<std::uint8_t> out;
  overlay::to_bgrx(grey.frame, out);
  EXPECT_EQ(out[0], 100);
  EXPECT_EQ(out[1], 100);
  EXPECT_EQ(out[2], 100);
}

TEST(Overlay, DrawsBoxInThePersonsColourAndDashesItWhenUnusable) {
  overlay::Overlay overlay({});
  const PlainFrame plain(640, 360, 16, 128, 128);
  const Observation usable = somebody(0, 1, true), unusable = somebody(0, 1, false);
  overlay::Picture picture = overlay.draw_on_frame(plain.frame, {&usable, 1});
  ASSERT_EQ(picture.width, 640);
  EXPECT_EQ(pixel(picture, 200, 200), 0x5ec8d8U);
  EXPECT_EQ(pixel(picture, 20, 20), 0U);
  picture = overlay.draw_on_frame(plain.frame, {&unusable, 1});
  int lit = 0;
  for (int y = 70; y < 280; ++y) lit += pixel(picture, 200, y) != 0;
  EXPECT_GT(lit, 80);
  EXPECT_LT(lit, 140) << "a dashed side is about half lit";
}

TEST(Overlay, KeepsDrawingWhenNobodyIsThereAndForgetsOldPoints) {
  overlay::Overlay overlay({});
  const PlainFrame plain(640, 360, 60, 128, 128);
  Observation face;
  for (int i = 0; i < 3000; ++i) {
    face = somebody(i % 2, i / 30.0, i % 100 < 90);
    const Observation both[] = {face, somebody(2, i / 30.0, true)};
    overlay.add(both);
  }
  const Observation both[] = {face, somebody(2, 100, true)};
  overlay::Picture picture = overlay.draw(plain.frame, both, {29.7, 3, true});
  ASSERT_EQ(picture.width, 1280);
  ASSERT_EQ(picture.height, 720);
  if (const char* folder = std::getenv("PYROMETER_KEEP_PICTURES")) {  // to be looked at
    cairo_surface_t* surface = cairo_image_surface_create_for_data(
        const_cast<std::uint8_t*>(picture.data), CAIRO_FORMAT_RGB24, 1280, 720, picture.stride_bytes);
    EXPECT_EQ(cairo_surface_write_to_png(surface, (std::string(folder) + "/overlay.png").c_str()),
              CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
  }
  Observation nobody;
  nobody.time = Seconds{101};
  picture = overlay.draw(plain.frame, {&nobody, 1}, {});
  EXPECT_NE(picture.data, nullptr);
}

#include "pyro/live/upward.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pyro::live {
namespace {

std::string message(std::int64_t frame, std::int64_t captured_us, std::string_view picture) {
  std::string out;
  for (const std::int64_t number : {frame, captured_us}) {
    for (int i = 0; i < 8; ++i)
      out += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i) & 0xff);
  }
  return out.append(picture);
}

TEST(Upward, APictureHasItsNumberAndItsTime) {
  const std::string sent = message(258, 1'700'000'000'000'001, "JPEG");
  const auto read = read_picture(sent, capture::Coding::vp8);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->frame, 258);
  EXPECT_EQ(read->captured.time_since_epoch().count(), 1'700'000'000'000'001);
  EXPECT_EQ(std::string(read->bytes.begin(), read->bytes.end()), "JPEG");
  EXPECT_EQ(read->coding, capture::Coding::vp8);
}

TEST(Upward, WhatNobodyCanMeanIsNoPicture) {
  const auto none = [](const std::string& sent) { return !read_picture(sent, capture::Coding::picture); };
  EXPECT_TRUE(none(""));
  EXPECT_TRUE(none(message(1, 1, "")));
  EXPECT_TRUE(none(message(-1, 1, "x")));
  EXPECT_TRUE(none(message(1, -1, "x")));
  EXPECT_TRUE(none(message((std::int64_t{1} << 52) + 1, 1, "x")));
  EXPECT_FALSE(none(message(std::int64_t{1} << 52, 0, "x")));
}

TEST(Upward, AHelloNamesACodecOrAMeshAndNothingElse) {
  const auto coding = [](const char* text) { return read_hello(text)->coding; };
  EXPECT_EQ(coding(R"({"type":"hello","codec":"jpeg"})"), capture::Coding::picture);
  EXPECT_EQ(coding(R"({"codec":"h264","type":"hello"})"), capture::Coding::h264);
  const auto both = read_hello(R"({"type":"hello","codec":"webm","mesh":"contours"})");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->coding, capture::Coding::webm);
  EXPECT_EQ(both->mesh, MeshWish::contours);
  const auto mesh = read_hello(R"({"type":"hello","mesh":"all"})");
  ASSERT_TRUE(mesh);
  EXPECT_FALSE(mesh->coding);
  EXPECT_EQ(mesh->mesh, MeshWish::all);
  for (const char* other : {"", "hello", "{}", "[]", R"({"type":"hello"})", R"({"type":"hello","codec":1})",
                            R"({"type":"hello","codec":"h265"})", R"({"type":"bye","codec":"vp8"})",
                            R"({"type":"hello","codec":"vp8","more":1})", R"({"type":"hello","mesh":"some"})",
                            R"({"type":"hello","mesh":true})", R"({"codec":"vp8","mesh":"all"})"})
    EXPECT_FALSE(read_hello(other)) << other;
  EXPECT_FALSE(read_hello(std::string(2000, '[')));
}

}  // namespace
}  // namespace pyro::live

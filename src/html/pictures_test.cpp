#include "pyro/html/pictures.hpp"

#include <gtest/gtest.h>
#include <png.h>

namespace pyro::html {
namespace {

// libpng's reader, into the same layout.
std::vector<std::uint8_t> read_back(const std::string& bytes, int width, int height, int channels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return {};
  EXPECT_EQ(image.width, static_cast<unsigned>(width));
  EXPECT_EQ(image.height, static_cast<unsigned>(height));
  EXPECT_EQ((image.format & PNG_FORMAT_FLAG_COLOR) != 0, channels == 3);
  image.format = channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr), 0);
  return pixels;
}

TEST(Png, ComesBackAsItWas) {
  for (const int channels : {1, 3}) {
    for (const int width : {1, 5, 48}) {
      const int height = 7;
      std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width * height * channels));
      for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * 37 + i / 11);
      const std::string bytes = png({pixels, width, height, channels});
      EXPECT_EQ(read_back(bytes, width, height, channels), pixels) << width << " " << channels;
    }
  }
}

TEST(Png, ARasterThatIsNotWhatItSaysGivesNothing) {
  const std::vector<std::uint8_t> pixels(6);
  EXPECT_EQ(png({pixels, 2, 2, 1}), "");
  EXPECT_EQ(png({pixels, 0, 0, 1}), "");
  EXPECT_EQ(png({pixels, 3, 1, 2}), "");
  EXPECT_EQ(png_data_uri({pixels, -6, -1, 1}), "");
}

TEST(Png, TheDataUriIsItsBase64) {
  const std::vector<std::uint8_t> pixels(1, 0);
  const std::string bytes = png({pixels, 1, 1, 1}), uri = png_data_uri({pixels, 1, 1, 1});
  const std::string start = "data:image/png;base64,";
  ASSERT_EQ(uri.substr(0, start.size()), start);
  // Every PNG begins with the same bytes, so every base64 of one with the same letters.
  EXPECT_EQ(uri.substr(start.size(), 11), "iVBORw0KGgo");
  EXPECT_EQ(uri.size() - start.size(), (bytes.size() + 2) / 3 * 4);
}

}  // namespace
}  // namespace pyro::html

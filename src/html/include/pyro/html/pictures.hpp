// Pictures that lie in the page itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pyro/html/page.hpp"

namespace pyro::html {

// 8 bits a channel, rows from the top, without gaps; pixels.size() == width x height x channels. It does not
// own its pixels.
struct Raster {
  std::span<const std::uint8_t> pixels;
  int width = 0, height = 0;
  int channels = 1;  // 1 grey, 3 RGB
};

// The bytes of a PNG file; empty where the raster is not what it says, or there is no memory.
[[nodiscard]] std::string png(const Raster& raster);
// "data:image/png;base64,…", to be an image's source; empty as above.
[[nodiscard]] std::string png_data_uri(const Raster& raster);

struct Picture {
  std::string source;        // a data: URI, or a file beside the page
  std::string caption = {};  // may be empty
  std::string badge = {};    // a word in a coloured frame: the class; may be empty
  Tint tint = Tint::muted;
  std::string title = {};  // shown when pointed at, and read aloud; the caption where empty
};
// A contact sheet: pictures in rows, `side_px` wide and at most as high.
[[nodiscard]] Html picture_grid(const std::vector<Picture>& pictures, int side_px = 72);
// Pictures that belong together, each group in a frame; frames in rows.
[[nodiscard]] Html picture_groups(const std::vector<std::vector<Picture>>& groups, int side_px = 64);
// One picture in its own size or `width_px`, with a caption.
[[nodiscard]] Html picture(const Picture& picture, int width_px = 0);

}  // namespace pyro::html

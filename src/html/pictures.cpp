#include "pyro/html/pictures.hpp"

#include <png.h>
#include <sodium.h>

#include "markup.hpp"

namespace pyro::html {
namespace {

std::string list_item(const Picture& picture) {
  const std::string& title = picture.title.empty() ? picture.caption : picture.title;
  std::string out = "<li class=\"" + tint_class(picture.tint) + "\"><img loading=\"lazy\" src=\"" +
                    escape(picture.source) + "\" alt=\"" + escape(title) + "\"" + attribute("title", title) +
                    "/>";
  if (!picture.badge.empty()) out += "<span class=\"badge\">" + escape(picture.badge) + "</span>";
  if (!picture.caption.empty()) out += element("div", picture.caption);
  return out + "</li>\n";
}

}  // namespace

std::string png(const Raster& raster) {
  if (raster.width < 1 || raster.height < 1 || (raster.channels != 1 && raster.channels != 3) ||
      raster.pixels.size() != static_cast<std::size_t>(raster.width) *
                                  static_cast<std::size_t>(raster.height) *
                                  static_cast<std::size_t>(raster.channels)) {
    return {};
  }
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(raster.width);
  image.height = static_cast<png_uint_32>(raster.height);
  image.format = raster.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  // One pass into room for the worst case; asking for the size first would compress twice.
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, raster.pixels.data(), 0, nullptr) == 0)
    return {};
  bytes.resize(size);
  return bytes;
}

std::string png_data_uri(const Raster& raster) {
  const std::string bytes = png(raster);
  if (bytes.empty()) return {};
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  text.pop_back();  // its terminating zero
  return "data:image/png;base64," + text;
}

Html picture_grid(const std::vector<Picture>& pictures, int side_px) {
  std::string out = "<ul class=\"pictures grid\" style=\"--side:" + std::to_string(side_px) + "px\">\n";
  for (const Picture& one : pictures) out += list_item(one);
  return {out + "</ul>\n"};
}

Html picture_groups(const std::vector<std::vector<Picture>>& groups, int side_px) {
  std::string out = "<div class=\"picture-groups\" style=\"--side:" + std::to_string(side_px) + "px\">\n";
  for (const std::vector<Picture>& group : groups) {
    out += "<ul class=\"pictures\">\n";
    for (const Picture& one : group) out += list_item(one);
    out += "</ul>\n";
  }
  return {out + "</div>\n"};
}

Html picture(const Picture& picture, int width_px) {
  const std::string& title = picture.title.empty() ? picture.caption : picture.title;
  std::string out = "<figure class=\"picture " + tint_class(picture.tint) + "\"><img src=\"" +
                    escape(picture.source) + "\" alt=\"" + escape(title) + "\"" +
                    (width_px > 0 ? " width=\"" + std::to_string(width_px) + "\"" : "") + "/>";
  if (!picture.badge.empty()) out += "<span class=\"badge\">" + escape(picture.badge) + "</span>";
  if (!picture.caption.empty()) out += element("figcaption", picture.caption);
  return {out + "</figure>\n"};
}

}  // namespace pyro::html

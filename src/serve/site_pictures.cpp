#include "pyro/serve/site_pictures.hpp"

#include "pyro/base/hex.hpp"
#include "pyro/crop/whole_picture.hpp"
#include "pyro/html/pictures.hpp"
#include "stills.hpp"

namespace pyro::serve {
namespace {

std::string hex_of_number(std::uint64_t number) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
  return hex_text(bytes);
}

}  // namespace

std::string image_type(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff")) return "image/jpeg";
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return "image/png";
  return "";
}

Result<SitePicture> site_picture(std::string name, std::optional<std::string> label, std::string bytes) {
  if (image_type(bytes).empty()) return bad_input("it is no JPEG and no PNG");
  if (bytes.size() > kMostPictureBytes) return bad_input("it is longer than 2 MiB");
  const Result<records::Frame> frame = decoded_picture(bytes);
  if (!frame) return bad_input("it cannot be read, or is too large");
  return SitePicture{
      std::move(name),     std::move(label), std::move(bytes), datasets::fingerprint_of(*frame),
      crop::whole(*frame), frame->width,     frame->height};
}

Result<std::optional<archive::Json>> keep_picture(store::Connection& in, const std::string& dataset,
                                                  const SitePicture& picture, UtcTime now) {
  const std::string pixels = hex_of_number(picture.print.digest[0]) + hex_of_number(picture.print.digest[1]);
  const auto same =
      in.query("SELECT label FROM dataset_picture WHERE dataset = $1 AND pixels = $2", dataset, pixels);
  if (!same) return tl::make_unexpected(same.error());
  for (const store::Row& row : *same) {
    const std::string* label = std::get_if<std::string>(&row[0]);
    if (label == nullptr ? !picture.label : picture.label == *label) return std::nullopt;
  }
  const auto many = in.query("SELECT COUNT(*) FROM dataset_picture WHERE dataset = $1", dataset);
  if (!many) return tl::make_unexpected(many.error());
  if (std::get<std::int64_t>(many->front()[0]) >= kMostSitePictures)
    return wrong_use("a data set takes 100,000 pictures; begin another one");
  const std::string_view sketch{reinterpret_cast<const char*>(picture.print.sketch.data()),
                                picture.print.sketch.size()};
  const std::string thumbnail =
      html::png({picture.small.pixels, crop::kExpressionSide, crop::kExpressionSide, 1});
  auto row =
      archive::insert(in, archive::kDatasetPicture,
                      {{"dataset", dataset},
                       {"name", picture.name},
                       {"label", picture.label ? archive::Json(*picture.label) : archive::Json(nullptr)},
                       {"pixels", pixels},
                       {"perceptual", hex_of_number(picture.print.hash)},
                       {"width", picture.width},
                       {"height", picture.height}},
                      now,
                      {{"image", store::Blob{picture.bytes}},
                       {"thumbnail", store::Blob{thumbnail}},
                       {"sketch", store::Blob{std::string{sketch}}}});
  if (!row) return tl::make_unexpected(row.error());
  return std::move(*row);
}

}  // namespace pyro::serve

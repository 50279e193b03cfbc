// Pictures of data sets that show nobody the site keeps a record of: sent one by one, or out of an archive.
#pragma once

#include <optional>
#include <string>

#include "pyro/archive/rows.hpp"
#include "pyro/crop/expression_input.hpp"
#include "pyro/datasets/twins.hpp"

namespace pyro::serve {

inline constexpr std::size_t kMostPictureBytes = 2U << 20U;
// Of one data set.
inline constexpr std::int64_t kMostSitePictures = 100'000;

// "image/jpeg", "image/png", or empty.
[[nodiscard]] std::string image_type(std::string_view bytes);

// A picture that can be read, with what tells it from others.
struct SitePicture {
  std::string name;                  // as its source called it
  std::optional<std::string> label;  // a class's name
  std::string bytes;
  datasets::Fingerprint print;
  crop::GreyFace small;
  int width = 0, height = 0;
};
// Errors (bad_input): no JPEG or PNG, longer than is taken, or damaged.
[[nodiscard]] Result<SitePicture> site_picture(std::string name, std::optional<std::string> label,
                                               std::string bytes);
// Its row; nullopt where the data set has the same pixels under the same label already. Error (wrong_use):
// the data set is full.
[[nodiscard]] Result<std::optional<archive::Json>> keep_picture(store::Connection& in,
                                                                const std::string& dataset,
                                                                const SitePicture& picture, UtcTime now);

}  // namespace pyro::serve

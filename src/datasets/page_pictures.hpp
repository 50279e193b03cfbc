// Pictures of a set as this room's pages show them.
#pragma once

#include "pyro/datasets/dataset.hpp"
#include "pyro/html/pictures.hpp"

namespace pyro::datasets {

[[nodiscard]] std::string class_name(std::size_t c);
// What of a name fits below a small picture: "images-idx3-ubyte.gz[17]" → "[17]", else the file's name.
[[nodiscard]] std::string short_name(const Item& item);
// 48×48 grey, with its label as the badge; without a source where it cannot be read.
[[nodiscard]] html::Picture picture_of(const Item& item, bool with_split);

}  // namespace pyro::datasets

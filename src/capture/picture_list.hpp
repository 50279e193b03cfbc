// A picture or a folder of pictures as a source.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "av.hpp"
#include "pyro/capture/picture_files.hpp"
#include "pyro/capture/source.hpp"

namespace pyro::capture {

// "img2" before "img10": runs of digits compare by value, the rest byte by byte without regard to ASCII case.
[[nodiscard]] bool natural_less(std::string_view a, std::string_view b);

// Each picture in its own size, 1/25 s apart. A damaged one is left out (its time too) and told at the end.
[[nodiscard]] Result<std::unique_ptr<Source>> open_pictures(const std::string& name,
                                                            std::vector<std::filesystem::path> pictures,
                                                            const SourceOptions& options,
                                                            const StopFlag& stop);

}  // namespace pyro::capture

// A zip or tar that came from outside, unpacked into a folder of its own.
#pragma once

#include <cstdint>
#include <filesystem>

#include "pyro/base/result.hpp"

namespace pyro::jobs {

struct UnpackLimits {
  std::int64_t bytes = 8LL << 30;
  std::int64_t entries = 10'000;
  // Pictures and videos do not shrink much: what grows beyond this, from `ratio_from` on, was made to fill a
  // disk.
  std::int64_t ratio = 50, ratio_from = 64LL << 20;
};

enum class Arrange : std::uint8_t {
  by_kind,   // what is looked at: videos to folder/videos, pictures to folder/pictures
  as_named,  // a data set, whose folders mean something: pictures and tables as the archive names them
};

struct Unpacked {
  std::int64_t pictures = 0, videos = 0;
  std::int64_t tables = 0;   // only as named
  std::int64_t skipped = 0;  // files that are none of these
};

// By kind, videos go to folder/videos, pictures to folder/pictures, each flat, in the order of their names in
// the archive, with an extension by what they are. Nothing is written outside the folder. Errors (bad_input):
// no archive, damaged, encrypted, empty of pictures and videos, an absolute name or one that leads upwards, a
// link or device, larger than the limits. The folder is the caller's to remove then.
[[nodiscard]] Result<Unpacked> unpack(const std::filesystem::path& archive,
                                      const std::filesystem::path& folder, const UnpackLimits& limits = {},
                                      Arrange arrange = Arrange::by_kind);

}  // namespace pyro::jobs

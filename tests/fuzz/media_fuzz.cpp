// Any first bytes: one of the kinds, with an extension where it is known; what only refers to other files is
// none.
#include <cstdint>
#include <cstdlib>

#include "pyro/jobs/media.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const pyro::jobs::Media media = pyro::jobs::media_of(bytes);
  const bool known = media.kind != pyro::jobs::MediaKind::unknown;
  if (known != !media.extension.empty() || pyro::jobs::media_name(media.kind).empty()) std::abort();
  // What only refers to others must not reach libav.
  const bool of_libav =
      media.kind == pyro::jobs::MediaKind::picture || media.kind == pyro::jobs::MediaKind::video;
  for (const std::string_view playlist : {"#EXTM3U", "ffconcat", "<?xml", "<MPD", "v=0", "[playlist]"}) {
    if (of_libav && bytes.starts_with(playlist)) std::abort();
  }
  // 512 bytes suffice.
  if (pyro::jobs::media_of(bytes.substr(0, 512)).extension != media.extension) std::abort();
  return 0;
}

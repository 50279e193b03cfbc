// Any bytes as a segment: rows whose every cell can be written, or an error, never more. Damage behind the
// checksum is reached by taking the bytes also as a segment's contents.
#include <zstd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "pyro/store/segment.hpp"

namespace {

void read_all(std::string_view bytes) {
  const auto segment = pyro::store::Segment::decode(bytes);
  if (!segment) return;
  if (segment->rows() == 0 || segment->rows() > pyro::store::kMostSegmentRows) std::abort();
  std::string text;
  for (std::size_t row = 0; row < segment->rows(); ++row) {
    segment->append_csv(text, row);
    segment->append_json(text, row);
    text.clear();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read_all(bytes);
  if (size < 2) return 0;
  // Magic, format, rows of the first two bytes, no fingerprint.
  std::string made("PYSG\1", 5);
  made += bytes.substr(0, 2);
  made.append(10, '\0');
  std::string packed(ZSTD_compressBound(size - 2), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), data + 2, size - 2, 1));
  read_all(made + packed);
  return 0;
}

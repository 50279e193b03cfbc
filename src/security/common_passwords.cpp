#include <zlib.h>

#include <algorithm>
#include <memory>

#include "pyro/security/passwords.hpp"

namespace pyro::security {

Result<CommonPasswords> CommonPasswords::load(const std::filesystem::path& path) {
  constexpr std::size_t kMostBytes = std::size_t{64} << 20;
  const std::string way_out = "; start setup/fetch, which brings the list";
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(::gzopen(path.c_str(), "rb"), ::gzclose);
  if (!file) return bad_input(path.string() + ": is missing or cannot be read" + way_out);
  std::string text, piece(std::size_t{1} << 16, '\0');
  while (text.size() <= kMostBytes) {
    const int got = ::gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()));
    if (got < 0) return bad_input(path.string() + ": is broken" + way_out);
    if (got == 0) break;
    text.append(piece, 0, static_cast<std::size_t>(got));
  }
  // zlib ends a file that was cut off without an error unless it is asked.
  int error = Z_OK;
  ::gzerror(file.get(), &error);
  if (error != Z_OK && error != Z_STREAM_END) return bad_input(path.string() + ": is broken" + way_out);
  if (text.size() > kMostBytes || std::ranges::count(text, '\n') < 1000)
    return bad_input(path.string() + ": is no list of common passwords" + way_out);
  return CommonPasswords{text};
}

}  // namespace pyro::security

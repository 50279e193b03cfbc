#include "pyro/jobs/pieces.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <span>

#include "pyro/base/files.hpp"

namespace pyro::jobs {

namespace fs = std::filesystem;

Status keep_piece(const fs::path& pieces, std::int64_t offset, const fs::path& plain,
                  const security::SealKey& key) {
  std::error_code error;
  const bool made = fs::create_directory(pieces, error);
  if (error || ::chmod(pieces.c_str(), 0700) != 0) return cannot("make the folder", pieces, errno);
  if (made) {
    if (Status synced = sync_folder(pieces.parent_path()); !synced) return synced;
  }
  return security::seal_file(plain, pieces / std::to_string(offset), key);
}

Status join_pieces(const fs::path& pieces, std::int64_t bytes, const fs::path& out,
                   const security::SealKey& key) {
  const fs::path piece = out.string() + ".piece";
  std::ofstream whole(out, std::ios::binary | std::ios::trunc);
  std::int64_t have = 0;
  std::error_code error;
  while (have < bytes && whole) {
    if (Status opened = security::open_file(pieces / std::to_string(have), piece, std::span{&key, 1});
        !opened)
      return opened;
    const auto size = static_cast<std::int64_t>(fs::file_size(piece, error));
    whole << std::ifstream(piece, std::ios::binary).rdbuf();
    fs::remove(piece, error);
    if (size == 0) return failed("a piece of an upload is empty");
    have += size;
  }
  whole.close();
  if (!whole) return cannot("write", out, errno);
  return have == bytes ? Status{} : failed("the pieces of an upload are not as long as it");
}

}  // namespace pyro::jobs

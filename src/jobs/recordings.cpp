#include "pyro/jobs/recordings.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>

#include "leftovers.hpp"
#include "pyro/base/files.hpp"

namespace pyro::jobs {
namespace {

namespace fs = std::filesystem;

fs::path root_of(const fs::path& data) {
  return data / "recordings";
}

Status append_part(const Descriptor& to, const fs::path& from, std::int64_t begin, std::int64_t bytes) {
  const Descriptor in(from, O_RDONLY);
  if (in.get() < 0) return cannot("read", from, errno);
  std::array<char, std::size_t{1} << 16> buffer{};
  while (bytes > 0) {
    const auto want = static_cast<std::size_t>(std::min<std::int64_t>(bytes, buffer.size()));
    const ssize_t got = ::pread(in.get(), buffer.data(), want, begin);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return bad_input("a piece of this video is shorter than it was");
    if (const int wrong = to.write_all({buffer.data(), static_cast<std::size_t>(got)}); wrong != 0)
      return cannot("write", from, wrong);
    begin += got;
    bytes -= got;
  }
  return {};
}

}  // namespace

Result<std::vector<VideoPiece>> pieces_of(store::Connection& in, const std::string& video) {
  const auto rows =
      in.query("SELECT name, begin_byte, bytes FROM video_piece WHERE video = $1 ORDER BY number", video);
  if (!rows) return tl::make_unexpected(rows.error());
  std::vector<VideoPiece> out;
  out.reserve(rows->size());
  for (const store::Row& row : *rows)
    out.push_back(
        {std::get<std::string>(row[0]), std::get<std::int64_t>(row[1]), std::get<std::int64_t>(row[2])});
  return out;
}

Recordings::Recordings(const fs::path& data, const archive::Secrets& secrets)
    : root_(root_of(data)), key_(0, security::derived_key(secrets.seal, "recordings")) {}

Status Recordings::make() const {
  std::error_code error;
  fs::create_directories(root_, error);
  if (error) return failed("the folder " + root_.string() + " cannot be made", error.message());
  if (::chmod(root_.c_str(), 0700) != 0) return cannot("close to others the folder", root_, errno);
  return {};
}

Status Recordings::keep(const std::string& video, const std::string& name, const fs::path& plain) const {
  const fs::path folder = root_ / video;
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make the folder", folder, errno);
  return security::seal_file(plain, folder / name, key_);
}

Status Recordings::unseal(const std::string& video, const std::vector<VideoPiece>& pieces, std::int64_t begin,
                          std::int64_t end, const fs::path& out) const {
  const fs::path piece_file = out.string() + ".piece";
  const Status done = [&]() -> Status {
    const Descriptor file(out, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file.get() < 0) return cannot("write", out, errno);
    for (const VideoPiece& piece : pieces) {
      const std::int64_t from = std::max(begin, piece.begin),
                         until = std::min(end, piece.begin + piece.bytes);
      if (from >= until) continue;
      if (Status opened = security::open_file(root_ / video / piece.name, piece_file, std::span{&key_, 1});
          !opened)
        return opened;
      if (Status added = append_part(file, piece_file, from - piece.begin, until - from); !added)
        return added;
    }
    return {};
  }();
  std::error_code ignored;
  fs::remove(piece_file, ignored);
  if (!done) fs::remove(out, ignored);
  return done;
}

void Recordings::remove(const std::string& video) const {
  std::error_code ignored;
  fs::remove_all(root_ / video, ignored);
}

void Recordings::remove(const std::string& video, const std::string& name) const {
  std::error_code ignored;
  fs::remove(root_ / video / name, ignored);
  ::rmdir((root_ / video).c_str());  // where it was the only one
}

Status Recordings::sweep(store::Database& database) const {
  std::set<std::string> gone = ids_in(root_);
  const std::set<std::string> all = gone;
  Status asked = database.read([&](store::Connection& in) -> Status {
    gone = all;
    return without_rows(in, "video", gone);
  });
  if (!asked) return asked;
  for (const std::string& id : gone) remove(id);
  return {};
}

Status Recordings::back_up(const fs::path& data, const fs::path& to) {
  const fs::path root = root_of(data);
  std::error_code error, none;
  if (fs::exists(to, error))
    return wrong_use(to.string() + " is there already; name another file for the backup");
  fs::create_directories(to, error);
  if (error) return failed(to.string() + " cannot be made", error.message());
  fs::permissions(to, fs::perms::owner_all, error);
  for (const std::string& video : ids_in(root)) {
    fs::copy(root / video, to / video, fs::copy_options::recursive, error);
    // Removed by whoever it belongs to, while it was copied.
    if (error && !fs::exists(root / video, none)) {
      fs::remove_all(to / video, none);
      error.clear();
    }
    if (error) return failed("a video cannot be copied to " + to.string(), error.message());
  }
  return sync_folder(to);
}

Status Recordings::restore(const fs::path& data, const fs::path& from) {
  const fs::path root = root_of(data);
  std::error_code error;
  const fs::path before = root.string() + ".before";
  fs::remove_all(before, error);
  if (fs::exists(root, error)) fs::rename(root, before, error);
  if (!error) fs::copy(from, root, fs::copy_options::recursive, error);
  if (error)
    return failed("the videos cannot be put back; what was there is " + before.string(), error.message());
  return sync_folder(root);
}

}  // namespace pyro::jobs

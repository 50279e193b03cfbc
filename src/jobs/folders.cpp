#include "pyro/jobs/folders.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <set>

#include "leftovers.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/base/files.hpp"

namespace pyro::jobs {

std::set<std::string> ids_in(const std::filesystem::path& folder) {
  constexpr std::size_t kIdLength = 36;
  std::set<std::string> out;
  std::error_code ignored;
  for (const auto& one : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = one.path().filename().string().substr(0, kIdLength);
    if (archive::is_id(name)) out.insert(name);
  }
  return out;
}

Status without_rows(store::Connection& in, const std::string& table, std::set<std::string>& ids) {
  for (auto at = ids.begin(); at != ids.end();) {
    const auto rows = in.query("SELECT id FROM " + table + " WHERE id = $1", *at);
    if (!rows) return tl::make_unexpected(rows.error());
    at = rows->empty() ? std::next(at) : ids.erase(at);
  }
  return {};
}

Status Folders::make() const {
  for (const auto& folder : {root_, root_ / "uploads", root_ / "runs"}) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return failed("the folder " + folder.string() + " cannot be made", error.message());
    if (::chmod(folder.c_str(), 0700) != 0) return cannot("close to others the folder", folder, errno);
  }
  return {};
}

void Folders::remove_uploads(const Freed& uploads) const {
  std::error_code ignored;
  for (const std::string& id : uploads) {
    std::filesystem::remove(upload(id), ignored);
    std::filesystem::remove_all(pieces(id), ignored);
  }
}

void Folders::remove_job(const std::string& id) const {
  std::error_code ignored;
  std::filesystem::remove_all(job(id), ignored);
}

Status Folders::sweep(store::Database& database, UtcTime now) const {
  Freed held;
  auto old = database.write([&](store::Connection& in) -> Status {
    held.clear();
    if (Status ended = cancel_held(in, now - kHeldStays, now, held); !ended) return ended;
    const auto gone = in.change("DELETE FROM upload WHERE job IS NULL AND created_us < $1",
                                archive::us_of(now - kUploadsStay));
    if (!gone) return tl::make_unexpected(gone.error());
    return {};
  });
  if (!old) return old;
  remove_uploads(held);
  // The files are listed before the rows are asked for: a row is always made before its file.
  std::set<std::string> uploads = ids_in(root_ / "uploads"), runs = ids_in(root_ / "runs");
  const std::set<std::string> all_uploads = uploads, all_runs = runs;
  Status asked = database.read([&](store::Connection& in) -> Status {
    uploads = all_uploads;
    runs = all_runs;
    if (Status done = without_rows(in, "upload", uploads); !done) return done;
    return without_rows(in, "job", runs);
  });
  if (!asked) return asked;
  remove_uploads({uploads.begin(), uploads.end()});
  for (const std::string& id : runs) remove_job(id);
  // Of jobs that were ended while nobody worked on them.
  std::set<std::string> over;
  Status looked = database.read([&](store::Connection& in) -> Status {
    over.clear();
    for (const std::string& id : all_runs) {
      std::error_code none;
      if (!std::filesystem::exists(kept(id), none)) continue;
      const auto rows =
          in.query("SELECT id FROM job WHERE id = $1 AND state IN ('done', 'failed', 'cancelled')", id);
      if (!rows) return tl::make_unexpected(rows.error());
      if (!rows->empty()) over.insert(id);
    }
    return {};
  });
  if (!looked) return looked;
  std::error_code ignored;
  for (const std::string& id : over) std::filesystem::remove_all(kept(id), ignored);
  return {};
}

Status Folders::back_up(const std::filesystem::path& to) const {
  std::error_code error;
  if (std::filesystem::exists(to, error))
    return wrong_use(to.string() + " is there already; name another file for the backup");
  std::filesystem::create_directories(to, error);
  if (error) return failed(to.string() + " cannot be made", error.message());
  std::filesystem::permissions(to, std::filesystem::perms::owner_all, error);
  std::error_code none;
  for (const auto& job : std::filesystem::directory_iterator(root_ / "runs", none)) {
    for (const auto& run : std::filesystem::directory_iterator(job.path(), none)) {
      const std::string name = run.path().filename().string();
      if (!name.starts_with("run-") || name.ends_with(".part")) continue;
      const std::filesystem::path copy = to / job.path().filename() / name;
      std::filesystem::create_directories(copy.parent_path(), error);
      if (!error) std::filesystem::copy(run.path(), copy, std::filesystem::copy_options::recursive, error);
      // Removed by whoever it belongs to, while it was copied.
      if (error && !std::filesystem::exists(run.path(), none)) {
        std::filesystem::remove_all(copy, none);
        error.clear();
      }
      if (error) return failed("the results of a job cannot be copied to " + to.string(), error.message());
    }
  }
  return sync_folder(to);
}

Status Folders::restore(const std::filesystem::path& from) const {
  std::error_code error;
  const std::filesystem::path now = root_ / "runs", before = root_ / "runs.before";
  std::filesystem::create_directories(root_, error);
  std::filesystem::remove_all(before, error);
  if (std::filesystem::exists(now, error)) std::filesystem::rename(now, before, error);
  if (!error) std::filesystem::copy(from, now, std::filesystem::copy_options::recursive, error);
  if (error)
    return failed("the results of jobs cannot be put back; what was there is " + before.string(),
                  error.message());
  return make();
}

security::SealKey job_key(const archive::Secrets& secrets) {
  return {0, security::derived_key(secrets.seal, "jobs")};
}

}  // namespace pyro::jobs

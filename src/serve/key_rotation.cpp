// A new master key: what it does stands in three places (the sealed secrets, the pages of the file, the key's
// own file), which no rename changes at once. The next key is kept beside the old one until all three agree,
// so that whatever a kill leaves can be told apart and ended.
#include <fcntl.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "pyro/archive/secrets.hpp"
#include "pyro/base/files.hpp"
#include "pyro/serve/data_folder.hpp"
#include "pyro/serve/upkeep.hpp"

namespace pyro::serve {
namespace {

Status put_in_force(const std::filesystem::path& path) {
  if (std::rename(next_key_path(path).c_str(), path.c_str()) != 0) return cannot("write", path, errno);
  return sync_folder(path.parent_path());
}

}  // namespace

Status rotate_key(const ServiceSettings& settings) {
  const std::filesystem::path path = key_path(settings);
  if (std::getenv("PYROMETER_KEY") != nullptr)
    return wrong_use(
        "the key is given by PYROMETER_KEY, where nothing can be written; put it into a file (0600), "
        "name that by --key-file and start again without the variable");
  FolderLock lock, workers;
  if (Status locked = lock.take(settings.data); !locked) return locked;
  if (Status locked = workers.take(settings.data, FolderLock::Of::all_workers); !locked) return locked;
  if (Status settled = finish_rotation(settings); !settled) return settled;
  const Result<store::Key> key = master_key(settings, IfMissing::refuse);
  if (!key) return tl::make_unexpected(key.error());
  const store::Key fresh = store::Key::random();
  {
    auto database = open_database(settings, *key);
    if (!database) return tl::make_unexpected(database.error());
    if (Status kept = keep_key(next_key_path(path), fresh); !kept) return kept;
    if (Status sealed = archive::reseal(**database, *key, fresh); !sealed) return sealed;
  }
  if (settings.database.empty()) {
    if (Status rekeyed = store::rekey_sqlite(database_path(settings), *key, fresh); !rekeyed) return rekeyed;
  }
  return put_in_force(path);
}

Status finish_rotation(const ServiceSettings& settings) {
  const std::filesystem::path path = key_path(settings), next = next_key_path(path);
  std::error_code error;
  // Begun and in nobody's use: what was being written when it was killed.
  for (const auto& left : {path, next, database_path(settings)})
    std::filesystem::remove(left.string() + ".part", error);
  if (std::getenv("PYROMETER_KEY") != nullptr || !std::filesystem::exists(next, error)) return {};
  const Result<store::Key> old = key_in(path), fresh = key_in(next);
  if (!old) return tl::make_unexpected(old.error());
  if (!fresh) return tl::make_unexpected(fresh.error());
  // The pages are changed last: a file that opens with the next key has its secrets under it too.
  if (settings.database.empty() && store::open_sqlite(database_path(settings), *fresh))
    return put_in_force(path);
  {
    auto database = open_database(settings, *old);
    if (!database) return tl::make_unexpected(database.error());
    if (archive::secrets_of(**database, *old)) {  // it had not begun
      if (std::remove(next.c_str()) != 0) return cannot("remove", next, errno);
      return sync_folder(path.parent_path());
    }
    if (const auto resealed = archive::secrets_of(**database, *fresh); !resealed)
      return bad_input("neither " + path.string() + " nor " + next.string() +
                           " fits the database's secrets; put back the key that does",
                       resealed.error().text());
  }
  if (settings.database.empty()) {
    if (Status rekeyed = store::rekey_sqlite(database_path(settings), *old, *fresh); !rekeyed) return rekeyed;
  }
  return put_in_force(path);
}

}  // namespace pyro::serve

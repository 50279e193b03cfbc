#include "pyro/serve/upkeep.hpp"

#include "opened.hpp"
#include "pyro/archive/accounts.hpp"
#include "pyro/archive/audit_log.hpp"
#include "pyro/archive/schema.hpp"
#include "pyro/archive/secrets.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/base/files.hpp"
#include "pyro/jobs/folders.hpp"
#include "pyro/jobs/recordings.hpp"
#include "pyro/security/passwords.hpp"
#include "pyro/serve/data_folder.hpp"
#include "retention.hpp"

namespace pyro::serve {
namespace {

tl::unexpected<Error> only_files() {
  return wrong_use("this is done by PostgreSQL's own tools (pg_dump, pg_restore) where --database is given");
}

}  // namespace

Result<AuditVerdict> verify_audit(const ServiceSettings& settings, const std::string& kept) {
  std::optional<security::AuditAnchor> anchor;
  if (!kept.empty()) {
    const Result<security::AuditAnchor> read = security::anchor_of(std::string_view{kept});
    if (!read) return tl::make_unexpected(read.error());
    anchor = *read;
  }
  Result<Opened> there = open_there(settings);
  if (!there) return tl::make_unexpected(there.error());
  const Result<archive::Secrets> secrets = archive::secrets_of(*there->database, there->key);
  if (!secrets) return tl::make_unexpected(secrets.error());
  archive::AuditLog log(*there->database, secrets->audit);
  const Result<security::AuditAnchor> end = log.verify(anchor);
  if (!end) return tl::make_unexpected(end.error());
  return AuditVerdict{security::anchor_text(*end)};
}

Status back_up(const ServiceSettings& settings, const std::filesystem::path& to) {
  if (!settings.database.empty()) return only_files();
  Result<Opened> there = open_there(settings);
  if (!there) return tl::make_unexpected(there.error());
  if (Status kept = store::backup_sqlite(*there->database, to, there->key); !kept) return kept;
  // Behind the database: every result and video that a row of it tells of is among them.
  if (Status copied = jobs::Folders(settings.data).back_up(to.string() + ".jobs"); !copied) return copied;
  return jobs::Recordings::back_up(settings.data, to.string() + ".recordings");
}

Status restore(const ServiceSettings& settings, const std::filesystem::path& from) {
  if (!settings.database.empty()) return only_files();
  FolderLock lock, workers;
  if (Status locked = lock.take(settings.data); !locked) return locked;
  if (Status locked = workers.take(settings.data, FolderLock::Of::all_workers); !locked) return locked;
  const Result<store::Key> key = master_key(settings, IfMissing::refuse);
  if (!key) return tl::make_unexpected(key.error());
  const std::filesystem::path now = database_path(settings), fresh = now.string() + ".restored",
                              before = now.string() + ".before";
  std::error_code error;
  std::filesystem::remove(fresh, error);
  std::filesystem::copy_file(from, fresh, error);
  if (error)
    return bad_input(from.string() + " cannot be copied into " + settings.data.string(), error.message());
  {
    // Looked at before anything is moved: the right key, whole, and of this program.
    auto database = store::open_sqlite(fresh, *key);
    if (!database) return tl::make_unexpected(database.error());
    const auto faults = store::check(**database);
    if (!faults) return tl::make_unexpected(faults.error());
    if (!faults->empty()) return bad_input(from.string() + " is damaged: " + faults->front());
    if (Status current = store::migrate(**database, archive::schema()); !current) return current;
  }
  for (const char* suffix : {"", "-wal", "-shm"}) {
    if (std::filesystem::exists(now.string() + suffix, error))
      std::filesystem::rename(now.string() + suffix, before.string() + suffix, error);
    if (error) return failed("cannot put " + now.string() + suffix + " aside", error.message());
  }
  std::filesystem::rename(fresh, now, error);
  if (error)
    return failed(
        "cannot put the backup in place of " + now.string() + "; what was there is " + before.string(),
        error.message());
  const std::filesystem::path results = from.string() + ".jobs";
  if (std::filesystem::exists(results, error)) {
    if (Status back = jobs::Folders(settings.data).restore(results); !back) return back;
  }
  const std::filesystem::path videos = from.string() + ".recordings";
  if (std::filesystem::exists(videos, error)) {
    if (Status back = jobs::Recordings::restore(settings.data, videos); !back) return back;
  }
  return sync_folder(settings.data);
}

Result<std::vector<std::string>> check_store(const ServiceSettings& settings) {
  Result<Opened> there = open_there(settings);
  if (!there) return tl::make_unexpected(there.error());
  return store::check(*there->database);
}

Result<std::vector<ErasedRows>> sweep_retention(const ServiceSettings& settings) {
  Result<Opened> there = open_current(settings);
  if (!there) return tl::make_unexpected(there.error());
  const Result<archive::Secrets> secrets = archive::secrets_of(*there->database, there->key);
  if (!secrets) return tl::make_unexpected(secrets.error());
  archive::AuditLog log(*there->database, secrets->audit);
  const auto swept = sweep_once(*there->database, log, {settings.data, *secrets}, utc_now());
  if (!swept) return tl::make_unexpected(swept.error());
  std::vector<ErasedRows> out;
  for (const archive::Swept& one : *swept) out.push_back({one.kind, one.person, one.rows});
  return out;
}

Result<std::string> reset_password(const ServiceSettings& settings, const std::string& account) {
  Result<Opened> there = open_there(settings);
  if (!there) return tl::make_unexpected(there.error());
  std::string password = security::one_time_password();
  const auto hash = security::hash_password(password);
  if (!hash) return tl::make_unexpected(hash.error());
  const Status done = there->database->write([&](store::Connection& in) -> Status {
    const auto found = archive::account_named(in, account);
    if (!found) return tl::make_unexpected(found.error());
    if (!*found) return bad_input("there is no account \"" + account + "\"");
    if (Status kept = archive::keep_password(in, (*found)->id, *hash, true, utc_now()); !kept) return kept;
    return archive::keep_totp(in, (*found)->id, std::nullopt, false, -1, utc_now());
  });
  if (!done) return tl::make_unexpected(done.error());
  return password;
}

}  // namespace pyro::serve

// Copies, new keys and checks of SQLite files.
#include "keeping.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../fault.hpp"
#include "database.hpp"
#include "pyro/base/files.hpp"

namespace pyro::store {
namespace sqlite {
namespace {

// Gone again unless it was renamed to its place.
struct Part {
  std::filesystem::path path;
  ~Part() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

// All pages of `from` as of one moment into a new file under `key`, on the disk when this returns. A page
// keeps its place, so that the copy has the same tables, marks and free pages.
Status copy_pages(Handle& from, const std::filesystem::path& to, const Key& key) {
  const int made = ::open(to.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made < 0) return cannot("create", to, errno);
  ::close(made);
  Result<std::unique_ptr<Handle>> copy = Handle::open(to, key, Access::write);
  if (!copy) return tl::make_unexpected(copy.error());
  // A copy that is not whole is thrown away, so it needs no journal.
  if (const auto mode = (*copy)->text_of("PRAGMA journal_mode = OFF"); !mode)
    return tl::make_unexpected(mode.error());
  sqlite3_backup* backup = sqlite3_backup_init((*copy)->raw(), "main", from.raw(), "main");
  if (backup == nullptr) return tl::make_unexpected((*copy)->error("the copy"));
  const int stepped = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (stepped != SQLITE_DONE || finished != SQLITE_OK) return tl::make_unexpected((*copy)->error("the copy"));
  copy->reset();
  const Descriptor written(to, O_RDWR);
  if (written.get() < 0) return cannot("open", to, errno);
  if (const int error = written.sync(); error != 0) return cannot("write", to, error);
  return {};
}

Status put_in_place(const std::filesystem::path& part, const std::filesystem::path& to) {
  if (::rename(part.c_str(), to.c_str()) != 0) return cannot("rename to", to, errno);
  return sync_folder(folder_of(to));
}

// Each row of a PRAGMA that lists what is wrong.
Status list_faults(Handle& handle, const char* pragma, std::vector<std::string>& faults) {
  const Result<Rows> rows = handle.query(pragma);
  if (!rows) {
    // What cannot be read is itself a fault that was sought.
    if (sqlstate_of(rows.error()) != "XX001") return tl::make_unexpected(rows.error());
    faults.push_back(rows.error().context);
    return {};
  }
  for (const Row& row : *rows) {
    std::string line;
    for (const Value& value : row) {
      if (!line.empty()) line += ' ';
      if (const auto* text = std::get_if<std::string>(&value)) line += *text;
      if (const auto* number = std::get_if<std::int64_t>(&value)) line += std::to_string(*number);
    }
    if (line != "ok")
      faults.push_back(std::string(pragma + std::string_view("PRAGMA ").size()) + ": " + line);
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> check(SqliteDatabase& database) {
  std::vector<std::string> faults;
  Status done = database.alone([&faults, &database](Handle& writer) -> Status {
    // Into the file with all that is committed, as the pages' seals are looked at there; nobody moves pages
    // meanwhile.
    static_cast<void>(writer.text_of("PRAGMA wal_checkpoint(TRUNCATE)"));
    // Without what the writer remembers of the file.
    Result<std::unique_ptr<Handle>> fresh = database.another(Access::read);
    if (!fresh) {
      faults.push_back(fresh.error().text());
      return {};
    }
    for (const char* pragma :
         {"PRAGMA cipher_integrity_check", "PRAGMA integrity_check", "PRAGMA foreign_key_check"}) {
      if (Status listed = list_faults(**fresh, pragma, faults); !listed) return listed;
    }
    return {};
  });
  if (!done) return tl::make_unexpected(done.error());
  return faults;
}

}  // namespace sqlite

Status backup_sqlite(Database& database, const std::filesystem::path& to, const Key& key) {
  const auto* source = dynamic_cast<sqlite::SqliteDatabase*>(&database);
  if (source == nullptr)
    return wrong_use("this database is not an SQLite file; back up PostgreSQL with pg_dump");
  std::error_code none;
  if (std::filesystem::equivalent(source->file(), to, none))
    return wrong_use(to.string() + " is the database itself; name another file");
  Result<std::unique_ptr<sqlite::Handle>> from = source->another(sqlite::Access::read);
  if (!from) return tl::make_unexpected(from.error());
  // The snapshot is that of the first page read, and stays while others write.
  if (Status begun = (*from)->run("BEGIN"); !begun) return begun;
  const sqlite::Part part{to.string() + ".part"};
  if (Status copied = sqlite::copy_pages(**from, part.path, key); !copied) return copied;
  return sqlite::put_in_place(part.path, to);
}

Status rekey_sqlite(const std::filesystem::path& file, const Key& from, const Key& key) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(file, none))
    return bad_input("there is no database " + file.string());
  Result<std::unique_ptr<sqlite::Handle>> old = sqlite::Handle::open(file, from, sqlite::Access::write);
  if (!old) return tl::make_unexpected(old.error());
  const std::string in_use = file.string() + " is in use; stop the programs that use it first";
  // A log of the old key must not lie beside the new file: out of WAL, which only the last one to have it
  // open can.
  sqlite3_busy_timeout((*old)->raw(), 500);
  const Result<std::string> mode = (*old)->text_of("PRAGMA journal_mode = DELETE");
  if (!mode || *mode != "delete") return failed(in_use, mode ? "" : mode.error().context);
  // Kept until the file is closed, but not as a transaction, of which SQLite copies no pages.
  if (Status locked = (*old)->run("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT"); !locked)
    return failed(in_use, locked.error().context);
  const sqlite::Part part{file.string() + ".part"};
  if (Status copied = sqlite::copy_pages(**old, part.path, key); !copied) return copied;
  return sqlite::put_in_place(part.path, file);
}

}  // namespace pyro::store

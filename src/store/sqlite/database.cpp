#include "database.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <fstream>
#include <thread>

#include "../fault.hpp"
#include "pyro/base/files.hpp"

namespace pyro::store::sqlite {
namespace {

constexpr int kMostReaders = 8;
constexpr std::size_t kMostTogether = 512;  // works in one commit
constexpr std::uintmax_t kPageBytes = 4096;
constexpr int kApplication = 0x5079726F;  // "Pyro": what the file says that it is
constexpr int kFormat = 1;  // of how this room uses SQLite; tables have their own (schema_migration)

// What can be told without the key.
Status looks_right(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) return bad_input("cannot read " + file.string(), error.message());
  if (size == 0) return {};
  if (size < kPageBytes)
    return bad_input(file.string() + " is too short to be a database of Pyrometer; name another file");
  std::array<char, 15> head{};
  std::ifstream(file, std::ios::binary).read(head.data(), head.size());
  if (std::string_view(head.data(), head.size()) == "SQLite format 3") {
    return bad_input(file.string() +
                     " is an SQLite database without encryption, not one of Pyrometer; name another file");
  }
  return {};
}

// A new file that only its user can read; what SQLite puts beside it takes the same mode.
Status make_file(const std::filesystem::path& file) {
  const int made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made < 0) return errno == EEXIST ? Status{} : Status{cannot("create", file, errno)};
  ::close(made);
  return sync_folder(file.has_parent_path() ? file.parent_path() : ".");
}

Result<int> number_of(Handle& handle, const char* pragma) {
  const Result<std::string> text = handle.text_of(pragma);
  if (!text) return tl::make_unexpected(text.error());
  return std::atoi(text->c_str());
}

// Marks a new file, and refuses one that another or a newer program made.
Status settle(Handle& handle) {
  if (Status begun = handle.run("BEGIN IMMEDIATE"); !begun) return begun;
  const std::string file = handle.file().string();
  const Result<int> application = number_of(handle, "PRAGMA application_id");
  if (!application) return tl::make_unexpected(application.error());
  const Result<int> format = number_of(handle, "PRAGMA user_version");
  if (!format) return tl::make_unexpected(format.error());
  const Result<int> tables = number_of(handle, "SELECT count(*) FROM sqlite_master");
  if (!tables) return tl::make_unexpected(tables.error());
  if (*application == 0 && *tables == 0) {
    const std::string marks = "PRAGMA application_id = " + std::to_string(kApplication) +
                              "; PRAGMA user_version = " + std::to_string(kFormat);
    if (Status marked = handle.run(marks.c_str()); !marked) return marked;
  } else if (*application != kApplication) {
    return bad_input(file + " is another program's database; name another file");
  } else if (*format > kFormat) {
    return bad_input(file + " was written by a newer version of Pyrometer; use that version or a newer one");
  }
  if (Status committed = handle.run("COMMIT"); !committed) return committed;
  // SQLite's own patience does not cover this: who opens a new file at the same time is waited for here.
  constexpr int kTries = 100;
  Result<std::string> mode = handle.text_of("PRAGMA journal_mode = WAL");
  for (int i = 0; i < kTries && !mode && fault_of(mode.error()) == Fault::unavailable; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    mode = handle.text_of("PRAGMA journal_mode = WAL");
  }
  if (!mode) return tl::make_unexpected(mode.error());
  if (*mode != "wal")
    return failed(file +
                  " lies on a file system that cannot share memory between programs; put it on a local disk");
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> SqliteDatabase::open(const std::filesystem::path& file, const Key& key) {
  if (Status made = make_file(file); !made) return tl::make_unexpected(made.error());
  if (Status right = looks_right(file); !right) return tl::make_unexpected(right.error());
  Result<std::unique_ptr<Handle>> writer = Handle::open(file, key, Access::write);
  if (!writer) return tl::make_unexpected(writer.error());
  if (Status settled = settle(**writer); !settled) return tl::make_unexpected(settled.error());
  return std::unique_ptr<Database>(new SqliteDatabase(file, key, std::move(*writer)));
}

SqliteDatabase::SqliteDatabase(std::filesystem::path file, const Key& key, std::unique_ptr<Handle> writer)
    : file_(std::move(file)), key_(key), writer_(std::move(writer)), thread_([this] { write_on(); }) {}

SqliteDatabase::~SqliteDatabase() {
  {
    const std::lock_guard lock(queue_mutex_);
    closing_ = true;
  }
  asked_.notify_one();
  thread_.join();
  idle_.clear();  // before the writer: the last to close brings the log into the file
}

Result<std::unique_ptr<Handle>> SqliteDatabase::another(Access access) const {
  return Handle::open(file_, key_, access);
}

std::string SqliteDatabase::describe() const {
  return std::string("sqlite ") + sqlite3_libversion() + ", encrypted by SQLCipher";
}

Result<std::unique_ptr<Handle>> SqliteDatabase::borrow() {
  std::unique_lock lock(readers_mutex_);
  if (!reader_free_.wait_for(lock, std::chrono::milliseconds(kPatienceMs),
                             [this] { return !idle_.empty() || readers_ < kMostReaders; }))
    return tl::make_unexpected(
        sql_error("53300", "every connection to the database is in use; try again later"));
  if (!idle_.empty()) {
    std::unique_ptr<Handle> reader = std::move(idle_.back());
    idle_.pop_back();
    return reader;
  }
  ++readers_;
  lock.unlock();
  Result<std::unique_ptr<Handle>> reader = another(Access::read);
  if (!reader) hand_back(nullptr);
  return reader;
}

void SqliteDatabase::hand_back(std::unique_ptr<Handle> reader) {
  {
    const std::lock_guard lock(readers_mutex_);
    if (reader) {
      idle_.push_back(std::move(reader));
    } else {
      --readers_;
    }
  }
  reader_free_.notify_one();
}

Status SqliteDatabase::read(const Work& work) {
  Result<std::unique_ptr<Handle>> reader = borrow();
  if (!reader) return tl::make_unexpected(reader.error());
  // Hands the connection back also where the work throws.
  struct Loan {
    SqliteDatabase& from;
    std::unique_ptr<Handle> handle;
    ~Loan() {
      if (handle->in_transaction() && !handle->run("ROLLBACK")) handle.reset();
      if (handle) handle->forget_failure();
      from.hand_back(std::move(handle));
    }
  } loan{*this, std::move(*reader)};
  if (Status begun = loan.handle->run("BEGIN"); !begun) return begun;
  Status result = work(*loan.handle);
  if (const std::optional<Error> missed = loan.handle->failure(); result && missed)
    result = tl::make_unexpected(*missed);
  return result;
}

Status SqliteDatabase::write(const Work& work) {
  Request request;
  request.work = &work;
  return ask(request);
}

Status SqliteDatabase::alone(const std::function<Status(Handle&)>& work) {
  Request request;
  request.alone = &work;
  return ask(request);
}

Status SqliteDatabase::ask(Request& request) {
  if (std::this_thread::get_id() == thread_.get_id())
    return wrong_use("a work that writes may not start another write: use the connection that it was handed");
  std::unique_lock lock(queue_mutex_);
  queue_.push_back(&request);
  asked_.notify_one();
  answered_.wait(lock, [&request] { return request.done; });
  lock.unlock();
  if (request.thrown) std::rethrow_exception(request.thrown);
  return std::move(request.result);
}

void SqliteDatabase::write_on() {
  std::unique_lock lock(queue_mutex_);
  while (true) {
    asked_.wait(lock, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::deque<Request*> group;
    while (!queue_.empty() && group.size() < kMostTogether) {
      // What is to be alone is a group of its own, in its turn.
      if (queue_.front()->alone != nullptr && !group.empty()) break;
      group.push_back(queue_.front());
      queue_.pop_front();
      if (group.back()->alone != nullptr) break;
    }
    lock.unlock();
    serve(group);
    lock.lock();
    for (Request* request : group) request->done = true;
    answered_.notify_all();
  }
}

void SqliteDatabase::serve(std::deque<Request*>& group) {
  if (group.front()->alone != nullptr) {
    Request& request = *group.front();
    try {
      request.result = (*request.alone)(*writer_);
    } catch (...) {
      request.thrown = std::current_exception();
    }
    if (writer_->in_transaction()) static_cast<void>(writer_->run("ROLLBACK"));
    writer_->forget_failure();
    return;
  }
  // Nothing of them is kept. One may have asked for what the disk cannot hold and others not, so each has its
  // own try.
  if (commit_together(group) != Together::lost || group.size() == 1) return;
  for (Request* request : group) static_cast<void>(commit_together({request}));
}

SqliteDatabase::Together SqliteDatabase::commit_together(const std::deque<Request*>& group) {
  const auto all_failed = [&group, this](const Error& error) {
    if (writer_->in_transaction()) static_cast<void>(writer_->run("ROLLBACK"));
    for (Request* request : group) {
      if (!request->thrown) request->result = tl::make_unexpected(error);
    }
    return Together::lost;
  };
  for (Request* request : group) {
    request->result = {};
    request->thrown = nullptr;
  }
  if (Status begun = writer_->run("BEGIN IMMEDIATE"); !begun) {
    static_cast<void>(all_failed(begun.error()));
    return Together::not_begun;
  }
  for (Request* request : group) {
    run_one(*request);
    // Where the disk is full or memory is out, SQLite may have given up the whole transaction.
    if (!writer_->in_transaction()) {
      return all_failed(!request->result
                            ? request->result.error()
                            : sql_error("25000", "a work may not end the transaction that it is in"));
    }
  }
  if (Status committed = writer_->run("COMMIT"); !committed) return all_failed(committed.error());
  return Together::kept;
}

void SqliteDatabase::run_one(Request& request) {
  const auto undo = [this] { static_cast<void>(writer_->run("ROLLBACK TO one; RELEASE one")); };
  writer_->forget_failure();
  request.result = writer_->run("SAVEPOINT one");
  if (!request.result) return;
  try {
    request.result = (*request.work)(*writer_);
  } catch (...) {
    request.thrown = std::current_exception();
  }
  if (!writer_->in_transaction()) return;
  if (request.result && !request.thrown) {
    if (const std::optional<Error> missed = writer_->failure()) {
      request.result = tl::make_unexpected(*missed);
    } else if (writer_->owes_references()) {
      request.result =
          tl::make_unexpected(sql_error("23503", "a row that is referred to does not exist", "deferred"));
    } else {
      request.result = writer_->run("RELEASE one");
      return;
    }
  }
  undo();
}

}  // namespace pyro::store::sqlite

namespace pyro::store {

Result<std::unique_ptr<Database>> open_sqlite(const std::filesystem::path& file, const Key& key) {
  return sqlite::SqliteDatabase::open(file, key);
}

}  // namespace pyro::store

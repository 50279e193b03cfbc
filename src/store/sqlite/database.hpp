// An encrypted SQLite file: one thread that writes, what waits for it sharing a commit, and connections that
// read.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "handle.hpp"

namespace pyro::store::sqlite {

class SqliteDatabase final : public Database {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file,
                                                              const Key& key);
  ~SqliteDatabase() override;

  [[nodiscard]] Status read(const Work& work) override;
  [[nodiscard]] Status write(const Work& work) override;
  [[nodiscard]] std::string describe() const override;

  // In the writer's thread, outside of any transaction, while nobody writes.
  [[nodiscard]] Status alone(const std::function<Status(Handle&)>& work);
  // A connection besides the kept ones.
  [[nodiscard]] Result<std::unique_ptr<Handle>> another(Access access) const;
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  // A call of write() or alone() that waits in its caller's frame.
  struct Request {
    const Work* work = nullptr;  // one of both
    const std::function<Status(Handle&)>* alone = nullptr;
    Status result;
    std::exception_ptr thrown;
    bool done = false;
  };
  SqliteDatabase(std::filesystem::path file, const Key& key, std::unique_ptr<Handle> writer);
  [[nodiscard]] Status ask(Request& request);
  void write_on();
  void serve(std::deque<Request*>& group);
  // In one transaction: kept, but for those with an error of their own; lost as a whole; or never begun, as
  // another program holds the file. All have their result.
  enum class Together { kept, lost, not_begun };
  [[nodiscard]] Together commit_together(const std::deque<Request*>& group);
  void run_one(Request& request);
  [[nodiscard]] Result<std::unique_ptr<Handle>> borrow();
  void hand_back(std::unique_ptr<Handle> reader);

  std::filesystem::path file_;
  Key key_;

  std::mutex readers_mutex_;
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<Handle>> idle_;
  int readers_ = 0;

  std::mutex queue_mutex_;
  std::condition_variable asked_, answered_;
  std::deque<Request*> queue_;
  bool closing_ = false;
  std::unique_ptr<Handle> writer_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace pyro::store::sqlite

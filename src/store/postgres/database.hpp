// A PostgreSQL server behind the port: connections that are lent to one call each.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "session.hpp"

namespace pyro::store::postgres {

class PostgresDatabase final : public Database {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::string& address, int connections);

  [[nodiscard]] Status read(const Work& work) override;
  [[nodiscard]] Status write(const Work& work) override;
  [[nodiscard]] std::string describe() const override;

 private:
  enum class Kind { read, write };
  // How a try ended.
  struct Ended {
    Status result;
    bool again = false;        // the database asks for another try
    bool unreachable = false;  // and it was away
    bool unconnected = false;  // already when it was to be reached
  };
  PostgresDatabase(std::string address, int connections) : address_(std::move(address)), free_(connections) {}
  [[nodiscard]] Status transact(Kind kind, const Work& work);
  [[nodiscard]] Ended try_once(Kind kind, const Work& work);
  [[nodiscard]] Ended run_in(Session& session, Kind kind, const Work& work);
  [[nodiscard]] Result<std::unique_ptr<Session>> borrow();
  void hand_back(std::unique_ptr<Session> session);

  std::string address_;
  std::string description_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Session>> idle_;
  int free_;  // connections that may still be lent, idle or yet to be made
};

// What the server itself knows of damage.
[[nodiscard]] Result<std::vector<std::string>> check(PostgresDatabase& database);

}  // namespace pyro::store::postgres

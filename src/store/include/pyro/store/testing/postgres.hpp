// A PostgreSQL cluster of the test's own: in a folder for temporary files, reached by a Unix socket only, run
// by a user without rights where we are root (PostgreSQL refuses root), gone at the end, also where the test
// is killed.
#pragma once

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pyro::store::testing {

class PostgresCluster {
 public:
  // Null: the programs are not installed (Debian package postgresql-15) or do not start. `durable`: as in
  // production, for figures; else it does not wait for the disk.
  static std::unique_ptr<PostgresCluster> start_new(bool durable = false) {
    const std::filesystem::path programs = "/usr/lib/postgresql/15/bin";
    if (!std::filesystem::exists(programs / "postgres")) return nullptr;
    std::unique_ptr<PostgresCluster> cluster(new PostgresCluster(programs, durable));
    if (!cluster->initialise() || !cluster->start()) return nullptr;
    return cluster;
  }
  ~PostgresCluster() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  [[nodiscard]] std::string address(const std::string& database = "postgres") const {
    return "host=" + folder_.string() + " user=pyro dbname=" + database;
  }
  // The address of a new and empty database.
  [[nodiscard]] std::string fresh_database() {
    const std::string name = "test" + std::to_string(++databases_);
    PGconn* connection = PQconnectdb(address().c_str());
    PQclear(PQexec(connection, ("CREATE DATABASE " + name).c_str()));
    PQfinish(connection);
    return address(name);
  }

  // By a thread that lives as long as the server is to.
  bool start() {
    server_ = spawn({(programs_ / "postgres").string(), "-D", (folder_ / "data").string(), "-k",
                     folder_.string(), "-c", "listen_addresses=", "-c", durable_ ? "fsync=on" : "fsync=off",
                     "-c", "max_connections=60"});
    for (int i = 0; i < 300; ++i) {
      PGconn* connection = PQconnectdb(address().c_str());
      const bool up = PQstatus(connection) == CONNECTION_OK;
      PQfinish(connection);
      if (up) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return false;
  }
  // Ends every connection, then the server.
  void stop() {
    if (server_ <= 0) return;
    kill(server_, SIGINT);
    waitpid(server_, nullptr, 0);
    server_ = -1;
  }

 private:
  PostgresCluster(std::filesystem::path programs, bool durable)
      : programs_(std::move(programs)), durable_(durable) {}

  bool initialise() {
    std::string name = (std::filesystem::temp_directory_path() / "pyro-pg-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) return false;
    folder_ = name;
    if (getuid() == 0) {
      const passwd* user = getpwnam("postgres");
      if (user == nullptr) user = getpwnam("nobody");
      if (user == nullptr) return false;
      user_ = user->pw_uid;
      group_ = user->pw_gid;
      if (chown(folder_.c_str(), user_, group_) != 0) return false;
    }
    int status = -1;
    const pid_t maker = spawn({(programs_ / "initdb").string(), "-D", (folder_ / "data").string(), "-A",
                               "trust", "-U", "pyro", "-E", "UTF8", "--locale=C", "--no-sync"});
    waitpid(maker, &status, 0);
    return status == 0;
  }
  pid_t spawn(std::vector<std::string> words) const {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child != 0) return child;
    if (getuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(group_) != 0 || setuid(user_) != 0)) _exit(1);
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (getppid() != parent) _exit(1);
    const int nowhere = open("/dev/null", O_RDWR);
    for (const int standard : {0, 1, 2}) dup2(nowhere, standard);
    if (chdir("/") == 0) execv(arguments[0], arguments.data());
    _exit(127);
  }

  std::filesystem::path programs_, folder_;
  bool durable_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  pid_t server_ = -1;
  int databases_ = 0;
};

}  // namespace pyro::store::testing

// The worker processes of a server: begun with it, begun again when they die, ended with it.
#pragma once

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pyro::cli {

class JobWorkers {
 public:
  // `words`: of this program's own command line. `environment`: "NAME=value" besides what there is; for what
  // others on the machine must not read in a list of processes.
  JobWorkers(int count, std::vector<std::string> words, std::vector<std::string> environment);
  ~JobWorkers();
  JobWorkers(const JobWorkers&) = delete;
  JobWorkers& operator=(const JobWorkers&) = delete;

 private:
  void keep(const std::stop_token& stop) const;
  [[nodiscard]] int begin() const;
  int count_;
  std::vector<std::string> words_, environment_;
  // The system tells a child that its parent's *thread* has ended: this one lives as long as they may.
  std::jthread keeper_;
};

}  // namespace pyro::cli

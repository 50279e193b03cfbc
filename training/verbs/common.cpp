#include <sys/resource.h>
#include <torch/torch.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "verbs/verbs.hpp"

namespace pyro::training {

Status print(const Result<nlohmann::json>& report) {
  if (!report) {
    return tl::make_unexpected(report.error());
  }
  std::cout << report->dump() << std::endl;
  return {};
}

void limit_memory() {
  std::ifstream info("/proc/meminfo");
  std::ifstream own("/proc/self/statm");
  rlim_t used_pages = 0;
  std::string name;
  rlim_t available_kb = 0;
  own >> used_pages;
  while (info >> name && name != "MemAvailable:") {
  }
  info >> available_kb;
  rlimit limit{};
  if (available_kb == 0 || ::getrlimit(RLIMIT_AS, &limit) != 0) {
    return;  // no /proc: the system's own means have to do
  }
  const rlim_t room =
      used_pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + available_kb * 1024 / 10 * 9;
  limit.rlim_cur = std::min(limit.rlim_cur, room);
  ::setrlimit(RLIMIT_AS, &limit);
}

void add_threads(CLI::App& verb) {
  torch::set_num_threads(1);
  verb.add_option_function<int>(
          "--threads", [](int threads) { torch::set_num_threads(threads); }, "threads of the arithmetic")
      ->check(CLI::Range(1, 64))
      ->default_str("1");
}

}  // namespace pyro::training

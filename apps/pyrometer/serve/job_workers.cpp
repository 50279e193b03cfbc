#include "job_workers.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "child.hpp"

namespace pyro::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kShortestPause{500};
constexpr seconds kLongestPause{60}, kStoppedWithin{15};
// One that lived for this long did not die of how it was begun.
constexpr seconds kSound{20};

struct Child {
  pid_t process = -1;
  Clock::time_point begun, next;
  Clock::duration pause = kShortestPause;
};

}  // namespace

JobWorkers::JobWorkers(int count, std::vector<std::string> words, std::vector<std::string> environment)
    : count_(count),
      words_(std::move(words)),
      environment_(std::move(environment)),
      keeper_([this](const std::stop_token& stop) { keep(stop); }) {}

JobWorkers::~JobWorkers() = default;

int JobWorkers::begin() const {
  std::vector<std::string> words = words_, environment = environment_;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    const bool ours = std::ranges::any_of(environment_, [&](const std::string& own) {
      return text.starts_with(own.substr(0, own.find('=') + 1));
    });
    if (!ours) environment.push_back(text);
  }
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  // No socket of the server's lives on in a worker.
  posix_spawn_file_actions_addclosefrom_np(&files, 3);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t process = -1;
  const int wrong = posix_spawn(&process, "/proc/self/exe", &files, &attributes, pointers(words).data(),
                                pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (wrong != 0) {
    spdlog::error("a worker cannot be started: {}", std::strerror(wrong));
    return -1;
  }
  return process;
}

void JobWorkers::keep(const std::stop_token& stop) const {
  std::vector<Child> children(static_cast<std::size_t>(count_));
  while (!stop.stop_requested()) {
    const auto now = Clock::now();
    for (Child& child : children) {
      int status = 0;
      if (child.process > 0 && ::waitpid(child.process, &status, WNOHANG) == child.process) {
        const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!well)
          spdlog::error("a worker ended by {} {}; another one is started",
                        WIFSIGNALED(status) ? "signal" : "exit",
                        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        child.process = -1;
        child.pause = now - child.begun > kSound ? Clock::duration{kShortestPause}
                                                 : std::min<Clock::duration>(2 * child.pause, kLongestPause);
        child.next = now + child.pause;
      }
      if (child.process > 0 || now < child.next) continue;
      child.process = begin();
      child.begun = now;
      child.next = now + kLongestPause;
    }
    std::this_thread::sleep_for(milliseconds{100});
  }
  for (const Child& child : children) {
    if (child.process > 0) ::kill(child.process, SIGTERM);
  }
  const auto until = Clock::now() + kStoppedWithin;
  for (const Child& child : children) {
    if (child.process <= 0) continue;
    while (::waitpid(child.process, nullptr, WNOHANG) == 0) {
      if (Clock::now() > until) ::kill(child.process, SIGKILL);
      std::this_thread::sleep_for(milliseconds{20});
    }
  }
}

}  // namespace pyro::cli

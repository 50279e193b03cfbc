#include "child.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

namespace pyro::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kEndsWithin{10};

// Lines out of a pipe that is read as bytes come.
class Lines {
 public:
  void take(std::string_view bytes, const std::function<void(const std::string&)>& heard) {
    text_ += bytes;
    for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
      if (end > 0) heard(text_.substr(0, end));
      text_.erase(0, end + 1);
    }
    if (text_.size() > kLongest) text_.clear();
  }

 private:
  static constexpr std::size_t kLongest = 1U << 20U;
  std::string text_;
};

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() { made = ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  ~Pipe() {
    for (const int end : ends) {
      if (end >= 0) ::close(end);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_writer() { ::close(std::exchange(ends[1], -1)); }
  bool made = false;
};

// Between fork and exec: nothing but system calls, as other threads may have held any lock.
[[noreturn]] void become(char* const* words, char* const* environment, int out, int err, pid_t parent,
                         const rlimit& cpu) {
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  sigset_t none;
  sigemptyset(&none);
  (void)::sigprocmask(SIG_SETMASK, &none, nullptr);
  (void)::setrlimit(RLIMIT_CPU, &cpu);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0) ::_exit(127);
  (void)::dup2(nothing, 0);
  (void)::dup2(out, 1);
  (void)::dup2(err, 2);
  (void)::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  ::execve(words[0], words, environment);
  ::_exit(127);
}

// False: it has ended.
bool read_some(int from, Lines& lines, const std::function<void(const std::string&)>& heard) {
  std::array<char, 4096> bytes{};
  const ssize_t got = ::read(from, bytes.data(), bytes.size());
  if (got > 0) lines.take({bytes.data(), static_cast<std::size_t>(got)}, heard);
  return got > 0 || (got < 0 && errno == EINTR);
}

}  // namespace

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

Result<ChildEnd> run_child(const std::vector<std::string>& words, std::chrono::seconds most_cpu,
                           const std::stop_token& stop,
                           const std::function<void(const std::string&)>& heard) {
  Pipe out, err;
  if (!out.made || !err.made) return failed("no pipe for " + words.front(), std::strerror(errno));
  // No key of the site's goes along.
  std::vector<std::string> arguments = words, environment{"LANG=C.UTF-8", "OMP_NUM_THREADS=1"};
  for (const char* name : {"PATH", "LD_LIBRARY_PATH", "TMPDIR", "ASAN_OPTIONS"}) {
    if (const char* value = std::getenv(name); value != nullptr)
      environment.push_back(std::string{name} + "=" + value);
  }
  const std::vector<char*> argv = pointers(arguments), envp = pointers(environment);
  const auto most = static_cast<rlim_t>(most_cpu.count());
  const rlimit cpu{most, most};
  const pid_t parent = ::getpid(), child = ::fork();
  if (child == 0) become(argv.data(), envp.data(), out.ends[1], err.ends[1], parent, cpu);
  if (child < 0) return failed(words.front() + " cannot be started", std::strerror(errno));
  out.close_writer();
  err.close_writer();

  ChildEnd end;
  Lines said, told;
  std::array<pollfd, 2> ready{pollfd{out.ends[0], POLLIN, 0}, pollfd{err.ends[0], POLLIN, 0}};
  std::optional<Clock::time_point> asked;
  while (ready[0].fd >= 0 || ready[1].fd >= 0) {
    if (stop.stop_requested() && !asked) {
      ::kill(child, SIGTERM);
      asked = Clock::now();
    }
    if (asked && Clock::now() - *asked > kEndsWithin) ::kill(child, SIGKILL);
    (void)::poll(ready.data(), ready.size(), 200);
    if (ready[0].revents != 0 && !read_some(ready[0].fd, said, heard)) ready[0].fd = -1;
    if (ready[1].revents != 0 &&
        !read_some(ready[1].fd, told, [&](const std::string& line) { end.said = line; }))
      ready[1].fd = -1;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  end.exit = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  if (end.exit == 127) return failed(words.front() + " cannot be started");
  return end;
}

}  // namespace pyro::cli

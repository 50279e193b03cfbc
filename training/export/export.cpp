#include "export/export.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "datasets/fer2013.hpp"
#include "evaluate/evaluate.hpp"
#include "export/fold.hpp"

namespace pyro::training {
namespace {

constexpr std::size_t kReferenceFaces = 256;

torch::Tensor normalised(const std::vector<Picture>& pictures) {
  const std::size_t count = std::min(kReferenceFaces, pictures.size());
  torch::Tensor x =
      torch::empty({static_cast<int64_t>(count), 1, crop::kExpressionSide, crop::kExpressionSide});
  auto* at = x.data_ptr<float>();
  for (std::size_t i = 0; i < count; ++i, at += crop::kExpressionPixels) {
    crop::normalise(pictures[i].face, std::span<float, crop::kExpressionPixels>(at, crop::kExpressionPixels));
  }
  return x;
}

// Runs a program without a shell and returns what it printed; its messages go where ours go.
Result<std::string> output_of(std::vector<std::string> command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return failed("no pipe for " + command.front() + "; close other programs and try again",
                  std::strerror(errno));
  }
  std::vector<char*> arguments;
  for (std::string& word : command) {
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text;
  if (error == 0) {
    std::array<char, 4096> chunk{};
    ssize_t got = 0;
    while ((got = ::read(ends[0], chunk.data(), chunk.size())) > 0 || (got < 0 && errno == EINTR)) {
      text.append(chunk.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
  }
  ::close(ends[0]);
  if (error != 0) {
    return failed(command.front() + ": cannot be started; build the target pyrometer-ir",
                  std::strerror(error));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return failed(command.front() + ": did not succeed; its message stands above");
  }
  return text;
}

}  // namespace

Result<nlohmann::json> export_ir(const std::filesystem::path& weights, const std::filesystem::path& data,
                                 const std::filesystem::path& out) {
  Result<ExpressionNet> net = load_net(weights);
  if (!net) {
    return tl::make_unexpected(net.error());
  }
  Result<std::vector<Picture>> pictures = read_fer2013(data, Part::public_test);
  if (!pictures) {
    return tl::make_unexpected(pictures.error());
  }
  Arrays arrays = fold(*net);
  add_reference(arrays, *net, normalised(*pictures));
  std::error_code error;
  std::filesystem::create_directories(out, error);
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  // Holds the reference pictures, which must not be left in a folder that is committed.
  const std::filesystem::path plain = out / "expression.arrays";
  if (Status status = write_arrays(plain, arrays); !status) {
    return tl::make_unexpected(status.error());
  }
  Result<std::string> printed = output_of({(self.parent_path() / "pyrometer-ir").string(), plain.string(),
                                           (out / "expression.xml").string(), "2000"});
  std::filesystem::remove(plain, error);
  if (!printed) {
    return tl::make_unexpected(printed.error());
  }
  nlohmann::json report = nlohmann::json::parse(*printed, nullptr, false);
  if (report.is_discarded()) {
    return failed(
        "pyrometer-ir printed something else than its report; build both programs from the same source");
  }
  report["parameters"] = parameter_count(**net);
  return report;
}

}  // namespace pyro::training

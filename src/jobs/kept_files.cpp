#include "kept_files.hpp"

#include <sys/stat.h>

#include <span>
#include <vector>

namespace pyro::jobs {
namespace {

namespace fs = std::filesystem;

constexpr int kShareOfTime = 20;

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& one : fs::recursive_directory_iterator(folder, error)) {
    if (one.is_regular_file(error)) out.push_back(one.path().lexically_relative(folder));
  }
  return out;
}

}  // namespace

Status KeptFiles::open() {
  std::error_code error;
  for (const fs::path& folder : {plain_, sealed_}) {
    fs::create_directories(folder, error);
    if (error || ::chmod(folder.c_str(), 0700) != 0)
      return failed(folder.string() + ": cannot be made", error.message());
  }
  for (const fs::path& name : files_below(sealed_)) {
    fs::create_directories((plain_ / name).parent_path(), error);
    if (const Status opened = security::open_file(sealed_ / name, plain_ / name, std::span{&key_, 1});
        !opened) {
      fs::remove_all(plain_, error);
      fs::create_directories(plain_, error);
      known_.clear();
      return {};
    }
    known_[name] = fs::last_write_time(plain_ / name, error);
  }
  return {};
}

Status KeptFiles::seal() {
  const Clock::time_point began = Clock::now();
  if (began < next_) return {};
  std::multimap<fs::file_time_type, fs::path> changed;
  std::error_code error;
  for (const fs::path& name : files_below(plain_)) {
    const fs::file_time_type written = fs::last_write_time(plain_ / name, error);
    if (error) continue;  // renamed meanwhile
    if (const auto known = known_.find(name); known == known_.end() || known->second != written)
      changed.emplace(written, name);
  }
  for (const auto& [written, name] : changed) {
    fs::create_directories((sealed_ / name).parent_path(), error);
    if (Status kept = security::seal_file(plain_ / name, sealed_ / name, key_); !kept) {
      if (!fs::exists(plain_ / name, error)) continue;
      return kept;
    }
    known_[name] = written;
  }
  const Clock::time_point ended = Clock::now();
  next_ = ended + kShareOfTime * (ended - began);
  return {};
}

}  // namespace pyro::jobs

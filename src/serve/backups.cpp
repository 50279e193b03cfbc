#include "backups.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "pyro/base/files.hpp"
#include "pyro/base/time.hpp"
#include "pyro/serve/data_folder.hpp"
#include "pyro/serve/upkeep.hpp"

namespace pyro::serve {
namespace {

namespace fs = std::filesystem;

constexpr const char* kBeside[] = {".jobs", ".recordings"};
constexpr const char* kWhole = ".whole";  // beside a backup that was opened and looked through

std::int64_t bytes_in(const fs::path& folder) {
  std::int64_t out = 0;
  std::error_code error;
  for (auto at = fs::recursive_directory_iterator(folder, error);
       !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    std::error_code gone;
    if (at->is_regular_file(gone)) out += static_cast<std::int64_t>(at->file_size(gone));
  }
  return out;
}

// Opened with the site's key, page by page and index by index.
Status look_through(const fs::path& file, const store::Key& key) {
  auto database = store::open_sqlite(file, key);
  if (!database) return tl::make_unexpected(database.error());
  const auto faults = store::check(**database);
  if (!faults) return tl::make_unexpected(faults.error());
  if (!faults->empty()) return failed("the backup is damaged: " + faults->front());
  return {};
}

}  // namespace

fs::path Backups::folder() const {
  return settings_.backups.empty() ? settings_.data / "backups" : settings_.backups;
}

Result<std::vector<Backup>> Backups::list() const {
  std::vector<Backup> out;
  std::error_code error;
  if (!fs::exists(folder(), error)) return out;
  const std::optional<std::string> being_made = running();
  for (const auto& one : fs::directory_iterator(folder(), error)) {
    Backup backup;
    backup.name = one.path().filename().string();
    if (!backup.name.ends_with(".db") || backup.name == being_made) continue;
    std::error_code gone;
    backup.bytes = static_cast<std::int64_t>(one.file_size(gone));
    for (const char* suffix : kBeside) backup.bytes += bytes_in(one.path().string() + suffix);
    const auto written = fs::last_write_time(one.path(), gone);
    if (gone) continue;  // removed meanwhile
    backup.made = std::chrono::time_point_cast<UtcTime::duration>(std::chrono::file_clock::to_sys(written));
    // What lies there for another reason says nothing of itself.
    if (fs::exists(one.path().string() + kWhole, gone)) backup.verified = true;
    out.push_back(std::move(backup));
  }
  if (error) return failed("the folder of backups cannot be read", error.message());
  std::ranges::sort(out, [](const Backup& a, const Backup& b) { return a.made > b.made; });
  return out;
}

Result<std::optional<std::string>> Backups::begin(UtcTime now) {
  if (Status made = make_folder(folder()); !made) return tl::make_unexpected(made.error());
  const std::lock_guard lock{mutex_};
  if (running_) return std::nullopt;
  std::string name = utc_text(now).substr(0, 19) + ".db";  // 2026-01-31T12:00:00
  std::erase(name, ':');
  std::error_code error;
  for (int again = 2; fs::exists(folder() / name, error); ++again)
    name = name.substr(0, 17) + "-" + std::to_string(again) + ".db";
  thread_ = {};
  running_ = name, error_.reset();
  thread_ = std::jthread([this, name] {
    const Status made = make(name);
    if (!made) spdlog::error("backup: {}", made.error().text());
    const std::lock_guard done{mutex_};
    running_.reset();
    if (!made) error_ = made.error().message;
  });
  return name;
}

Status Backups::make(const std::string& name) const {
  const fs::path file = folder() / name;
  if (Status kept = back_up(settings_, file); !kept) return kept;
  const auto key = master_key(settings_, IfMissing::refuse);
  if (!key) return tl::make_unexpected(key.error());
  if (Status good = look_through(file, *key); !good) return good;
  return replace_file(file.string() + kWhole, "");
}

std::optional<std::string> Backups::running() const {
  const std::lock_guard lock{mutex_};
  return running_;
}
std::optional<std::string> Backups::last_error() const {
  const std::lock_guard lock{mutex_};
  return error_;
}

Result<bool> Backups::remove(const std::string& name) {
  const std::lock_guard lock{mutex_};
  const fs::path file = folder() / name;
  std::error_code error;
  if (running_ == name || !fs::is_regular_file(file, error)) return false;
  fs::remove(file, error);
  if (error) return failed("the backup cannot be removed", error.message());
  fs::remove(file.string() + kWhole, error);
  for (const char* suffix : kBeside) fs::remove_all(file.string() + suffix, error);
  return true;
}

void Backups::stop() {
  std::jthread last;
  {
    const std::lock_guard lock{mutex_};
    last = std::move(thread_);
  }
}

}  // namespace pyro::serve

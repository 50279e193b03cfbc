#include "pyro/jobs/runner.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <ctime>
#include <iterator>
#include <mutex>
#include <thread>

#include "kept_files.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/base/files.hpp"
#include "pyro/jobs/media.hpp"

namespace pyro::jobs {
namespace {

namespace fs = std::filesystem;

// How often it is asked whether the job may go on. A withdrawal ends it within this and a frame.
constexpr std::chrono::milliseconds kLooks{400};

std::chrono::nanoseconds cpu_used() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

// Held by the kernel for whoever works on a job here, whatever the clocks say, and gone with its process.
class JobLock {
 public:
  explicit JobLock(const fs::path& folder) : file_(folder / "lock", O_RDWR | O_CREAT, 0600) {}
  [[nodiscard]] bool take() const { return file_.get() >= 0 && ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0; }

 private:
  Descriptor file_;
};

std::string_view type_of(const fs::path& file) {
  const fs::path extension = file.extension();
  return extension == ".csv"       ? "text/csv"
         : extension == ".json"    ? "application/json"
         : extension == ".parquet" ? "application/vnd.apache.parquet"
         : extension == ".html"    ? "text/html"
         : extension == ".pdf"     ? "application/pdf"
         : extension == ".png"     ? "image/png"
                                   : "application/octet-stream";
}

Result<Permission> permission_with(store::Connection& in, const Lease& lease, const std::vector<Use>& uses) {
  Result<Permission> out = permission(in, lease, utc_now());
  if (!out || !out->refused.empty()) return out;
  const Result<const Use*> refused = refused_use(in, lease.account, uses, utc_now());
  if (!refused) return tl::make_unexpected(refused.error());
  if (*refused != nullptr)
    out->refused =
        "Somebody whose data this used no longer agrees to it, or is no longer yours to see; ask for it "
        "anew, "
        "without them.";
  return out;
}

}  // namespace

// Beside the work: prolongs the lease, and asks for its end when it may not go on.
struct Runner::Watch {
  enum class Why : std::uint8_t { none, cancelled, refused, mode, lost, cpu, stopping };

  Watch(Runner& runner, const Lease& lease, bool expressions, std::stop_token outer)
      : runner_(runner),
        lease_(lease),
        expressions_(expressions),
        outer_(std::move(outer)),
        cpu_from_(cpu_used()),
        thread_([this](const std::stop_token& over) { watch(over); }) {}
  ~Watch() { close(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  void close() {
    thread_.request_stop();
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

  void take(Json so_far) {
    const std::lock_guard lock{mutex_};
    so_far_ = std::move(so_far);
  }
  void take(std::vector<Use> uses) {
    const std::lock_guard lock{mutex_};
    uses_.insert(uses_.end(), std::make_move_iterator(uses.begin()), std::make_move_iterator(uses.end()));
  }
  [[nodiscard]] std::vector<Use> uses() const {
    const std::lock_guard lock{mutex_};
    return uses_;
  }

  std::atomic<double> progress{0};
  std::stop_source stop;
  Why why = Why::none;  // read after close()
  std::string sentence;

 private:
  void watch(const std::stop_token& over) {
    auto beaten = std::chrono::steady_clock::now(), sure_until = beaten + runner_.settings_.lease;
    std::mutex mutex;
    while (!over.stop_requested() && why == Why::none) {
      std::unique_lock lock{mutex};
      wake_.wait_for(lock, kLooks, [&] { return over.stop_requested(); });
      if (over.stop_requested()) return;
      const auto now = std::chrono::steady_clock::now();
      if (outer_.stop_requested()) why = Why::stopping;
      if (cpu_used() - cpu_from_ > runner_.settings_.most_cpu) why = Why::cpu;
      if (why == Why::none) ask();
      if (why == Why::none && now - beaten > runner_.settings_.lease / 5) {
        std::optional<Json> so_far;
        {
          const std::lock_guard told{mutex_};
          so_far.swap(so_far_);
        }
        const Result<Word> word = runner_.queue_.beat(lease_, progress, utc_now(), so_far);
        if (word) {
          beaten = now;
          sure_until = now + runner_.settings_.lease;
          if (*word == Word::lost) why = Why::lost;
        } else if (now > sure_until) {
          why = Why::lost;  // the database has been away for so long that somebody else may have it
        }
      }
    }
    if (why != Why::none) stop.request_stop();
  }

  void ask() {
    Permission may;
    const std::vector<Use> used = uses();
    const Result<Word> word = runner_.queue_.look(lease_);
    if (word && *word != Word::go_on) {
      why = *word == Word::cancel ? Why::cancelled : Why::lost;
      return;
    }
    const Status asked = runner_.database_.read([&](store::Connection& in) -> Status {
      Result<Permission> found = permission_with(in, lease_, used);
      if (!found) return tl::make_unexpected(found.error());
      may = std::move(*found);
      return {};
    });
    if (!asked)
      return;  // a database that is away for a moment ends nothing; the lease sees to one that stays away
    if (!may.refused.empty()) {
      why = Why::refused;
      sentence = may.refused;
    } else if (expressions_ && !may.expressions) {
      why = Why::mode;
    }
  }

  Runner& runner_;
  const Lease& lease_;
  bool expressions_;
  std::stop_token outer_;
  std::chrono::nanoseconds cpu_from_;
  std::condition_variable wake_;
  mutable std::mutex mutex_;
  std::optional<Json> so_far_;
  std::vector<Use> uses_;
  std::jthread thread_;  // last: it uses all the others
};

Runner::Runner(store::Database& database, const archive::Secrets& secrets, const RunnerSettings& settings,
               std::map<std::string, Kind, std::less<>> kinds)
    : database_(database),
      key_(job_key(secrets)),
      settings_(settings),
      folders_(settings.data),
      queue_(database, settings.lease),
      kinds_(std::move(kinds)) {}

Result<bool> Runner::run_one(const std::stop_token& stop) {
  std::vector<std::string_view> names;
  names.reserve(kinds_.size());
  for (const auto& [name, kind] : kinds_) names.push_back(name);
  Freed freed;
  const Result<std::optional<Lease>> lease = queue_.take(names, utc_now(), freed);
  if (!lease) return tl::make_unexpected(lease.error());
  folders_.remove_uploads(freed);
  if (!*lease) return false;
  if (Status ran = run(**lease, stop); !ran) return tl::make_unexpected(ran.error());
  return true;
}

Status Runner::ended(const Lease& lease, const Result<bool>& done, const Freed& freed) const {
  folders_.remove_uploads(freed);
  if (!done) return tl::make_unexpected(done.error());
  if (!*done)
    spdlog::warn("job {}: the lease of attempt {} was lost, nothing of it is kept", lease.job, lease.attempt);
  return {};
}

Status Runner::run(const Lease& lease, const std::stop_token& stop) {
  const fs::path home = folders_.job(lease.job),
                 part = folders_.run(lease.job, lease.attempt).string() + ".part";
  std::error_code error;
  fs::create_directories(home, error);
  if (error || ::chmod(home.c_str(), 0700) != 0) {
    (void)queue_.give_back(lease, true, utc_now());
    return cannot("make the folder", home, errno);
  }
  const JobLock lock(home);
  if (!lock.take()) {
    // Its last worker is stopped or starved rather than dead. It will see that its lease is gone; until then
    // nobody works on it.
    const auto back = queue_.give_back(lease, false, utc_now());
    std::this_thread::sleep_for(std::chrono::seconds{1});
    return back ? Status{} : Status{tl::make_unexpected(back.error())};
  }
  // What earlier attempts left. Results that count are never here: their job is done.
  std::vector<fs::path> left;
  for (const auto& one : fs::directory_iterator(home, error)) {
    if (one.path().filename().string().starts_with("run-")) left.push_back(one.path());
  }
  for (const fs::path& one : left) fs::remove_all(one, error);

  Permission may;
  Status asked = database_.read([&](store::Connection& in) -> Status {
    Result<Permission> found = permission(in, lease, utc_now());
    if (!found) return tl::make_unexpected(found.error());
    may = std::move(*found);
    return {};
  });
  if (!asked) return asked;
  Freed freed;
  if (!may.refused.empty())
    return ended(lease, queue_.cancelled(lease, may.refused, utc_now(), freed), freed);

  spdlog::info("job {} ({}): attempt {} begins", lease.job, lease.kind, lease.attempt);
  Watch watch(*this, lease, may.expressions, stop);
  Result<Json> result = failed("not begun");
  std::thread([&] {
    if (settings_.enter) settings_.enter();
    result = work(lease, part, may.expressions, watch);
  }).join();
  watch.close();
  using Why = Watch::Why;
  // Whatever ended it, what was computed while this process was being stopped may be half.
  if (watch.why == Why::none && stop.stop_requested()) watch.why = Why::stopping;
  Result<bool> done = true;
  if (watch.why == Why::cancelled) {
    done = queue_.cancelled(lease, {}, utc_now(), freed);
  } else if (watch.why == Why::refused) {
    done = queue_.cancelled(lease, watch.sentence, utc_now(), freed);
  } else if (watch.why == Why::mode || watch.why == Why::stopping) {
    done = queue_.give_back(lease, false, utc_now());  // the next attempt computes what may be computed then
  } else if (watch.why == Why::cpu) {
    done = queue_.fail(
        lease,
        "It took more than " + std::to_string(settings_.most_cpu.count()) + " s of computing; split it.",
        utc_now(), freed);
  } else if (watch.why == Why::lost) {
    done = false;
  } else if (result) {
    done = queue_.finish(lease, *result, utc_now(), freed, [&](store::Connection& in) -> Result<std::string> {
      const Result<Permission> still = permission_with(in, lease, watch.uses());
      if (!still) return tl::make_unexpected(still.error());
      return still->refused;
    });
  } else if (result.error().code != ErrorCode::failed) {
    done = queue_.fail(lease, result.error().message, utc_now(), freed);
  } else {
    spdlog::error("job {}: {}", lease.job, result.error().text());
    done =
        lease.attempt >= kMostAttempts
            ? queue_.fail(lease, "Something here failed three times; the server's log has it under this job.",
                          utc_now(), freed)
            : queue_.give_back(lease, true, utc_now());
  }
  if (::chdir("/") != 0) spdlog::warn("job {}: cannot leave its folder", lease.job);
  fs::remove_all(part, error);
  // finish() may have cancelled it instead; what is not known the next attempt, or the sweep, clears up.
  bool counts = true, over = false;
  (void)database_.read([&](store::Connection& in) -> Status {
    const auto rows =
        in.query("SELECT state FROM job WHERE id = $1 AND attempts = $2", lease.job, lease.attempt);
    if (!rows) return tl::make_unexpected(rows.error());
    const std::string state = rows->empty() ? "lost" : std::get<std::string>(rows->front()[0]);
    counts = state == "done";
    over = state == "done" || state == "failed" || state == "cancelled";
    return {};
  });
  if (!counts) fs::remove_all(folders_.run(lease.job, lease.attempt), error);
  if (over) fs::remove_all(folders_.kept(lease.job), error);
  return ended(lease, done, freed);
}

Result<Json> Runner::work(const Lease& lease, const fs::path& part, bool expressions, Watch& watch) {
  const auto kind = kinds_.find(lease.kind);
  if (kind == kinds_.end()) return failed("there is no kind of job \"" + lease.kind + "\"");
  KeptFiles kept(part / "kept", folders_.kept(lease.job), key_);
  Task task{lease,
            {},
            part,
            part / "output",
            expressions,
            watch.stop.get_token(),
            [&watch](double value) { watch.progress = std::clamp(value, 0.0, 1.0); },
            [&watch](Json so_far) { watch.take(std::move(so_far)); },
            [&watch](std::vector<Use> uses) { watch.take(std::move(uses)); },
            part / "kept",
            [&kept, &lease] {
              if (const Status sealed = kept.seal(); !sealed)
                spdlog::warn("job {}: a further attempt would begin anew: {}", lease.job,
                             sealed.error().text());
            }};
  try {
    for (const fs::path& folder : {part, part / "input", task.output, part / "sealed"})
      fs::create_directory(folder);
    if (::chmod(part.c_str(), 0700) != 0 || ::chdir(part.c_str()) != 0) return cannot("work in", part, errno);
    if (Status opened = kept.open(); !opened) return tl::make_unexpected(opened.error());
    int number = 0;
    for (const Json& upload : lease.request.value("uploads", Json::array())) {
      if (task.stop.stop_requested()) return failed("stopped");
      const fs::path sealed = folders_.upload(upload.get<std::string>()),
                     plain = fs::path("input") / std::to_string(++number);
      if (!fs::exists(sealed)) return bad_input("An upload is no longer there; send it again.");
      if (Status opened = security::open_file(sealed, plain, std::span{&key_, 1}); !opened)
        return failed("an upload cannot be opened", opened.error().text());
      const Result<Media> media = media_of_file(plain);
      if (!media) return tl::make_unexpected(media.error());
      const fs::path named = plain.string() + std::string{media->extension};
      fs::rename(plain, named);
      task.inputs.push_back(named);
    }
    Result<Json> result = kind->second(task);
    if (!result || task.stop.stop_requested()) return result;
    return keep(lease, part, std::move(*result));
  } catch (const std::bad_alloc&) {
    spent_ = true;
    return bad_input("It needs more memory than a job may have; send smaller pictures or a smaller video.");
  } catch (const std::exception& error) {
    return failed("a job ended unexpectedly", error.what());
  }
}

Result<Json> Runner::keep(const Lease& lease, const fs::path& part, Json result) {
  std::vector<fs::path> files;
  for (const auto& one : fs::directory_iterator(part / "output")) files.push_back(one.path());
  std::ranges::sort(files);
  Json list = Json::array();
  for (const fs::path& file : files) {
    if (Status sealed = security::seal_file(file, part / "sealed" / file.filename(), key_); !sealed)
      return tl::make_unexpected(sealed.error());
    list.push_back(
        {{"name", file.filename().string()}, {"bytes", fs::file_size(file)}, {"type", type_of(file)}});
  }
  result["files"] = std::move(list);
  result["run"] = lease.attempt;
  // Whole, or not at all; and it counts only once the job's row says which attempt it is.
  const fs::path kept = folders_.run(lease.job, lease.attempt);
  std::error_code error;
  fs::rename(part / "sealed", kept, error);
  if (error) return failed("the results cannot be put in place", error.message());
  if (Status synced = sync_folder(kept.parent_path()); !synced) return tl::make_unexpected(synced.error());
  return result;
}

}  // namespace pyro::jobs

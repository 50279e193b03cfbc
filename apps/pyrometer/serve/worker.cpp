// worker: does the jobs of a data folder. A server starts its own; more can be started by hand, on the same
// machine.
#include <sched.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <memory>
#include <thread>

#include "job_kinds.hpp"
#include "log_format.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/serve/data_folder.hpp"
#include "serve.hpp"

namespace pyro::cli {
namespace {

constexpr std::chrono::milliseconds kAsks{500};
constexpr std::chrono::minutes kSweeps{10};
constexpr std::chrono::seconds kStopsWithin{10};
// ioprio_set(2): of this thread; the class "idle". (Newer kernels' own header is no C++.)
constexpr int kIoOfProcess = 1, kIoIdle = 3 << 13;

struct WorkerFlags {
  serve::ServiceSettings settings;
  WalkFlags walk;
  std::string data = settings.data.string(), key_file, trainer;
  std::int64_t memory_mib = 4096, cpu_s = std::int64_t{6} * 3600;
  double lease_s = 15;
  int parent = 0;
  std::string priority = "idle", log_format = "text";
  bool once = false, json = false;
};

// The calling thread and those that it begins. Live streams and answers go first, always: what is left of the
// processor is a job's.
void step_back(const std::string& priority) {
  if (priority == "normal") return;
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
  // ioprio_set(2); <linux/ioprio.h> of some kernels is no C++.
  constexpr int kWhoProcess = 1, kIdleClass = 3, kClassShift = 13;
  (void)::syscall(SYS_ioprio_set, kWhoProcess, 0, kIdleClass << kClassShift);
  sched_param none{};
  if (priority == "idle") (void)::sched_setscheduler(0, SCHED_IDLE, &none);
}

void limit(const WorkerFlags& flags) {
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);  // keys and faces are in this memory
  if (flags.memory_mib <= 0) return;
  const auto bytes = static_cast<rlim_t>(flags.memory_mib) << 20U;
  const rlimit most{bytes, bytes};
  (void)::setrlimit(RLIMIT_AS, &most);
}

// True: the server that started this one is gone already.
bool orphaned(int parent) {
  if (parent <= 0) return false;
  (void)::prctl(PR_SET_PDEATHSIG, SIGTERM);
  return ::getppid() != parent;
}

// pyrometer-train: the one that was named, else the one beside this program, or in its build folder.
std::filesystem::path find_trainer(const std::string& named) {
  std::error_code error;
  if (!named.empty()) return std::filesystem::absolute(named, error);
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const auto& one : {here / "pyrometer-train", here.parent_path() / "training" / "pyrometer-train"}) {
    if (::access(one.c_str(), X_OK) == 0) return one;
  }
  return {};
}

int work(const WorkerFlags& flags) {
  if (orphaned(flags.parent)) return 0;
  use_log_format(flags.log_format);
  const auto refused = [&](const Error& error) { return report_logged(error, flags.json, flags.log_format); };
  const std::stop_token stop = interrupted();
  // A decoder that hangs must not keep this process: its job is taken up again by the next.
  const std::stop_callback last_resort{stop, [] {
                                         std::thread([] {
                                           std::this_thread::sleep_for(kStopsWithin);
                                           _exit(kExitInterrupted);
                                         }).detach();
                                       }};
  serve::ServiceSettings settings = flags.settings;
  std::error_code error;
  settings.data = std::filesystem::absolute(flags.data, error);  // the working directory is a job's
  if (!flags.key_file.empty()) settings.key_file = std::filesystem::absolute(flags.key_file, error);
  WalkFlags walk = flags.walk;
  for (std::string* place : {&walk.place.models, &walk.place.registry}) {
    if (!place->empty()) *place = std::filesystem::absolute(*place, error).string();
  }
  const Result<pipeline::WalkSettings> walk_settings = settle(walk);
  if (!walk_settings) return refused(walk_settings.error());
  if (const auto models = open_models(walk.place); !models) return refused(models.error());
  serve::FolderLock lock;
  if (Status locked = lock.take(settings.data, serve::FolderLock::Of::worker); !locked)
    return refused(locked.error());
  const Result<store::Key> key = serve::master_key(settings, serve::IfMissing::refuse);
  if (!key) return refused(key.error());
  auto database = serve::open_database(settings, *key);
  if (!database) return refused(database.error());
  const Result<archive::Secrets> secrets = archive::secrets_of(**database, *key);
  if (!secrets) return refused(secrets.error());
  limit(flags);

  jobs::RunnerSettings running;
  running.data = settings.data;
  running.lease = std::chrono::milliseconds{static_cast<std::int64_t>(1000 * flags.lease_s)};
  running.enter = [&] { step_back(flags.priority); };
  running.most_cpu = std::chrono::seconds{flags.cpu_s};
  const jobs::Recordings recordings(settings.data, *secrets);
  const JobBench bench{**database,      recordings, *walk_settings, walk.place, find_trainer(flags.trainer),
                       running.most_cpu};
  jobs::Runner runner(**database, *secrets, running, job_kinds(bench));
  if (Status made = runner.folders().make(); !made) return refused(made.error());
  auto swept = std::chrono::steady_clock::time_point{};
  while (!stop.stop_requested() && !runner.spent()) {
    if (flags.parent > 0 && ::getppid() != flags.parent) break;
    if (std::chrono::steady_clock::now() - swept > kSweeps) {
      if (Status done = runner.folders().sweep(**database, utc_now()); !done)
        spdlog::warn("{}", done.error().text());
      swept = std::chrono::steady_clock::now();
    }
    const Result<bool> any = runner.run_one(stop);
    if (!any) {
      // A database that is away comes back; what else is wrong is for whoever reads the log.
      spdlog::error("{}", any.error().text());
      std::this_thread::sleep_for(std::chrono::seconds{1});
    } else if (!*any) {
      if (flags.once) break;
      std::this_thread::sleep_for(kAsks);
    }
  }
  return runner.spent() ? exit_code(ErrorCode::failed) : 0;
}

}  // namespace

std::map<std::string, jobs::Kind, std::less<>> job_kinds(const JobBench& bench) {
  using Does = Result<jobs::Json> (*)(const jobs::Task&, const JobBench&, const infer::ModelStore&);
  std::map<std::string, jobs::Kind, std::less<>> out;
  for (const auto& [name, does] :
       {std::pair<const char*, Does>{"evaluate", evaluate_job},
        std::pair<const char*, Does>{"audit", audit_job},
        std::pair<const char*, Does>{"explain", explain_job},
        std::pair<const char*, Does>{"import", import_job}, std::pair<const char*, Does>{"map", map_job},
        std::pair<const char*, Does>{"train", train_job}, std::pair<const char*, Does>{"finetune", train_job},
        std::pair<const char*, Does>{
            "analyze", [](const jobs::Task&task, const JobBench&the, const infer::ModelStore&models) {
              return analyze_job(task, the.settings, models);
            }}}) {
    out[name] = [&bench, does = does](const jobs::Task& task) -> Result<jobs::Json> {
      const Result<infer::ModelStore> models = open_models(bench.place);
      if (!models) return tl::make_unexpected(models.error());
      return does(task, bench, *models);
    };
  }
  out["report"] = [&bench](const jobs::Task& task) { return report_job(task, bench); };
  out["validate"] = [&bench](const jobs::Task& task) { return validate_job(task, bench.database); };
  return out;
}

void add_worker(CLI::App& app, Chosen& chosen) {
  auto* verb = app.add_subcommand("worker", "Does the jobs of a server's data folder; serve starts its own");
  auto flags = std::make_shared<WorkerFlags>();
  verb->add_option("--data", flags->data, "The server's data folder")->capture_default_str();
  verb->add_option("--key-file", flags->key_file, "File of its key, where it is not in that folder");
  verb->add_option("--database", flags->settings.database, "PostgreSQL, where the server uses it");
  verb->add_option("--memory-mib", flags->memory_mib, "Address space that this process may have; 0: any")
      ->capture_default_str();
  verb->add_option("--cpu-s", flags->cpu_s, "Processor time that a job may take")->capture_default_str();
  verb->add_option("--lease-s", flags->lease_s, "How long a job is held without a sign of life")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 3600.0));
  verb->add_option("--trainer", flags->trainer, "pyrometer-train; else the one beside this program")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  verb->add_option("--priority", flags->priority, "idle: what nobody else wants; low: nice 19; normal")
      ->capture_default_str()
      ->check(CLI::IsMember({"idle", "low", "normal"}));
  verb->add_flag("--once", flags->once, "End when nothing waits");
  verb->add_flag("--json", flags->json, "For machines");
  verb->add_option("--parent", flags->parent, "End with this process")->group("");
  add_log_flag(*verb, flags->log_format);
  add_walk_flags(*verb, flags->walk);
  verb->footer("Example: pyrometer worker --data /srv/pyrometer --once");
  verb->callback([flags, &chosen] { chosen = [flags] { return work(*flags); }; });
}

}  // namespace pyro::cli

#include "serve/serve.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "job_workers.hpp"
#include "log_format.hpp"
#include "pages.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/serve/service.hpp"

namespace pyro::cli {
namespace {

struct ServeFlags {
  serve::ServiceSettings settings;
  WalkFlags walk;
  std::string data = settings.data.string(), certificate, certificate_key, key_file, surveys, rules, backups,
              trainer;
  int max_sessions = static_cast<int>(settings.most_sessions);
  int job_workers = 1;
  std::int64_t job_memory_mib = 4096, job_cpu_s = std::int64_t{6} * 3600;
  double job_lease_s = 15;
  std::string job_priority = "idle", log_format = "text";
  std::string oidc_secret_file, oidc_ca_file, camera_ca_file;
  std::string pages;
  bool no_live = false, check_config = false, json = false;
};

Result<serve::ServiceSettings> settle(const ServeFlags& flags) {
  serve::ServiceSettings out = flags.settings;
  out.data = flags.data;
  out.certificate = flags.certificate;
  out.certificate_key = flags.certificate_key;
  out.key_file = flags.key_file;
  out.oidc.secret_file = flags.oidc_secret_file;
  out.oidc.ca_file = flags.oidc_ca_file;
  out.camera_certificates = flags.camera_ca_file;
  out.most_sessions = static_cast<std::size_t>(flags.max_sessions);
  const Result<pipeline::WalkSettings> walk = cli::settle(flags.walk);
  if (!walk) return tl::make_unexpected(walk.error());
  out.walk = *walk;
  const Result<registry::Place> place = find_place(flags.walk.place);
  if (!place) return tl::make_unexpected(place.error());
  out.place = *place;
  out.pages = web_pages();
  out.common_passwords = place->home / "security" / "common-passwords.txt.gz";
  out.surveys = flags.surveys;
  out.alert_rules = flags.rules;
  out.backups = flags.backups;
  out.job_workers = flags.job_workers;
  find_library(*place, out);
  return out;
}

int check(const serve::ServiceSettings& settings, bool json) {
  const std::vector<std::string> wrong = serve::check_settings(settings);
  if (json) {
    std::printf("%s\n", nlohmann::json{{"good", wrong.empty()}, {"wrong", wrong}}.dump().c_str());
  } else {
    for (const std::string& one : wrong) std::printf("%s\n", one.c_str());
    if (wrong.empty())
      std::printf("nothing wrong: data in %s, https://%s:%d\n", settings.data.c_str(),
                  settings.address.c_str(), settings.port);
  }
  return wrong.empty() ? 0 : exit_code(ErrorCode::wrong_use);
}

void greet(const serve::Service& service, const serve::ServiceSettings& settings) {
  const std::string host = settings.address == "127.0.0.1" ? "localhost" : settings.address;
  std::printf("Pyrometer serves https://%s:%d\n  data in %s; %s\n", host.c_str(), service.port(),
              settings.data.c_str(), service.describe().c_str());
  if (const auto& first = service.first_administrator()) {
    std::printf(
        "\n  The first administrator, told once:\n    name      %s\n    password  %s\n  It must be changed "
        "when first signing in.\n",
        first->name.c_str(), first->one_time_password.c_str());
  }
  std::printf("\n%s\nStop with Ctrl-C.\n", kNotice);
  std::fflush(stdout);
}

// What a worker is told: where the data are, and how to look at faces. What others must not read goes by the
// environment.
std::unique_ptr<JobWorkers> start_workers(const ServeFlags& flags, const serve::ServiceSettings& settings) {
  if (flags.job_workers == 0) return nullptr;
  std::vector<std::string> words{"pyrometer",    "worker",
                                 "--data",       settings.data.string(),
                                 "--parent",     std::to_string(::getpid()),
                                 "--memory-mib", std::to_string(flags.job_memory_mib),
                                 "--cpu-s",      std::to_string(flags.job_cpu_s),
                                 "--lease-s",    std::to_string(flags.job_lease_s),
                                 "--priority",   flags.job_priority,
                                 "--log-format", flags.log_format,
                                 "--threads",    std::to_string(settings.walk.threads),
                                 "--model",      settings.walk.expression_model,
                                 "--precision",  flags.walk.precision};
  const auto tell = [&](const char* flag, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {flag, value});
  };
  tell("--key-file", flags.key_file);
  tell("--trainer", flags.trainer);
  tell("--models", flags.walk.place.models);
  tell("--registry", flags.walk.place.registry);
  if (flags.walk.no_expressions) words.emplace_back("--no-expressions");
  std::vector<std::string> environment;
  if (!settings.database.empty()) environment.push_back("PYROMETER_DATABASE=" + settings.database);
  return std::make_unique<JobWorkers>(flags.job_workers, std::move(words), std::move(environment));
}

int serve_until_stopped(const ServeFlags& flags) {
  use_log_format(flags.log_format);
  const auto refused = [&](const Error& error) { return report_logged(error, flags.json, flags.log_format); };
  Result<serve::ServiceSettings> settings = settle(flags);
  if (!settings) return refused(settings.error());
  std::string pages;
  if (!flags.pages.empty()) {
    Result<std::string> read = read_whole(flags.pages, 64U << 20);
    if (!read) return refused(read.error());
    pages = std::move(*read);
    settings->pages = pages;
  }
  if (flags.check_config) return check(*settings, flags.json);
  std::optional<infer::ModelStore> models;
  if (!flags.no_live) {
    Result<infer::ModelStore> opened = open_models(flags.walk.place);
    if (!opened) return refused(opened.error());
    models.emplace(std::move(*opened));
  }
  const std::stop_token stop = interrupted();
  Result<std::unique_ptr<serve::Service>> service =
      serve::Service::open(*settings, models ? &*models : nullptr);
  if (!service) return refused(service.error());
  greet(**service, *settings);
  // Ended before the service is: they must not outlive its lock on the folder.
  const std::unique_ptr<JobWorkers> workers = start_workers(flags, *settings);
  const std::stop_callback on_stop{stop, [&] { (*service)->stop(); }};
  (*service)->run();
  spdlog::info("stopped");
  return 0;
}

void add_oidc_flags(CLI::App& verb, ServeFlags& flags) {
  serve::OidcSettings& oidc = flags.settings.oidc;
  const auto add = [&verb](const char* name, auto& value, const char* what) {
    return verb.add_option(name, value, what)->group("Sign-in by a provider (OpenID Connect)");
  };
  add("--oidc-issuer", oidc.issuer,
      "The provider's address, as it writes it itself; without one: passwords only");
  add("--oidc-client-id", oidc.client_id, "How the provider knows this server");
  add("--oidc-secret-file", flags.oidc_secret_file,
      "File (0600) of the client's secret; also PYROMETER_OIDC_SECRET");
  add("--oidc-redirect", oidc.redirect,
      "https://<this server>/api/v1/oidc/callback, as it is registered at the provider");
  add("--oidc-scopes", oidc.scopes, "What is asked for")->capture_default_str();
  add("--oidc-label", oidc.label, "What the button says")->capture_default_str();
  add("--oidc-ca-file", flags.oidc_ca_file,
      "Who signed the provider's certificate (PEM); else the system's list");
  add("--oidc-domain", oidc.domains, "Domain of verified e-mail addresses that may sign in; else all may");
  add("--oidc-create-role", oidc.create_role,
      "At the first sign-in an account of this role is made; else nobody is let in who has none");
  add("--oidc-role-claim", oidc.role_claim,
      "Claim of the ID token that says who has which role: groups, realm_access.roles; else roles are this "
      "site's");
  add("--oidc-role", oidc.roles,
      "What a text of that claim means: psychologists=clinician; the first that fits counts, at each "
      "sign-in");
  verb.add_flag("--oidc-role-required", oidc.role_required, "Whose claim says none of these is not let in")
      ->group("Sign-in by a provider (OpenID Connect)");
  verb.add_flag("--oidc-link-email", oidc.link_email,
                "At the first sign-in the account whose name is the verified e-mail address is joined")
      ->group("Sign-in by a provider (OpenID Connect)");
}

}  // namespace

void find_library(const registry::Place& place, serve::ServiceSettings& settings) {
  std::error_code error;
  std::filesystem::path beside = std::filesystem::absolute(place.models, error).lexically_normal();
  if (!beside.has_filename()) beside = beside.parent_path();
  beside = beside.parent_path();
  if (settings.surveys.empty() &&
      std::filesystem::exists(beside / "surveys" / "instrument.schema.json", error))
    settings.surveys = beside / "surveys";
  if (settings.alert_rules.empty() && std::filesystem::exists(beside / "trend" / "alerts.toml", error))
    settings.alert_rules = beside / "trend" / "alerts.toml";
}

void add_serve(CLI::App& app, Chosen& chosen) {
  auto* verb = app.add_subcommand(
      "serve", "The server: people, consent, sessions, live streams, by HTTPS and WebSocket");
  auto flags = std::make_shared<ServeFlags>();
  verb->add_option("--data", flags->data,
                   "Folder of the database, its key and certificate; made where there is none")
      ->capture_default_str();
  verb->add_option("--address", flags->settings.address,
                   "IP address to listen on; 127.0.0.1 is this machine alone")
      ->capture_default_str();
  verb->add_option("--port", flags->settings.port, "Port; 0: any free one")->capture_default_str();
  verb->add_option("--certificate", flags->certificate,
                   "TLS certificate (PEM); without one, one is made for localhost");
  verb->add_option("--certificate-key", flags->certificate_key, "Its private key (PEM)");
  verb->add_option("--name", flags->settings.names,
                   "Name or address of this server, for the certificate that is made");
  verb->add_option("--database", flags->settings.database,
                   "PostgreSQL, as libpq writes addresses, instead of the encrypted file in the data folder");
  verb->add_option(
      "--key-file", flags->key_file,
      "File of the key (64 hexadecimal digits); also PYROMETER_KEY, or systemd's credential pyrometer-key");
  verb->add_option("--surveys", flags->surveys,
                   "Folder of questionnaires with its instrument.schema.json; else the one beside the models")
      ->type_name("FOLDER");
  verb->add_option("--rules", flags->rules, "Rules for alerts instead of the shipped ones")
      ->type_name("FILE");
  verb->add_option("--backups", flags->backups,
                   "Folder of backups that the administrator asks for; else backups in the data folder")
      ->type_name("FOLDER");
  verb->add_option("--workers", flags->settings.workers, "Requests answered at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 256));
  verb->add_option("--max-sessions", flags->max_sessions, "Live sessions at once")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  verb->add_option("--job-workers", flags->job_workers,
                   "Processes that do jobs, with what the processor has left; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(0, 64));
  verb->add_option("--trainer", flags->trainer, "pyrometer-train, for jobs; else the one beside this program")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  verb->add_option("--job-memory-mib", flags->job_memory_mib, "Address space of each; 0: any")
      ->capture_default_str();
  verb->add_option("--job-cpu-s", flags->job_cpu_s, "Processor time that a job may take")
      ->capture_default_str();
  verb->add_option("--job-lease-s", flags->job_lease_s, "How long a job is held without a sign of life")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 3600.0));
  verb->add_option("--job-priority", flags->job_priority,
                   "idle: what nobody else wants; low: nice 19; normal")
      ->capture_default_str()
      ->check(CLI::IsMember({"idle", "low", "normal"}));
  verb->add_option("--requests-per-s", flags->settings.requests_per_s, "Of one address")
      ->capture_default_str()
      ->check(CLI::Range(1.0, 1e6));
  verb->add_option("--allow-camera", flags->settings.cameras,
                   "Cameras that the administrator may register: rtsp://10.0.0.7, http://10.0.8.0/24:8080, "
                   "rtsp://door.example:8554, camera:0, or a video's absolute path")
      ->type_name("CAMERA");
  verb->add_option(
          "--camera-ca-file", flags->camera_ca_file,
          "Certificates (PEM) of cameras that are read by TLS, or of who signed them, beside the system's")
      ->type_name("FILE");
  verb->add_option("--pages", flags->pages,
                   "The web app from this file (web/scripts/pack.mjs) instead of the one in the program")
      ->check(CLI::ExistingFile);
  verb->add_flag("--no-live", flags->no_live, "No live analysis: records, surveys and devices only");
  verb->add_flag("--check-config", flags->check_config,
                 "Say what is wrong with the settings, and start nothing");
  verb->add_flag("--json", flags->json, "For machines");
  add_log_flag(*verb, flags->log_format);
  add_oidc_flags(*verb, *flags);
  add_walk_flags(*verb, flags->walk);
  verb->footer(
      "Example: pyrometer serve --data /srv/pyrometer --address 0.0.0.0 --name pyrometer.example.org");
  verb->callback([flags, &chosen] { chosen = [flags] { return serve_until_stopped(*flags); }; });
}

}  // namespace pyro::cli

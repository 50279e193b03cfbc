#include "serve/serve.hpp"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "pyro/base/notice.hpp"
#include "pyro/serve/service.hpp"

namespace pyro::cli {
namespace {

struct ServeFlags {
  serve::ServiceSettings settings;
  WalkFlags walk;
  std::string data = settings.data.string(), certificate, certificate_key, key_file, surveys, rules;
  int max_sessions = static_cast<int>(settings.most_sessions);
  bool no_live = false, check_config = false, json = false;
};

Result<serve::ServiceSettings> settle(const ServeFlags& flags) {
  serve::ServiceSettings out = flags.settings;
  out.data = flags.data;
  out.certificate = flags.certificate;
  out.certificate_key = flags.certificate_key;
  out.key_file = flags.key_file;
  out.most_sessions = static_cast<std::size_t>(flags.max_sessions);
  const Result<pipeline::WalkSettings> walk = cli::settle(flags.walk);
  if (!walk) return tl::make_unexpected(walk.error());
  out.walk = *walk;
  const Result<registry::Place> place = find_place(flags.walk.place);
  if (!place) return tl::make_unexpected(place.error());
  out.common_passwords = place->home / "security" / "common-passwords.txt.gz";
  // Questionnaires and rules lie beside the models, unless they are named.
  std::error_code error;
  std::filesystem::path beside = std::filesystem::absolute(place->models, error).lexically_normal();
  if (!beside.has_filename()) beside = beside.parent_path();
  beside = beside.parent_path();
  out.surveys = flags.surveys;
  if (out.surveys.empty() && std::filesystem::exists(beside / "surveys" / "instrument.schema.json", error)) out.surveys = beside / "surveys";
  out.alert_rules = flags.rules;
  if (out.alert_rules.empty() && std::filesystem::exists(beside / "trend" / "alerts.toml", error)) out.alert_rules = beside / "trend" / "alerts.toml";
  return out;
}

int check(const serve::ServiceSettings& settings, bool json) {
  const std::vector<std::string> wrong = serve::check_settings(settings);
  if (json) {
    std::printf("%s\n", nlohmann::json{{"good", wrong.empty()}, {"wrong", wrong}}.dump().c_str());
  } else {
    for (const std::string& one : wrong) std::printf("%s\n", one.c_str());
    if (wrong.empty()) std::printf("nothing wrong: data in %s, https://%s:%d\n", settings.data.c_str(), settings.address.c_str(), settings.port);
  }
  return wrong.empty() ? 0 : exit_code(ErrorCode::wrong_use);
}

void greet(const serve::Service& service, const serve::ServiceSettings& settings) {
  const std::string host = settings.address == "127.0.0.1" ? "localhost" : settings.address;
  std::printf("Pyrometer serves https://%s:%d\n  data in %s; %s\n", host.c_str(), service.port(), settings.data.c_str(), service.describe().c_str());
  if (const auto& first = service.first_administrator()) {
    std::printf("\n  The first administrator, told once:\n    name      %s\n    password  %s\n  It must be changed when first signing in.\n",
                first->name.c_str(), first->one_time_password.c_str());
  }
  std::printf("\n%s\nStop with Ctrl-C.\n", kNotice);
  std::fflush(stdout);
}

int serve_until_stopped(const ServeFlags& flags) {
  const Result<serve::ServiceSettings> settings = settle(flags);
  if (!settings) return report(settings.error(), flags.json);
  if (flags.check_config) return check(*settings, flags.json);
  std::optional<infer::ModelStore> models;
  if (!flags.no_live) {
    Result<infer::ModelStore> opened = open_models(flags.walk.place);
    if (!opened) return report(opened.error(), flags.json);
    models.emplace(std::move(*opened));
  }
  const std::stop_token stop = interrupted();
  Result<std::unique_ptr<serve::Service>> service = serve::Service::open(*settings, models ? &*models : nullptr);
  if (!service) return report(service.error(), flags.json);
  greet(**service, *settings);
  const std::stop_callback on_stop{stop, [&] { (*service)->stop(); }};
  (*service)->run();
  spdlog::info("stopped");
  return 0;
}

}  // namespace

void add_serve(CLI::App& app, Chosen& chosen) {
  auto* verb = app.add_subcommand("serve", "The server: people, consent, sessions, live streams, by HTTPS and WebSocket");
  auto flags = std::make_shared<ServeFlags>();
  verb->add_option("--data", flags->data, "Folder of the database, its key and certificate; made where there is none")->capture_default_str();
  verb->add_option("--address", flags->settings.address, "IP address to listen on; 127.0.0.1 is this machine alone")->capture_default_str();
  verb->add_option("--port", flags->settings.port, "Port; 0: any free one")->capture_default_str();
  verb->add_option("--certificate", flags->certificate, "TLS certificate (PEM); without one, one is made for localhost");
  verb->add_option("--certificate-key", flags->certificate_key, "Its private key (PEM)");
  verb->add_option("--name", flags->settings.names, "Name or address of this server, for the certificate that is made");
  verb->add_option("--database", flags->settings.database, "PostgreSQL, as libpq writes addresses, instead of the encrypted file in the data folder");
  verb->add_option("--key-file", flags->key_file, "File of the key (64 hexadecimal digits); also PYROMETER_KEY, or systemd's credential pyrometer-key");
  verb->add_option("--surveys", flags->surveys, "Folder of questionnaires with its instrument.schema.json; else the one beside the models")->type_name("FOLDER");
  verb->add_option("--rules", flags->rules, "Rules for alerts instead of the shipped ones")->type_name("FILE");
  verb->add_option("--workers", flags->settings.workers, "Requests answered at once")->capture_default_str()->check(CLI::Range(1, 256));
  verb->add_option("--max-sessions", flags->max_sessions, "Live sessions at once")->capture_default_str()->check(CLI::Range(1, 1000));
  verb->add_option("--requests-per-s", flags->settings.requests_per_s, "Of one address")->capture_default_str()->check(CLI::Range(1.0, 1e6));
  verb->add_flag("--no-live", flags->no_live, "No live analysis: records, surveys and devices only");
  verb->add_flag("--check-config", flags->check_config, "Say what is wrong with the settings, and start nothing");
  verb->add_flag("--json", flags->json, "For machines");
  add_walk_flags(*verb, flags->walk);
  verb->footer("Example: pyrometer serve --data /srv/pyrometer --address 0.0.0.0 --name pyrometer.example.org");
  verb->callback([flags, &chosen] { chosen = [flags] { return serve_until_stopped(*flags); }; });
}

}  // namespace pyro::cli

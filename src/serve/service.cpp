#include "pyro/serve/service.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <mutex>

#include "app.hpp"
#include "backups.hpp"
#include "consent_texts.hpp"
#include "demo_work.hpp"
#include "keeper.hpp"
#include "model_watch.hpp"
#include "oidc/provider.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/archive/schema.hpp"
#include "pyro/base/clock.hpp"
#include "pyro/base/files.hpp"
#include "pyro/security/certificate.hpp"
#include "pyro/serve/data_folder.hpp"
#include "pyro/serve/upkeep.hpp"
#include "retention.hpp"

// The contract as text, made by CMake from contracts/openapi.yaml.
extern const char* const kPyrometerContract;

namespace pyro::serve {
namespace {

Result<std::string> ready_certificate(ServiceSettings& settings) {
  if (settings.certificate.empty() != settings.certificate_key.empty())
    return wrong_use("--certificate and --certificate-key belong together");
  if (settings.certificate.empty()) {
    settings.certificate = settings.data / "tls" / "certificate.pem";
    settings.certificate_key = settings.data / "tls" / "key.pem";
    if (Status made = make_folder(settings.data / "tls"); !made) return tl::make_unexpected(made.error());
    const auto there = read_whole(settings.certificate, 1U << 20U);
    const auto facts =
        there ? security::read_certificate(*there) : Result<security::CertificateFacts>{bad_input("none")};
    // One that is about to expire is made anew, long enough before that nobody notices.
    if (!facts || facts->expires < utc_now() + std::chrono::days{30}) {
      const auto fresh = security::make_certificate(settings.names, utc_now());
      if (!fresh) return tl::make_unexpected(fresh.error());
      if (Status kept = security::write_certificate(*fresh, settings.certificate_key, settings.certificate);
          !kept)
        return tl::make_unexpected(kept.error());
    }
  }
  const auto text = read_whole(settings.certificate, 1U << 20U);
  if (!text) return tl::make_unexpected(text.error());
  const auto facts = security::read_certificate(*text);
  if (!facts) return bad_input(settings.certificate.string() + ": " + facts.error().message);
  return facts->fingerprint;
}

Result<std::optional<FirstAdministrator>> first_account(store::Database& database,
                                                        const security::PasswordCost& cost) {
  bool anybody = true;
  const Status looked = database.read([&](store::Connection& in) -> Status {
    const auto rows = in.query("SELECT id FROM account LIMIT 1");
    if (!rows) return tl::make_unexpected(rows.error());
    anybody = !rows->empty();
    return {};
  });
  if (!looked) return tl::make_unexpected(looked.error());
  if (anybody) return std::nullopt;
  FirstAdministrator first{"admin", security::one_time_password()};
  const auto hash = security::hash_password(first.one_time_password, cost);
  if (!hash) return tl::make_unexpected(hash.error());
  const Status made = database.write([&](store::Connection& in) -> Status {
    const auto row = archive::make_account(in,
                                           {{"name", first.name},
                                            {"role", "administrator"},
                                            {"must_change_password", true},
                                            {"password", *hash}},
                                           utc_now());
    if (!row) return tl::make_unexpected(row.error());
    return {};
  });
  if (!made) return tl::make_unexpected(made.error());
  return first;
}

class RunningService : public Service {
 public:
  static Result<std::unique_ptr<Service>> open(ServiceSettings settings, const infer::ModelStore* models) {
    auto service = std::make_unique<RunningService>();
    if (Status opened = service->start(std::move(settings), models); !opened)
      return tl::make_unexpected(opened.error());
    return service;
  }
  ~RunningService() override {
    watch_.reset();   // it gives the hub other models
    hub_.reset();     // its sessions are kept to the end
    keeper_.reset();  // before what it writes into goes
  }

  [[nodiscard]] std::uint16_t port() const override { return transport_->port(); }
  [[nodiscard]] const std::optional<FirstAdministrator>& first_administrator() const override {
    return first_;
  }
  [[nodiscard]] std::string describe() const override {
    return database_->describe() + ", certificate " + fingerprint_;
  }

  void run() override {
    transport_->run();
    if (hub_) hub_->end_all("server-stops");
  }
  void stop() override { transport_->stop(); }

 private:
  Status start(ServiceSettings settings, const infer::ModelStore* models) {
    for (const auto& folder : {settings.data, settings.data / "uploads"}) {
      if (Status made = make_folder(folder); !made) return made;
    }
    if (Status locked = lock_.take(settings.data); !locked) return locked;
    // What an earlier run left of uploads when it was killed.
    std::error_code ignored;
    for (const auto& left : std::filesystem::directory_iterator(settings.data / "uploads", ignored))
      std::filesystem::remove(left, ignored);
    if (Status settled = finish_rotation(settings); !settled) return settled;
    const Result<store::Key> key = master_key(settings, IfMissing::make);
    if (!key) return tl::make_unexpected(key.error());
    auto database = open_database(settings, *key);
    if (!database) return tl::make_unexpected(database.error());
    database_ = std::move(*database);
    if (Status current = store::migrate(*database_, archive::schema()); !current) return current;
    if (Status made = database_->write([](store::Connection& in) -> Status {
          if (Status site = archive::make_site(in, utc_now()); !site) return site;
          return make_consent_templates(in, utc_now());
        });
        !made)
      return made;
    Result<archive::Secrets> secrets = archive::secrets_of(*database_, *key);
    if (!secrets) return tl::make_unexpected(secrets.error());
    secrets_ = *secrets;
    Result<std::optional<FirstAdministrator>> first = first_account(*database_, cost_);
    if (!first) return tl::make_unexpected(first.error());
    first_ = std::move(*first);
    if (!settings.common_passwords.empty()) {
      Result<security::CommonPasswords> common = security::CommonPasswords::load(settings.common_passwords);
      if (!common) return tl::make_unexpected(common.error());
      common_passwords_ = std::move(*common);
    }
    Result<Library> library = load_library(settings);
    if (!library) return tl::make_unexpected(library.error());
    library_ = std::move(*library);
    Result<CameraRules> cameras = CameraRules::parse(settings.cameras, settings.camera_certificates);
    if (!cameras) return tl::make_unexpected(cameras.error());
    cameras_ = std::move(*cameras);
    Result<Contract> contract = Contract::parse(kPyrometerContract);
    if (!contract) return tl::make_unexpected(contract.error());
    contract_.emplace(std::move(*contract));
    Result<Pages> pages = Pages::of(settings.pages);
    if (!pages) return tl::make_unexpected(pages.error());
    pages_ = std::move(*pages);
    Result<std::string> fingerprint = ready_certificate(settings);
    if (!fingerprint) return tl::make_unexpected(fingerprint.error());
    fingerprint_ = std::move(*fingerprint);
    audit_ = std::make_unique<archive::AuditLog>(*database_, secrets_.audit);
    throttle_ =
        std::make_unique<Throttle>(Throttle::Rate{settings.requests_per_s, 3 * settings.requests_per_s});
    jobs_.emplace(settings.data);
    if (Status made = jobs_->make(); !made) return made;
    if (Status swept = jobs_->sweep(*database_, utc_now()); !swept) return swept;
    recordings_.emplace(settings.data, secrets_);
    if (Status made = recordings_->make(); !made) return made;
    if (Status swept = recordings_->sweep(*database_); !swept) return swept;
    keeper_ = make_keeper(*database_);
    if (models != nullptr) {
      live::HubSettings hub;
      hub.walk = settings.walk;
      hub.most_sessions = settings.most_sessions;
      hub.trained_on = [place = settings.place](const infer::ModelEntry& entry) -> std::string {
        const auto record = registry::record_of(place, entry);
        return record ? record->value("/data/description"_json_pointer, "") : "";
      };
      hub_ = live::Hub::create(
          *models, hub,
          [this](const std::string& session, const std::string& person) {
            return permission(session, person);
          },
          *keeper_);
      stills_ = std::make_unique<Stills>(*models, settings.walk);
      meant_ = meaning(*models, settings.walk.expression_model);
    }
    backups_.emplace(settings);
    facts_ = {PYRO_VERSION,
              utc_now(),
              settings.data,
              database_path(settings),
              !settings.database.empty(),
              settings.job_workers,
              settings.most_sessions};
    if (Status good = check_oidc(settings.oidc); !good) return good;
    if (!settings.oidc.issuer.empty()) {
      Result<std::string> secret = oidc_secret(settings.oidc);
      if (!secret) return tl::make_unexpected(secret.error());
      provider_ = std::make_unique<oidc::Provider>(settings.oidc, std::move(*secret));
    }
    models_ = {settings.place,
               [this, place = settings.place, name = settings.walk.expression_model]() -> Status {
                 const Result<infer::ModelStore> store = registry::open_store(place);
                 if (!store) return tl::make_unexpected(store.error());
                 if (hub_) hub_->use(*store);
                 if (stills_) stills_->use(*store);
                 const std::lock_guard lock{meant_mutex_};
                 if (hub_) meant_ = meaning(*store, name);
                 return {};
               },
               [this] {
                 const std::lock_guard lock{meant_mutex_};
                 return meant_;
               }};
    office_.emplace(Office{*database_,
                           *audit_,
                           secrets_,
                           *contract_,
                           pages_,
                           common_passwords_,
                           cost_,
                           hub_.get(),
                           *jobs_,
                           *recordings_,
                           *throttle_,
                           metrics_,
                           [this] { return transport_ ? transport_->connections() : 0; },
                           utc_now,
                           library_,
                           *backups_,
                           facts_,
                           cameras_,
                           stills_.get(),
                           provider_.get(),
                           settings.place.models.empty() ? nullptr : &models_,
                           &demo_});
    Result<std::unique_ptr<Desk>> desk = Desk::open(*office_);
    if (!desk) return tl::make_unexpected(desk.error());
    desk_ = std::move(*desk);
    TransportSettings listening;
    listening.address = settings.address;
    listening.port = settings.port;
    listening.certificate = settings.certificate;
    listening.key = settings.certificate_key;
    listening.uploads = settings.data / "uploads";
    listening.workers = settings.workers;
    listening.io_threads = settings.io_threads;
    Result<std::unique_ptr<Transport>> transport = Transport::listen(listening, *desk_);
    if (!transport) return tl::make_unexpected(transport.error());
    transport_ = std::move(*transport);
    sweeper_ = std::make_unique<Sweeper>(*database_, *audit_, *recordings_);
    if (hub_ && !settings.place.registry.empty()) watch_ = std::make_unique<ModelWatch>(models_);
    return {};
  }

  static std::string meaning(const infer::ModelStore& store, const std::string& name) {
    const infer::ModelEntry* entry = store.find(name);
    return entry == nullptr ? "" : entry->reference();
  }

  // Asked twice a second for each running session: consent and mode as they are now.
  live::Permission permission(const std::string& session, const std::string& person) {
    live::Permission out;
    const Status asked = database_->read([&](store::Connection& in) -> Status {
      out = {};
      const auto row = archive::find(in, archive::kSession, session);
      if (!row) return tl::make_unexpected(row.error());
      if (!*row || (**row)["state"] != "open") {
        out.reason = "ended";
        return {};
      }
      const auto consents = archive::consents_of(in, person);
      if (!consents) return tl::make_unexpected(consents.error());
      out.run = security::covers(*consents, security::Scope::live_analysis, utc_now());
      out.keep = security::covers(*consents, security::Scope::store_observations, utc_now());
      if (!out.run) out.reason = "consent-withdrawn";
      if (const auto camera = (**row).find("camera"); camera != (**row).end() && camera->is_string()) {
        const auto there = archive::find(in, archive::kCamera, camera->get<std::string>());
        if (!there) return tl::make_unexpected(there.error());
        if (!*there) out.run = false, out.reason = "camera-removed";
      }
      return {};
    });
    if (asked) return out;
    // A database that is away for a moment ends nobody's session; one that stays away keeps nothing, which
    // senders are told.
    return store::fault_of(asked.error()) == store::Fault::unavailable
               ? live::Permission{true, true, ""}
               : live::Permission{false, false, "failed"};
  }

  FolderLock lock_;
  security::PasswordCost cost_;
  std::unique_ptr<store::Database> database_;
  archive::Secrets secrets_;
  std::optional<FirstAdministrator> first_;
  security::CommonPasswords common_passwords_;
  Library library_;
  CameraRules cameras_;
  std::unique_ptr<Stills> stills_;
  std::unique_ptr<oidc::Provider> provider_;
  std::optional<Contract> contract_;
  Pages pages_;
  std::string fingerprint_;
  std::unique_ptr<archive::AuditLog> audit_;
  std::unique_ptr<Throttle> throttle_;
  std::optional<jobs::Folders> jobs_;
  std::optional<jobs::Recordings> recordings_;
  Metrics metrics_;
  SiteFacts facts_;
  std::optional<Backups> backups_;
  std::unique_ptr<live::Keeper> keeper_;
  std::unique_ptr<live::Hub> hub_;
  ModelUse models_;
  std::mutex meant_mutex_;
  std::string meant_;
  std::optional<Office> office_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<Sweeper> sweeper_;
  std::unique_ptr<ModelWatch> watch_;
  DemoWork demo_;  // last: its thread uses others
};

}  // namespace

Result<std::unique_ptr<Service>> Service::open(const ServiceSettings& settings,
                                               const infer::ModelStore* models) {
  return RunningService::open(settings, models);
}

std::vector<std::string> check_settings(const ServiceSettings& settings) {
  std::vector<std::string> wrong;
  std::error_code error;
  if (std::filesystem::exists(settings.data, error) && !std::filesystem::is_directory(settings.data, error))
    wrong.push_back("data: " + settings.data.string() + " is no folder");
  if (settings.certificate.empty() != settings.certificate_key.empty())
    wrong.emplace_back("certificate and certificate-key belong together");
  for (const auto& [name, path] :
       {std::pair{"certificate", settings.certificate},
        std::pair{"certificate-key", settings.certificate_key}, std::pair{"key-file", settings.key_file},
        std::pair{"camera-ca-file", settings.camera_certificates}}) {
    if (!path.empty() && ::access(path.c_str(), R_OK) != 0)
      wrong.push_back(std::string{name} + ": " + path.string() + " cannot be read");
  }
  if (!settings.certificate.empty()) {
    const auto text = read_whole(settings.certificate, 1U << 20U);
    if (text && !security::read_certificate(*text))
      wrong.push_back("certificate: " + settings.certificate.string() + " is no certificate (PEM)");
  }
  if (std::filesystem::exists(key_path(settings), error)) {
    const auto text = read_whole(key_path(settings), 4096);
    if (text && !store::Key::of_hex(*text))
      wrong.push_back("key: " + key_path(settings).string() + " holds no key (64 hexadecimal digits)");
  }
  if (const auto cameras = CameraRules::parse(settings.cameras); !cameras)
    wrong.push_back(cameras.error().message);
  if (const Status good = check_oidc(settings.oidc); !good) wrong.push_back(good.error().message);
  if (settings.workers < 1 || settings.workers > 256) wrong.emplace_back("workers: 1 to 256");
  return wrong;
}

}  // namespace pyro::serve

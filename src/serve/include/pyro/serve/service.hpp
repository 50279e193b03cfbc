// `pyrometer serve`: a data folder, a database, keys and a certificate come to be a running server.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/infer/model_store.hpp"
#include "pyro/pipeline/walk.hpp"
#include "pyro/registry/registry.hpp"
#include "pyro/serve/oidc_settings.hpp"

namespace pyro::serve {

struct ServiceSettings {
  std::filesystem::path data = "pyrometer-data";
  std::string address = "127.0.0.1";
  std::uint16_t port = 8443;
  std::filesystem::path certificate, certificate_key;  // empty: made for localhost, in the data folder
  std::vector<std::string> names;  // of this server, besides localhost, for a certificate that is made
  std::string database;  // PostgreSQL, as libpq writes addresses; empty: encrypted SQLite in the data folder
  std::filesystem::path key_file;          // empty: <data>/key
  std::filesystem::path common_passwords;  // the list that set-up fetched
  std::filesystem::path surveys;           // folder of questionnaires; empty: none
  std::filesystem::path alert_rules;       // when a person's weeks deserve attention; empty: never
  std::filesystem::path backups;  // folder of those that are asked for over the API; empty: <data>/backups
  int job_workers = 0;            // started beside the server, to be told
  int workers = 64;
  int io_threads = 1;
  std::size_t most_sessions = 32;
  double requests_per_s = 200;  // of one address; bursts of three times as many
  OidcSettings oidc;
  std::vector<std::string> cameras;  // that may be registered, see serve/cameras.hpp; none: no cameras
  std::filesystem::path camera_certificates;  // PEM, trusted beside the system's; empty: none
  pipeline::WalkSettings walk;
  std::span<const char> pages;  // the web app, as web/scripts/pack.mjs packs it; empty: none
  registry::Place place;        // of the models; empty: there are none to tell of
};

// Who runs the server the first time: told once, kept as a hash.
struct FirstAdministrator {
  std::string name, one_time_password;
};

class Service {
 public:
  // `models`: null for a server without live analysis. Errors name the folder, file, address or database and
  // the way out.
  [[nodiscard]] static Result<std::unique_ptr<Service>> open(const ServiceSettings& settings,
                                                             const infer::ModelStore* models);
  virtual ~Service() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual const std::optional<FirstAdministrator>& first_administrator() const = 0;
  [[nodiscard]] virtual std::string describe() const = 0;  // database, certificate's fingerprint
  virtual void run() = 0;                                  // until stop()
  virtual void stop() = 0;                                 // from any thread
};

// What can be said without starting: folder, key, certificate, database's address. An empty list: nothing
// wrong.
[[nodiscard]] std::vector<std::string> check_settings(const ServiceSettings& settings);

}  // namespace pyro::serve

// What every route works with, and one request on its way through it.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "cameras.hpp"
#include "contract.hpp"
#include "library.hpp"
#include "metrics.hpp"
#include "model_use.hpp"
#include "pages.hpp"
#include "pyro/archive/accounts.hpp"
#include "pyro/archive/audit_log.hpp"
#include "pyro/archive/secrets.hpp"
#include "pyro/archive/segments.hpp"
#include "pyro/archive/site.hpp"
#include "pyro/archive/subjects.hpp"
#include "pyro/jobs/folders.hpp"
#include "pyro/jobs/recordings.hpp"
#include "pyro/live/hub.hpp"
#include "pyro/security/access.hpp"
#include "pyro/security/passwords.hpp"
#include "pyro/serve/problem.hpp"
#include "stills.hpp"
#include "throttle.hpp"

namespace pyro::serve {

namespace oidc {
class Provider;
}

class DemoWork;

class Backups;

// What stays as it was when the server started.
struct SiteFacts {
  std::string version;
  UtcTime started{};
  std::filesystem::path data, database_file;
  bool postgresql = false;
  int job_workers = 0;
  std::size_t most_sessions = 0;
};

struct Office {
  store::Database& database;
  archive::AuditLog& audit;
  const archive::Secrets& secrets;
  const Contract& contract;
  const Pages& pages;
  const security::CommonPasswords& common_passwords;
  security::PasswordCost password_cost;
  live::Hub* hub = nullptr;  // null: no live analysis here
  const jobs::Folders& jobs;
  const jobs::Recordings& recordings;
  Throttle& throttle;
  Metrics& metrics;
  std::function<std::size_t()> connections;  // open now
  std::function<UtcTime()> now;
  const Library& library;
  Backups& backups;
  const SiteFacts& facts;
  const CameraRules& cameras;
  Stills* stills = nullptr;                                  // null: no model is loaded here
  oidc::Provider* provider = nullptr;                        // null: passwords only
  const ModelUse* models = nullptr;                          // null: none lie beside this server
  DemoWork* demo = nullptr;                                  // never null where requests are answered
  std::chrono::seconds login_lasts{std::chrono::hours{12}};  // from signing in
};

// A request that has been let through: who asks, what for, about whom.
struct Call {
  const Operation& operation;
  const Request& request;
  Json parameters, body;
  security::Actor actor;
  std::string account_name;
  std::string login_hash;  // of the browser's login; empty for tokens
  std::string token_hash;  // of the token; empty for logins
  archive::SiteRecord site;
  std::optional<archive::KnownSubject> subject;
  security::Decision decision;
  UtcTime now{};

  // Whom it is about, where the contract says that it is about somebody; empty elsewhere.
  [[nodiscard]] std::string person() const { return subject ? subject->person : std::string{}; }
  [[nodiscard]] std::string text(const char* parameter) const {
    const auto found = parameters.find(parameter);
    return found == parameters.end() ? std::string{} : found->get<std::string>();
  }
  [[nodiscard]] std::int64_t whole(const char* parameter, std::int64_t otherwise) const {
    const auto found = parameters.find(parameter);
    return found == parameters.end() ? otherwise : found->get<std::int64_t>();
  }
};

using Answer = Granted<Response>;
using Handler = std::function<Answer(Office&, Call&)>;
using Handlers = std::map<std::string, Handler>;

// One transaction, with what it does written into the audit log in the same.
[[nodiscard]] Answer write(Office& office, const Call& call,
                           const std::function<Answer(store::Connection&)>& work,
                           const std::string& detail = {});
// One snapshot; that it was read is in the audit log before the answer goes out, where it is about somebody.
[[nodiscard]] Answer read(Office& office, const Call& call,
                          const std::function<Answer(store::Connection&)>& work);
[[nodiscard]] security::AuditEntry audit_entry(const Call& call, std::string_view outcome,
                                               std::string detail = {});

[[nodiscard]] Response json_response(int status, const Json& body);
[[nodiscard]] Response row_response(int status, const Json& row);  // its version is the ETag
[[nodiscard]] inline Response nothing() {
  return {204, {}, {}, {}};
}
[[nodiscard]] Json page_json(const archive::Page& page);
// If-Match, where it was sent.
[[nodiscard]] std::optional<std::int64_t> wanted_version(const Call& call);
// For rows that are not there, or not to be seen: the same words.
[[nodiscard]] tl::unexpected<Problem> no_such();
[[nodiscard]] tl::unexpected<Problem> refusal(const security::Decision& decision);
template <typename T>
[[nodiscard]] tl::unexpected<Problem> trouble(const Result<T>& result) {
  return tl::make_unexpected(problem_of(result.error()));
}

// Makes a person's row what this caller is shown of it: without what they may not see, with names beside ids.
using Shown =
    std::function<void(store::Connection& in, const Call& call, const security::Subject& about, Json& row)>;

// Beside the id of an account its name, as people know it: most who read a row may not look accounts up.
void say_name(store::Connection& in, Json& row, const char* id, const char* name);

// Rows of a table that belong to people: listed, and one by one. Used by most routes.
[[nodiscard]] Answer list_rows(Office& office, const Call& call, const archive::Table& table,
                               std::vector<std::pair<std::string_view, store::Value>> equal,
                               bool newest_first, const Shown& shown = nullptr);
[[nodiscard]] Answer get_row(Office& office, const Call& call, const archive::Table& table,
                             const char* id_parameter, const Shown& shown = nullptr);
[[nodiscard]] Answer change_row(Office& office, const Call& call, const archive::Table& table,
                                const char* id_parameter, const Shown& shown = nullptr);
[[nodiscard]] Answer remove_row(Office& office, const Call& call, const archive::Table& table,
                                const char* id_parameter);
// With the fields of the body and `more`.
[[nodiscard]] Answer make_row(Office& office, const Call& call, const archive::Table& table, const Json& more,
                              const Shown& shown = nullptr);

void add_sign_in_routes(Handlers& handlers);
void add_oidc_routes(Handlers& handlers);
void add_second_factor_routes(Handlers& handlers);
void add_login_routes(Handlers& handlers);
void add_token_routes(Handlers& handlers);
void add_user_routes(Handlers& handlers);
void add_site_routes(Handlers& handlers);
void add_people_routes(Handlers& handlers);
void add_overview_routes(Handlers& handlers);
void add_consent_template_routes(Handlers& handlers);
void add_session_routes(Handlers& handlers);
void add_video_routes(Handlers& handlers);
void add_note_routes(Handlers& handlers);
void add_survey_routes(Handlers& handlers);
void add_survey_definition_routes(Handlers& handlers);
void add_group_routes(Handlers& handlers);
void add_capture_routes(Handlers& handlers);
void add_dataset_routes(Handlers& handlers);
void add_map_routes(Handlers& handlers);
void add_picture_routes(Handlers& handlers);
void add_dataset_version_routes(Handlers& handlers);
void add_trend_routes(Handlers& handlers);
void add_search_routes(Handlers& handlers);
void add_retention_routes(Handlers& handlers);
void add_upkeep_routes(Handlers& handlers);
void add_upload_routes(Handlers& handlers);
void add_job_routes(Handlers& handlers);
void add_model_routes(Handlers& handlers);
void add_camera_routes(Handlers& handlers);
void add_demo_routes(Handlers& handlers);

// A session that somebody may stream into goes on in the hub: after the last frame that was kept of it.
// `camera` and `open` where this machine reads a camera, else empty. Problems: it runs already, too many do,
// no permission.
[[nodiscard]] Granted<std::shared_ptr<live::Session>> start_running(Office& office, const Call& call,
                                                                    const Json& session,
                                                                    const archive::LastKept& last,
                                                                    const std::string& camera = {},
                                                                    capture::CameraOpener open = {});

// The conversations of stream and watch.
[[nodiscard]] Granted<std::shared_ptr<Talk>> open_talk(Office& office, Call& call);

}  // namespace pyro::serve

#include "app.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

#include "cookies.hpp"

namespace pyro::serve {
namespace {

// When a login was last seen is kept to this, so that reads stay reads.
constexpr std::chrono::minutes kSeenEvery{1};

bool changes_something(const Request& request) {
  return request.method != "GET" && request.method != "HEAD";
}

tl::unexpected<Problem> not_signed_in() {
  return problem(401, "not-signed-in", "Sign in, or send a token that is in force.");
}

tl::unexpected<Problem> too_often(int wait_s) {
  Problem out{429, "too-often", "Too many requests; try again after " + std::to_string(wait_s) + " s."};
  out.more["retry_after_s"] = wait_s;
  return tl::make_unexpected(out);
}

}  // namespace

Result<std::unique_ptr<Desk>> Desk::open(Office& office) {
  std::unique_ptr<Desk> desk{new Desk(office)};
  Handlers& handlers = desk->handlers_;
  handlers["getContract"] = [](Office& the, Call&) -> Answer {
    return json_response(200, the.contract.document());
  };
  add_sign_in_routes(handlers);
  add_oidc_routes(handlers);
  add_second_factor_routes(handlers);
  add_login_routes(handlers);
  add_token_routes(handlers);
  add_user_routes(handlers);
  add_site_routes(handlers);
  add_people_routes(handlers);
  add_overview_routes(handlers);
  add_consent_template_routes(handlers);
  add_session_routes(handlers);
  add_video_routes(handlers);
  add_note_routes(handlers);
  add_survey_routes(handlers);
  add_survey_definition_routes(handlers);
  add_group_routes(handlers);
  add_capture_routes(handlers);
  add_dataset_routes(handlers);
  add_map_routes(handlers);
  add_picture_routes(handlers);
  add_dataset_version_routes(handlers);
  add_trend_routes(handlers);
  add_search_routes(handlers);
  add_retention_routes(handlers);
  add_upkeep_routes(handlers);
  add_upload_routes(handlers);
  add_job_routes(handlers);
  add_camera_routes(handlers);
  add_model_routes(handlers);
  add_demo_routes(handlers);
  std::set<std::string> known;
  for (const Operation& operation : office.contract.operations()) {
    known.insert(operation.id);
    if (!operation.socket && !handlers.contains(operation.id))
      return failed("the contract's operation " + operation.id + " has no handler");
    if (!operation.action.empty() && !security::action_named(operation.action))
      return failed("the contract's operation " + operation.id + " has an unknown action " +
                    operation.action);
  }
  for (const auto& [id, handler] : handlers) {
    if (!known.contains(id)) return failed("the handler " + id + " has no operation in the contract");
  }
  return desk;
}

App::BodyRule Desk::body_rule(const Request& head) {
  const auto match = office_.contract.match(head.method, head.path);
  if (!match) return {4096, false};  // read and thrown away, so that the refusal is heard
  return {match->operation->most_bytes, match->operation->upload};
}

std::optional<Response> Desk::refuse_upload(const Request& head) {
  const auto match = office_.contract.match(head.method, head.path);
  if (!match) return std::nullopt;
  const Granted<Call> call = let_in(*match, head);
  if (call) return std::nullopt;
  return finished(tl::make_unexpected(call.error()), head);
}

Status Desk::identify(Call& call, std::optional<Problem>& refused) {
  const std::string_view authorization = call.request.header("authorization");
  const std::string_view cookie = cookie_of(call.request, kLoginCookie);
  bool seen_long_ago = false;
  Status read = office_.database.read([&](store::Connection& in) -> Status {
    refused.reset();
    Result<archive::SiteRecord> site = archive::site_of(in);
    if (!site) return tl::make_unexpected(site.error());
    call.site = std::move(*site);
    const auto take = [&](const archive::AccountRecord& account) {
      call.actor.user = account.id;
      call.actor.role = account.role;
      call.actor.person = account.person;
      call.account_name = account.name;
    };
    if (!authorization.empty()) {
      constexpr std::string_view kBearer = "Bearer ";
      if (!authorization.starts_with(kBearer)) return {};
      const auto digest = security::token_digest(authorization.substr(kBearer.size()));
      if (!digest) return {};
      const std::string hash = archive::hex_of(*digest);
      const auto token = archive::token_of(in, hash, call.now);
      if (!token) return tl::make_unexpected(token.error());
      if (!*token) return {};
      take((*token)->account);
      call.actor.token = true;
      call.token_hash = hash;
      call.actor.scopes = (*token)->scopes;
      return {};
    }
    const auto digest = security::session_digest(cookie);
    if (!digest) return {};
    const std::string hash = archive::hex_of(*digest);
    const auto login = archive::login_of(in, hash, call.now);
    if (!login) return tl::make_unexpected(login.error());
    if (!*login) return {};
    take((*login)->account);
    call.login_hash = hash;
    seen_long_ago = (*login)->seen + kSeenEvery < call.now;
    if (changes_something(call.request) &&
        !security::csrf_holds(office_.secrets.csrf, cookie, call.request.header("x-csrf-token")))
      refused = Problem{403, "forged-request",
                        "X-CSRF-Token is missing or not this login's; GET /api/v1/me tells it."};
    // One-time passwords are good for one thing.
    if ((*login)->account.must_change_password && call.operation.id != "getMe" &&
        call.operation.id != "changePassword" && call.operation.id != "logout")
      refused =
          Problem{403, "password-must-change", "Set a password of your own first: POST /api/v1/me/password."};
    return {};
  });
  if (!read || !seen_long_ago) return read;
  return office_.database.write(
      [&](store::Connection& in) { return archive::keep_seen(in, call.login_hash, call.now); });
}

Granted<Call> Desk::let_in(const Contract::Match& match, const Request& request) {
  const Operation& operation = *match.operation;
  Call call{operation, request, {}, {}, {}, {}, {}, {}, {}, {}, {}, office_.now()};
  if (const int wait_s = office_.throttle.wait_s(request.address); wait_s > 0) return too_often(wait_s);
  std::optional<Problem> refused;
  if (const Status known = identify(call, refused); !known)
    return tl::make_unexpected(problem_of(known.error()));
  if (!operation.action.empty()) {
    if (call.actor.user.empty()) return not_signed_in();
    if (refused) return tl::make_unexpected(*refused);
  }
  Granted<Json> parameters = office_.contract.parameters(match, request);
  if (!parameters) return tl::make_unexpected(parameters.error());
  call.parameters = std::move(*parameters);
  Granted<Json> body = office_.contract.body(operation, request);
  if (!body) return tl::make_unexpected(body.error());
  call.body = std::move(*body);
  if (operation.action.empty()) return call;

  const auto known_action = security::action_named(operation.action);
  if (!known_action)
    return problem(500, "failed", "Something here failed; the log has it under this request.");
  const security::Action action = *known_action;

  // Whose data it is.
  const SubjectRule& rule = operation.subject;
  std::string person;
  const Status found = office_.database.read([&](store::Connection& in) -> Status {
    call.subject.reset();
    if (rule.kind == SubjectRule::Kind::listed) {
      person = call.text("person");
      // Whoever may read it as nobody's, as the administrator the audit log, names a person to see less of
      // it.
      if (person.empty() ||
          security::decide(call.actor, action, nullptr, call.site.rules, call.now).allowed())
        return {};
    } else if (rule.kind == SubjectRule::Kind::row) {
      const std::string id = rule.from_body ? call.body.value(rule.name, "") : call.text(rule.name.c_str());
      if (archive::owner_of(rule.table) == archive::Owner::group) {
        // A group is nobody's record: whoever leads it stands in a relation to it, whoever runs the site in
        // none.
        if (call.actor.role != security::Role::organisation_lead) return {};
        const Result<bool> leads = archive::leads(in, call.actor.user, rule.table, id);
        if (!leads) return tl::make_unexpected(leads.error());
        call.subject = archive::KnownSubject{
            "", *leads ? security::Relation::leads : security::Relation::none, {}, false};
        return {};
      }
      person = id;
      if (rule.table != "person") {
        const auto rows = in.query("SELECT person FROM " + rule.table + " WHERE id = $1", id);
        if (!rows) return tl::make_unexpected(rows.error());
        const std::string* of = rows->empty() ? nullptr : std::get_if<std::string>(&rows->front()[0]);
        person = of == nullptr ? "" : *of;
        if (rule.maybe_nobody && !rows->empty() && of == nullptr) return {};
      } else if (rule.maybe_nobody && id.empty()) {
        // Who takes part means themselves.
        if (call.actor.role != security::Role::participant || !call.actor.person) return {};
        person = *call.actor.person;
      }
    } else {
      return {};
    }
    Result<archive::KnownSubject> subject = archive::subject_of(in, call.actor, person);
    if (!subject) return tl::make_unexpected(subject.error());
    call.subject = std::move(*subject);
    return {};
  });
  if (!found) return tl::make_unexpected(problem_of(found.error()));

  if (rule.kind == SubjectRule::Kind::listed && !call.subject) {
    // Each row is decided upon when it is listed.
    if (!security::may_ever(call.actor, action, call.site.rules)) {
      call.decision = security::decide(call.actor, action, nullptr, call.site.rules, call.now);
      if (!call.decision.allowed()) {
        (void)office_.audit.record(audit_entry(call, "role"));
        return serve::refusal(call.decision);
      }
    }
    return call;
  }
  const security::Subject about = call.subject ? call.subject->subject() : security::Subject{};
  call.decision =
      security::decide(call.actor, action, call.subject ? &about : nullptr, call.site.rules, call.now);
  if (!call.decision.allowed()) {
    constexpr std::array<std::string_view, 7> kReasons{"allowed",  "role",     "mode",   "token",
                                                       "relation", "approval", "consent"};
    (void)office_.audit.record(audit_entry(call, kReasons[static_cast<std::size_t>(call.decision.reason)]));
    return serve::refusal(call.decision);
  }
  return call;
}

Response Desk::finished(Answer answer, const Request& request) const {
  Response out = answer ? std::move(*answer) : response_of(answer.error(), request.id);
  if (!answer && answer.error().more.contains("allow"))
    out.headers.emplace_back("allow", answer.error().more["allow"].get<std::string>());
  out.headers.emplace_back("x-request-id", request.id);
  out.headers.emplace_back("x-content-type-options", "nosniff");
  const auto is_policy = [](const auto& header) { return header.first == "content-security-policy"; };
  if (std::none_of(out.headers.begin(), out.headers.end(), is_policy))
    out.headers.emplace_back("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  out.headers.emplace_back("referrer-policy", "no-referrer");
  out.headers.emplace_back("strict-transport-security", "max-age=31536000");
  return out;
}

Response Desk::health(const Request& request) {
  if (request.path == "/healthz") return json_response(200, {{"status", "alive"}});
  const Status reached = office_.database.read([](store::Connection& in) -> Status {
    const auto rows = in.query("SELECT id FROM site WHERE id = 1");
    if (!rows) return tl::make_unexpected(rows.error());
    return {};
  });
  if (!reached) return json_response(503, {{"status", "the database cannot be reached"}});
  return json_response(200, {{"status", "ready"}});
}

Response Desk::answer(const Request& request) {
  const auto began = std::chrono::steady_clock::now();
  Response out;
  std::string_view operation = "-";
  const auto match = office_.contract.match(request.method, request.path);
  if (request.method == "GET" && (request.path == "/healthz" || request.path == "/readyz")) {
    out = finished(health(request), request);
  } else if (auto page = match ? std::optional<Response>{} : office_.pages.get(request); page) {
    // Behind the contract, which has an address outside of /api as well: /metrics.
    operation = "page";
    out = finished(std::move(*page), request);
  } else if (!match) {
    out = finished(tl::make_unexpected(match.error()), request);
  } else {
    operation = match->operation->id;
    Granted<Call> call = let_in(*match, request);
    if (!call) {
      out = finished(tl::make_unexpected(call.error()), request);
    } else if (match->operation->socket) {
      Problem plain{400, "websocket-needed", "This is a WebSocket: ask with Upgrade: websocket."};
      out = finished(tl::make_unexpected(plain), request);
    } else {
      try {
        out = finished(handlers_.at(match->operation->id)(office_, *call), request);
      } catch (const std::exception& error) {
        spdlog::error("request {}: {}", request.id, error.what());
        out = finished(problem(500, "failed", "Something here failed; the log has it under this request."),
                       request);
      }
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  // No path, no address, no names: an operation, how it ended, how long it took.
  spdlog::info("request {} {} {} {:.1f} ms", request.id, operation, out.status, 1000 * took.count());
  office_.metrics.answered(operation, out.status, took.count());
  return out;
}

std::variant<Response, std::shared_ptr<Talk>> Desk::upgrade(const Request& request) {
  const auto match = office_.contract.match(request.method, request.path);
  if (!match) return finished(tl::make_unexpected(match.error()), request);
  if (!match->operation->socket)
    return finished(problem(400, "no-websocket-here", "This is no WebSocket: ask without Upgrade."), request);
  // A page of another site may open a WebSocket with our cookie; browsers say where it came from.
  const std::string_view origin = request.header("origin");
  if (!origin.empty() && origin != "https://" + std::string{request.header("host")})
    return finished(problem(403, "forged-request", "This page is of another site."), request);
  Granted<Call> call = let_in(*match, request);
  if (!call) return finished(tl::make_unexpected(call.error()), request);
  try {
    Granted<std::shared_ptr<Talk>> talk = open_talk(office_, *call);
    if (talk) return std::move(*talk);
    return finished(tl::make_unexpected(talk.error()), request);
  } catch (const std::exception& error) {
    spdlog::error("request {}: {}", request.id, error.what());
    return finished(problem(500, "failed", "Something here failed; the log has it under this request."),
                    request);
  }
}

Response Desk::refusal(int status, std::string_view detail, const std::string& request_id) {
  Request none;
  none.id = request_id;
  const std::string slug = status == 413   ? "too-large"
                           : status == 408 ? "too-slow"
                           : status == 503 ? "busy"
                           : status == 507 ? "out-of-space"
                           : status == 431 ? "headers-too-large"
                                           : "bad-request";
  std::string sentence{detail};
  if (!sentence.empty())
    sentence.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
  return finished(problem(status, slug, sentence + "."), none);
}

}  // namespace pyro::serve

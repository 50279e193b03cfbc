// Cameras that this machine reads: the administrator registers them, within what the settings allow; a
// clinician has one feed a session of a person who chose them.
#include "../office.hpp"
#include "pyro/archive/ids.hpp"
#include "pyro/security/seal.hpp"

namespace pyro::serve {
namespace {

security::SealKey sealing(const Office& office) {
  return {1, security::derived_key(std::span<const std::uint8_t, 32>{office.secrets.seal}, "cameras")};
}
std::string sealed_for(const std::string& id) {
  return "camera.credentials:" + id;
}

tl::unexpected<Problem> not_allowed(const Error& error) {
  if (error.code == ErrorCode::wrong_use) return problem(403, "camera-not-allowed", error.message);
  return problem(422, "not-as-contract", error.message);
}

Answer list_cameras(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    archive::Query query;
    query.after = call.text("after");
    query.limit = static_cast<std::size_t>(call.whole("limit", 50));
    auto page = archive::list(in, archive::kCamera, query);
    if (!page) return trouble(page);
    if (call.actor.role != security::Role::administrator) {
      // Who uses one needs no map of the network.
      for (Json& row : page->rows) {
        for (const char* field : {"url", "has_password", "made_by"}) row.erase(field);
      }
    }
    return json_response(200, page_json(*page));
  });
}

Answer make_camera(Office& office, Call& call) {
  Result<CameraPlace> place = read_camera(call.body.at("url").get<std::string>());
  if (!place) return not_allowed(place.error());
  if (call.body.contains("user")) {
    place->user = call.body["user"].get<std::string>();
    place->password = call.body.value("password", "");
  }
  if (const Status allowed = office.cameras.allow(*place); !allowed) return not_allowed(allowed.error());
  return write(office, call, [&](store::Connection& in) -> Answer {
    const std::string id = archive::new_id(call.now);
    std::vector<std::pair<std::string_view, store::Blob>> sealed;
    if (!place->user.empty()) {
      const security::Sealed bytes = security::seal(
          Json{{"user", place->user}, {"password", place->password}}.dump(), sealed_for(id), sealing(office));
      sealed.emplace_back("credentials", store::Blob{{bytes.begin(), bytes.end()}});
    }
    const Result<Json> row = archive::insert(in, archive::kCamera,
                                             {{"id", id},
                                              {"name", call.body.at("name")},
                                              {"url", place->shown()},
                                              {"has_password", !place->user.empty()},
                                              {"made_by", call.actor.user}},
                                             call.now, sealed);
    if (!row) return trouble(row);
    return row_response(201, *row);
  });
}

// Sessions that it feeds are ended by the hub, which asks whether they may go on.
Answer remove_camera(Office& office, Call& call) {
  return remove_row(office, call, archive::kCamera, "camera");
}

// With user and password, out of their seal.
Result<CameraPlace> place_of(const Office& office, store::Connection& in, const Json& camera) {
  Result<CameraPlace> place = read_camera(camera.at("url").get<std::string>());
  if (!place || !camera.at("has_password").get<bool>()) return place;
  const std::string id = camera.at("id");
  const auto sealed = archive::bytes_of(in, archive::kCamera, id, "credentials");
  if (!sealed) return tl::make_unexpected(sealed.error());
  if (!*sealed) return failed("the camera's password is gone");
  const std::string& bytes = (*sealed)->bytes;
  const security::SealKey key = sealing(office);
  const auto plain =
      security::open_sealed({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                            sealed_for(id), std::span{&key, 1});
  if (!plain) return tl::make_unexpected(plain.error());
  const Json both = Json::parse(plain->text(), nullptr, false);
  place->user = both.value("user", "");
  place->password = both.value("password", "");
  return place;
}

Answer start_camera(Office& office, Call& call) {
  if (office.hub == nullptr) return problem(503, "no-live-analysis", "This server analyses no live streams.");
  const std::string id = call.text("session"), camera = call.body.at("camera");
  if (office.hub->find(id))
    return problem(409, "runs-already", "This session runs already; end what feeds it first.");
  archive::LastKept last;
  Json session;
  CameraPlace place;
  Answer noted = write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = archive::find(in, archive::kCamera, camera);
    if (!row) return trouble(row);
    if (!*row)
      return problem(422, "no-such-camera", "There is no such camera; GET /api/v1/cameras lists them.");
    const auto found = place_of(office, in, **row);
    if (!found) return trouble(found);
    place = *found;
    const auto changed =
        archive::update(in, archive::kSession, id, std::nullopt, {{"camera", camera}}, call.now);
    if (!changed) return trouble(changed);
    if (!*changed) return no_such();
    session = **changed;
    if (session.at("state") != "open")
      return problem(409, "ended", "This session has ended; begin another one.");
    const auto kept = archive::last_kept(in, id);
    if (!kept) return trouble(kept);
    last = *kept;
    return nothing();
  });
  if (!noted) return noted;
  // The settings may have changed since it was registered.
  auto open = opener_of(office.cameras, place, "camera " + camera);
  if (!open) return not_allowed(open.error());
  const auto running = start_running(office, call, session, last, camera, std::move(*open));
  if (!running) return tl::make_unexpected(running.error());
  return json_response(202, {{"camera", camera}, {"state", live::camera_state_name((*running)->camera())}});
}

// Null where no camera feeds it.
std::shared_ptr<live::Session> fed(const Office& office, const Call& call) {
  auto running = office.hub == nullptr ? nullptr : office.hub->find(call.text("session"));
  if (running && running->camera() == live::CameraState::none) running.reset();
  return running;
}
tl::unexpected<Problem> not_fed() {
  return problem(409, "not-running", "No camera feeds this session now.");
}

Answer get_camera_state(Office& office, Call& call) {
  return read(office, call, [&](store::Connection&) -> Answer {
    const auto running = fed(office, call);
    if (!running) return not_fed();
    return json_response(
        200, {{"camera", running->settings().camera}, {"state", live::camera_state_name(running->camera())}});
  });
}

Answer stop_camera(Office& office, Call& call) {
  const auto running = fed(office, call);
  if (!running) return not_fed();
  running->end("camera-ended");
  return write(office, call, [](store::Connection&) -> Answer { return nothing(); });
}

}  // namespace

void add_camera_routes(Handlers& handlers) {
  handlers["listCameras"] = list_cameras;
  handlers["makeCamera"] = make_camera;
  handlers["removeCamera"] = remove_camera;
  handlers["startCamera"] = start_camera;
  handlers["getCameraState"] = get_camera_state;
  handlers["stopCamera"] = stop_camera;
}

}  // namespace pyro::serve

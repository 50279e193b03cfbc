// Pictures that are looked at and forgotten: where their faces lie on the map of the expression model's
// embedding, and how well a camera's can be read.
#include "../office.hpp"
#include "pyro/base/files.hpp"
#include "pyro/serve/site_pictures.hpp"

namespace pyro::serve {
namespace {

tl::unexpected<Problem> no_map() {
  return problem(404, "no-map", "There is no map of the model that this server uses.");
}

Answer get_map(Office& office, Call&) {
  if (office.stills == nullptr) return no_map();
  Result<std::optional<Json>> map = office.stills->map();
  if (!map) return trouble(map);
  if (!*map) return no_map();
  return json_response(200, **map);
}

// Looked at and forgotten.
Answer looked_at(Office& office, const Call& call, Result<Json> (Stills::*look)(const std::string&)) {
  if (office.stills == nullptr) return problem(503, "no-models", "This server runs without models.");
  const Result<std::string> image = read_whole(call.request.body_file, kMostPictureBytes);
  if (!image || image->empty())
    return problem(400, "body-missing", "Send the picture itself as the body, JPEG or PNG.");
  if (image_type(*image).empty())
    return problem(415, "not-a-picture", "The body must be a JPEG or PNG picture.");
  Result<Json> said = (office.stills->*look)(*image);
  if (!said && said.error().code == ErrorCode::bad_input)
    return problem(422, "picture-unreadable", "This picture cannot be read, or is too large.");
  if (!said) return trouble(said);
  return json_response(200, *said);
}

}  // namespace

void add_map_routes(Handlers& handlers) {
  handlers["getMap"] = get_map;
  handlers["placePicture"] = [](Office& office, Call& call) {
    return looked_at(office, call, &Stills::predict);
  };
  handlers["checkCamera"] = [](Office& office, Call& call) { return looked_at(office, call, &Stills::look); };
}

}  // namespace pyro::serve

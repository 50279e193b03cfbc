// The map of the expression model's embedding, and where a picture's faces lie on it.
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

// The picture is looked at and forgotten.
Answer place_picture(Office& office, Call& call) {
  if (office.stills == nullptr) return no_map();
  const Result<std::string> image = read_whole(call.request.body_file, kMostPictureBytes);
  if (!image || image->empty())
    return problem(400, "body-missing", "Send the picture itself as the body, JPEG or PNG.");
  if (image_type(*image).empty())
    return problem(415, "not-a-picture", "The body must be a JPEG or PNG picture.");
  Result<Json> said = office.stills->predict(*image);
  if (!said && said.error().code == ErrorCode::bad_input)
    return problem(422, "picture-unreadable", "This picture cannot be read, or is too large.");
  if (!said) return trouble(said);
  return json_response(200, *said);
}

}  // namespace

void add_map_routes(Handlers& handlers) {
  handlers["getMap"] = get_map;
  handlers["placePicture"] = place_picture;
}

}  // namespace pyro::serve

// Single pictures of a person that are kept: what the model said of them, what people say, and the data set
// that they join.
#include "../office.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/serve/site_pictures.hpp"

namespace pyro::serve {
namespace {

Answer list_captures(Office& office, Call& call) {
  std::vector<std::pair<std::string_view, store::Value>> equal;
  for (const char* field : {"session", "dataset", "label"}) {
    if (const std::string wanted = call.text(field); !wanted.empty())
      equal.emplace_back(field, store::Value{wanted});
  }
  return list_rows(office, call, archive::kCapture, std::move(equal), true);
}

Answer get_capture(Office& office, Call& call) {
  return get_row(office, call, archive::kCapture, "capture");
}

Answer make_capture(Office& office, Call& call) {
  const Result<std::string> image = read_whole(call.request.body_file, kMostPictureBytes);
  if (!image || image->empty())
    return problem(400, "body-missing", "Send the picture itself as the body, JPEG or PNG.");
  if (image_type(*image).empty())
    return problem(415, "not-a-picture", "The body must be a JPEG or PNG picture.");
  Json prediction = nullptr;
  if (office.stills != nullptr) {
    Result<Json> said = office.stills->predict(*image);
    if (!said && said.error().code == ErrorCode::bad_input)
      return problem(422, "picture-unreadable", "This picture cannot be read, or is too large.");
    if (!said) return trouble(said);
    prediction = std::move(*said);
  }
  Json fields{{"person", call.person()}, {"prediction", prediction}, {"at", utc_text(call.now)}};
  for (const char* field : {"at", "keyword", "session"}) {
    if (const std::string given = call.text(field); !given.empty()) fields[field] = given;
  }
  return write(office, call, [&](store::Connection& in) -> Answer {
    if (fields.contains("session")) {
      const auto session = archive::find(in, archive::kSession, fields["session"].get<std::string>());
      if (!session) return trouble(session);
      if (!*session || (**session)["person"] != fields["person"])
        return problem(422, "session-of-another", "This person has no such session.");
    }
    const Result<Json> row =
        archive::insert(in, archive::kCapture, fields, call.now, {{"image", store::Blob{*image}}});
    if (!row) return trouble(row);
    return row_response(201, *row);
  });
}

// What a picture is called: by whoever labelled it, else by the model.
std::string label_of(const Json& capture) {
  if (capture["label"].is_string()) return capture["label"];
  const Json& prediction = capture["prediction"];
  if (!prediction.is_object()) return "";
  for (const Json& face : prediction.value("faces", Json::array())) {
    if (face.contains("label") && face["label"].is_string()) return face["label"];
  }
  return "";
}

// The row of the data set follows the picture: made when it joins one, labelled as it is, gone when it
// leaves.
Status follow_capture(store::Connection& in, const Json& capture, UtcTime now) {
  const std::string id = capture["id"];
  const auto gone = in.change("DELETE FROM dataset_item WHERE capture = $1", id);
  if (!gone) return tl::make_unexpected(gone.error());
  if (!capture["dataset"].is_string()) return {};
  const std::string label = label_of(capture);
  if (label.empty()) return bad_input("a picture without a label joins no data set: say what it shows");
  const auto image = archive::bytes_of(in, archive::kCapture, id, "image");
  if (!image) return tl::make_unexpected(image.error());
  const auto row = archive::insert(
      in, archive::kDatasetItem,
      {{"dataset", capture["dataset"]},
       {"person", capture["person"]},
       {"capture", id},
       {"label", label},
       {"sha256", *image ? Json(sha256_hex(std::string_view{(*image)->bytes})) : Json(nullptr)}},
      now);
  if (!row) return tl::make_unexpected(row.error());
  return {};
}

Answer change_capture(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto row = archive::update(in, archive::kCapture, call.text("capture"), wanted_version(call),
                                     call.body, call.now);
    if (!row) return trouble(row);
    if (!*row) {
      const auto there = archive::find(in, archive::kCapture, call.text("capture"));
      if (!there) return trouble(there);
      if (!*there) return no_such();
      return problem(412, "changed-meanwhile", "It has been changed since; read it again.");
    }
    if (const Status followed = follow_capture(in, **row, call.now); !followed)
      return tl::make_unexpected(problem_of(followed.error()));
    return row_response(200, **row);
  });
}

Answer remove_capture(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto items = in.change("DELETE FROM dataset_item WHERE capture = $1", call.text("capture"));
    if (!items) return trouble(items);
    const Result<bool> gone = archive::remove(in, archive::kCapture, call.text("capture"));
    if (!gone) return trouble(gone);
    return *gone ? Answer{nothing()} : Answer{no_such()};
  });
}

Answer get_image(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    auto image = archive::bytes_of(in, archive::kCapture, call.text("capture"), "image");
    if (!image) return trouble(image);
    if (!*image) return no_such();
    Response out;
    out.headers = {{"content-type", image_type((*image)->bytes)}, {"cache-control", "no-store"}};
    out.body = std::move((*image)->bytes);
    return out;
  });
}

}  // namespace

void add_capture_routes(Handlers& handlers) {
  handlers["listCaptures"] = list_captures;
  handlers["makeCapture"] = make_capture;
  handlers["getCapture"] = get_capture;
  handlers["changeCapture"] = change_capture;
  handlers["removeCapture"] = remove_capture;
  handlers["getCaptureImage"] = get_image;
}

}  // namespace pyro::serve

// Pictures of a data set that show nobody the site keeps a record of: sent, looked at, labelled many at a
// time, taken out; and which of them are the same, or stand in two classes.
#include <map>
#include <set>

#include "../office.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/hex.hpp"
#include "pyro/datasets/twins.hpp"
#include "pyro/serve/site_pictures.hpp"

namespace pyro::serve {
namespace {

constexpr std::size_t kMostGroups = 500;  // of twins that are told of

Granted<Json> dataset_named(store::Connection& in, const Call& call) {
  auto dataset = archive::find(in, archive::kDataset, call.text("dataset"));
  if (!dataset) return trouble(dataset);
  if (!*dataset) return no_such();
  return std::move(**dataset);
}

// The picture of the path, where it is in the data set of the path.
Granted<Json> picture_named(store::Connection& in, const Call& call) {
  auto row = archive::find(in, archive::kDatasetPicture, call.text("picture"));
  if (!row) return trouble(row);
  if (!*row || (**row)["dataset"] != call.text("dataset")) return no_such();
  return std::move(**row);
}

Answer list_pictures(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> dataset = dataset_named(in, call);
    if (!dataset) return tl::make_unexpected(dataset.error());
    archive::Query query;
    query.equal.emplace_back("dataset", store::Value{call.text("dataset")});
    if (const std::string label = call.text("label"); !label.empty())
      query.equal.emplace_back("label", store::Value{label});
    const auto labelled = call.parameters.find("labelled");
    if (labelled != call.parameters.end())
      query.within = labelled->get<bool>() ? "label IS NOT NULL" : "label IS NULL";
    query.after = call.text("after");
    query.limit = static_cast<std::size_t>(call.whole("limit", 50));
    const auto page = archive::list(in, archive::kDatasetPicture, query);
    if (!page) return trouble(page);
    return json_response(200, page_json(*page));
  });
}

Answer get_picture(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> row = picture_named(in, call);
    return row ? Answer{row_response(200, *row)} : Answer{tl::make_unexpected(row.error())};
  });
}

Answer send_picture(Office& office, Call& call) {
  Result<std::string> bytes = read_whole(call.request.body_file, kMostPictureBytes);
  if (!bytes || bytes->empty())
    return problem(400, "body-missing", "Send the picture itself as the body, JPEG or PNG.");
  if (image_type(*bytes).empty())
    return problem(415, "not-a-picture", "The body must be a JPEG or PNG picture.");
  const std::string label = call.text("label"), name = call.text("name");
  const Result<SitePicture> picture =
      site_picture(name.empty() ? "picture" : name, label.empty() ? std::nullopt : std::optional{label},
                   std::move(*bytes));
  if (!picture) return problem(422, "picture-unreadable", "This picture cannot be read, or is too large.");
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> dataset = dataset_named(in, call);
    if (!dataset) return tl::make_unexpected(dataset.error());
    const auto row = keep_picture(in, call.text("dataset"), *picture, call.now);
    if (!row && row.error().code == ErrorCode::wrong_use)
      return problem(409, "full", "A data set takes 100,000 pictures; begin another one.");
    if (!row) return trouble(row);
    if (!*row)
      return problem(409, "there-already", "The data set has the same picture under the same label already.");
    return row_response(201, **row);
  });
}

Answer get_bytes(Office& office, const Call& call, const char* field) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> row = picture_named(in, call);
    if (!row) return tl::make_unexpected(row.error());
    auto bytes = archive::bytes_of(in, archive::kDatasetPicture, call.text("picture"), field);
    if (!bytes) return trouble(bytes);
    if (!*bytes) return no_such();
    Response out;
    out.headers = {{"content-type", image_type((*bytes)->bytes)}, {"cache-control", "private, max-age=3600"}};
    out.body = std::move((*bytes)->bytes);
    return out;
  });
}

// Each of the body's ids, once; all of them are in the data set, or nothing is done.
Granted<std::set<std::string>> all_of_body(store::Connection& in, const Call& call) {
  std::set<std::string> ids;
  for (const Json& id : call.body.at("ids")) ids.insert(id.get<std::string>());
  for (const std::string& id : ids) {
    const auto rows =
        in.query("SELECT id FROM dataset_picture WHERE id = $1 AND dataset = $2", id, call.text("dataset"));
    if (!rows) return trouble(rows);
    if (rows->empty()) {
      Problem missing{422, "no-such-picture",
                      "The data set has not all of these pictures; nothing was changed."};
      missing.more["id"] = id;
      return tl::make_unexpected(missing);
    }
  }
  return ids;
}

Answer label_pictures(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto ids = all_of_body(in, call);
    if (!ids) return tl::make_unexpected(ids.error());
    for (const std::string& id : *ids) {
      const auto row = archive::update(in, archive::kDatasetPicture, id, std::nullopt,
                                       {{"label", call.body.at("label")}}, call.now);
      if (!row) return trouble(row);
    }
    return json_response(200, {{"changed", ids->size()}});
  });
}

Answer remove_pictures(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto ids = all_of_body(in, call);
    if (!ids) return tl::make_unexpected(ids.error());
    for (const std::string& id : *ids) {
      const auto frozen = in.query(
          "SELECT v.name FROM dataset_version_picture p JOIN dataset_version v ON v.id = p.version_id WHERE "
          "p.picture = $1",
          id);
      if (!frozen) return trouble(frozen);
      if (!frozen->empty()) {
        Problem kept{409, "frozen", "A version holds one of these pictures; remove that version first."};
        kept.more["id"] = id;
        kept.more["version"] = std::get<std::string>(frozen->front()[0]);
        return tl::make_unexpected(kept);
      }
      const Result<bool> gone = archive::remove(in, archive::kDatasetPicture, id);
      if (!gone) return trouble(gone);
    }
    return json_response(200, {{"removed", ids->size()}});
  });
}

std::uint64_t number_of(std::string_view hex) {
  std::uint64_t out = 0;
  for (const char digit : hex) out = out << 4U | static_cast<std::uint64_t>(hex_value(digit));
  return out;
}

// The pictures of one group of twins, and whether they stand in more than one class.
Json group_json(const std::vector<Json>& pictures, const datasets::Members& members) {
  Json out{{"pictures", Json::array()}};
  std::set<std::string> labels;
  for (const std::size_t member : members) {
    const Json& picture = pictures[member];
    if (picture["label"].is_string()) labels.insert(picture["label"].get<std::string>());
    out["pictures"].push_back(picture);
  }
  out["conflict"] = labels.size() > 1;
  return out;
}

Answer find_duplicates(Office& office, Call& call) {
  std::vector<Json> pictures;
  std::vector<datasets::Fingerprint> prints;
  Answer looked = read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> dataset = dataset_named(in, call);
    if (!dataset) return tl::make_unexpected(dataset.error());
    const auto rows = in.query(
        "SELECT id, name, label, pixels, perceptual, sketch FROM dataset_picture WHERE dataset = $1 ORDER BY "
        "id",
        call.text("dataset"));
    if (!rows) return trouble(rows);
    pictures.clear();
    prints.clear();
    for (const store::Row& row : *rows) {
      const std::string* label = std::get_if<std::string>(&row[2]);
      pictures.push_back({{"id", std::get<std::string>(row[0])},
                          {"name", std::get<std::string>(row[1])},
                          {"label", label == nullptr ? Json(nullptr) : Json(*label)}});
      const std::string_view pixels = std::get<std::string>(row[3]);
      datasets::Fingerprint print{{number_of(pixels.substr(0, 16)), number_of(pixels.substr(16))},
                                  number_of(std::get<std::string>(row[4])),
                                  {}};
      const std::string& sketch = std::get<store::Blob>(row[5]).bytes;
      std::copy_n(sketch.begin(), std::min(sketch.size(), print.sketch.size()), print.sketch.begin());
      prints.push_back(print);
    }
    return nothing();
  });
  if (!looked) return looked;
  const datasets::Twins twins = datasets::twins_among(prints);
  Json out{{"pictures", pictures.size()}};
  for (const auto& [name, groups] : {std::pair{"exact", &twins.exact}, std::pair{"near", &twins.near}}) {
    Json told = Json::array();
    std::int64_t conflicts = 0;
    // Those that stand in two classes first.
    for (const bool conflict : {true, false}) {
      for (const datasets::Members& members : *groups) {
        Json group = group_json(pictures, members);
        if (group["conflict"] != conflict) continue;
        conflicts += conflict ? 1 : 0;
        if (told.size() < kMostGroups) told.push_back(std::move(group));
      }
    }
    out[name] = {{"groups", groups->size()}, {"conflicts", conflicts}, {"rows", std::move(told)}};
  }
  return json_response(200, out);
}

}  // namespace

void add_picture_routes(Handlers& handlers) {
  handlers["listPictures"] = list_pictures;
  handlers["sendPicture"] = send_picture;
  handlers["getPicture"] = get_picture;
  handlers["getPictureImage"] = [](Office& office, Call& call) { return get_bytes(office, call, "image"); };
  handlers["getPictureThumbnail"] = [](Office& office, Call& call) {
    return get_bytes(office, call, "thumbnail");
  };
  handlers["labelPictures"] = label_pictures;
  handlers["removePictures"] = remove_pictures;
  handlers["findDuplicates"] = find_duplicates;
}

}  // namespace pyro::serve

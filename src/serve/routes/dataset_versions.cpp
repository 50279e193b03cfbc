// Versions of a data set: its pictures and their labels as they were when the version was made, under a name
// and a digest. Nothing changes them; jobs can name them.
#include <map>

#include "../office.hpp"
#include "pyro/base/sha256.hpp"

namespace pyro::serve {
namespace {

Granted<Json> version_named(store::Connection& in, const Call& call) {
  auto row = archive::find(in, archive::kDatasetVersion, call.text("version"));
  if (!row) return trouble(row);
  if (!*row || (**row)["dataset"] != call.text("dataset")) return no_such();
  return std::move(**row);
}

Answer list_versions(Office& office, Call& call) {
  return list_rows(office, call, archive::kDatasetVersion, {{"dataset", store::Value{call.text("dataset")}}},
                   true);
}

Answer get_version(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> row = version_named(in, call);
    return row ? Answer{row_response(200, *row)} : Answer{tl::make_unexpected(row.error())};
  });
}

Answer make_version(Office& office, Call& call) {
  const std::string dataset = call.text("dataset"), name = call.body.at("name");
  return write(office, call, [&](store::Connection& in) -> Answer {
    const auto there = archive::find(in, archive::kDataset, dataset);
    if (!there) return trouble(there);
    if (!*there) return no_such();
    const auto taken =
        in.query("SELECT id FROM dataset_version WHERE dataset = $1 AND name = $2", dataset, name);
    if (!taken) return trouble(taken);
    if (!taken->empty())
      return problem(409, "name-taken", "This data set has a version of this name; choose another.");
    // In the order of what they show, so that the same pictures and labels have the same digest whoever sent
    // them when.
    const auto pictures = in.query(
        "SELECT id, pixels, label FROM dataset_picture WHERE dataset = $1 ORDER BY pixels, COALESCE(label, "
        "''), id",
        dataset);
    if (!pictures) return trouble(pictures);
    if (pictures->empty())
      return problem(409, "empty",
                     "This data set holds no picture that a version could hold; send some first.");
    std::string content;
    std::map<std::string, std::int64_t> counts;
    for (const store::Row& row : *pictures) {
      const std::string* label = std::get_if<std::string>(&row[2]);
      const std::string word = label == nullptr ? "unlabelled" : *label;
      content += std::get<std::string>(row[1]) + " " + word + "\n";
      ++counts[word];
    }
    const auto row = archive::insert(in, archive::kDatasetVersion,
                                     {{"dataset", dataset},
                                      {"name", name},
                                      {"pictures", pictures->size()},
                                      {"counts", counts},
                                      {"digest", sha256_hex(std::string_view{content})},
                                      {"made_by", call.actor.user}},
                                     call.now);
    if (!row) return trouble(row);
    const auto kept = in.change(
        "INSERT INTO dataset_version_picture (version_id, picture, label) SELECT v.id, p.id, p.label FROM "
        "dataset_version v JOIN dataset_picture p ON p.dataset = v.dataset WHERE v.id = $1",
        (*row)["id"].get<std::string>());
    if (!kept) return trouble(kept);
    return row_response(201, *row);
  });
}

Answer remove_version(Office& office, Call& call) {
  return write(office, call, [&](store::Connection& in) -> Answer {
    const Granted<Json> row = version_named(in, call);
    if (!row) return tl::make_unexpected(row.error());
    const Result<bool> gone = archive::remove(in, archive::kDatasetVersion, call.text("version"));
    if (!gone) return trouble(gone);
    return nothing();
  });
}

}  // namespace

void add_dataset_version_routes(Handlers& handlers) {
  handlers["listDatasetVersions"] = list_versions;
  handlers["makeDatasetVersion"] = make_version;
  handlers["getDatasetVersion"] = get_version;
  handlers["removeDatasetVersion"] = remove_version;
}

}  // namespace pyro::serve

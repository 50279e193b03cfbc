// The kind "map": where the faces of a data set lie on the map of the expression model's embedding.
#include <cmath>

#include "../mapping.hpp"
#include "job_data.hpp"
#include "job_kinds.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/signals/embedding_map.hpp"

namespace pyro::cli {
namespace {

using jobs::Json;

// The pictures, with what they are called; of a site's set those that show nobody it keeps a record of: a
// place on a map outlives a withdrawal.
struct Faces {
  std::vector<datasets::Item> items;
  std::vector<std::string> ids, names;
  std::vector<bool> labelled;
  bool cropped = false;
};

Result<Faces> faces_to_map(const jobs::Task& task, store::Database& database) {
  Faces out;
  out.cropped = options_of(task).value("cropped", false);
  const Json& request = task.lease.request;
  if (!request.contains("dataset") && !request.contains("version")) {
    const Result<JobSet> set = job_set(task, database);
    if (!set) return tl::make_unexpected(set.error());
    Result<datasets::Dataset> read = datasets::read_dataset(set->where);
    if (!read) return tl::make_unexpected(read.error());
    out.items = std::move(read->items);
    out.cropped = out.cropped || out.items.front().face.has_value();
    for (const datasets::Item& item : out.items) {
      out.ids.emplace_back();
      out.names.push_back(item.name.starts_with("set/") ? item.name.substr(4) : item.name);
      out.labelled.push_back(read->labelled);
    }
    return out;
  }
  std::error_code error;
  std::filesystem::create_directory("set", error);
  const auto files = site_files(task, database, "set", false);
  if (!files) return tl::make_unexpected(files.error());
  if (files->empty())
    return bad_input(
        "This data set holds no picture but those of the site's people, which are put on no map.");
  for (const SiteFile& one : *files) {
    datasets::Item item;
    item.name = one.file;
    const auto emotion = datasets::emotion_of(one.label);
    item.label = emotion.value_or(records::Emotion::neutral);
    out.items.push_back(std::move(item));
    out.ids.push_back(one.id);
    out.names.push_back(one.name);
    out.labelled.push_back(emotion.has_value());
  }
  return out;
}

Json class_or_null(int label) {
  return label < 0 ? Json(nullptr) : Json(records::kEmotionNames[static_cast<std::size_t>(label)]);
}

}  // namespace

Result<Json> map_job(const jobs::Task& task, const JobBench& bench, const infer::ModelStore& models) {
  const Result<pipeline::WalkSettings> settings = settings_of(task, bench.settings, models);
  if (!settings) return tl::make_unexpected(settings.error());
  if (!settings->expressions)
    return bad_input("This site shows fatigue and surveys only: no expression is put on a map.");
  const std::string model = models.find(settings->expression_model)->reference();
  if (signals::map_beside(models, settings->expression_model).empty())
    return bad_input("There is no map of " + model + "'s embedding here; fit one with pyrometer-train map.");
  const auto faces = faces_to_map(task, bench.database);
  if (!faces) return tl::make_unexpected(faces.error());
  const Result<Outcome> outcome =
      place_all(models, *settings, signals::kExpressionMap, faces->cropped, faces->items,
                {[&](double done) { task.progress(0.95 * done); }, task.stop});
  if (!outcome) return tl::make_unexpected(outcome.error());
  if (task.stop.stop_requested()) return failed("stopped");
  if (outcome->faces.empty()) return bad_input("No picture of it holds a usable face.");
  std::vector<records::MapPoint> places;
  Json points = Json::array();
  std::int64_t agreeing = 0, labelled = 0;
  for (const Placed& face : outcome->faces) {
    places.push_back(face.at);
    const bool known = faces->labelled[face.index];
    const int label = known ? static_cast<int>(face.item->label) : -1;
    labelled += known ? 1 : 0;
    agreeing +=
        known && datasets::label_at(face.at, outcome->fitted, datasets::kMapNeighbours) == label ? 1 : 0;
    const std::string& id = faces->ids[face.index];
    points.push_back({{"x", face.at.x},
                      {"y", face.at.y},
                      {"item", id.empty() ? Json(nullptr) : Json(id)},
                      {"name", faces->names[face.index]},
                      {"label", class_or_null(label)},
                      {"predicted", class_or_null(face.said)}});
  }
  Json centres = Json::object();
  for (const records::PlacedFace& centre : datasets::centres_of(outcome->fitted))
    centres[std::string{records::kEmotionNames[static_cast<std::size_t>(centre.label)]}] = {centre.at.x,
                                                                                            centre.at.y};
  const datasets::Neighbourhoods kept =
      datasets::neighbourhoods(outcome->embeddings, places, datasets::kMapNeighbours);
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); };
  const Json figures{
      {"n", points.size()},
      {"missed", outcome->missed},
      {"model", model},
      {"map", models.find(signals::kExpressionMap)->reference()},
      {"trustworthiness", number(kept.trustworthiness)},
      {"continuity", number(kept.continuity)},
      {"neighbours_agree",
       labelled == 0 ? Json(nullptr) : Json(static_cast<double>(agreeing) / static_cast<double>(labelled))},
      {"centres", centres},
      {"points", points},
      {"notice", kNotice}};
  if (Status written = write_json(task, "map.json", figures); !written)
    return tl::make_unexpected(written.error());
  return Json{{"n", points.size()},
              {"model", model},
              {"pictures_without_a_face", faces->items.size() - points.size()},
              {"notice", kNotice}};
}

}  // namespace pyro::cli

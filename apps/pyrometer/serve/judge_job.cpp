// The kinds "evaluate" and "audit": a model over labelled pictures.
#include <nlohmann/json.hpp>

#include "../judging.hpp"
#include "../report_pages.hpp"
#include "job_data.hpp"
#include "job_kinds.hpp"
#include "pyro/base/notice.hpp"
#include "pyro/datasets/audit.hpp"
#include "pyro/datasets/grouped_set.hpp"

namespace pyro::cli {
namespace {

using datasets::Prediction;
using jobs::Json;

// Pictures of the site's people do not go into results, which outlive a withdrawal.
constexpr int kMostPictures = 18;

Result<std::vector<Prediction>> predictions_by(const infer::ModelStore& models,
                                               const pipeline::WalkSettings& settings, bool cropped,
                                               const std::vector<datasets::Item>& items, const Pace& pace) {
  Result<pipeline::StillReader> reader = pipeline::StillReader::create(models, settings, cropped);
  if (!reader) return tl::make_unexpected(reader.error());
  Result<std::vector<Prediction>> out = predictions_of(*reader, items, pace);
  if (out && out->size() != items.size()) return failed("stopped");
  return out;
}

std::string set_name(const jobs::Task& task) {
  const Json& request = task.lease.request;
  if (request.contains("version"))
    return "version " + request["version"].get<std::string>() + " of a data set";
  return request.contains("dataset") ? "data set " + request["dataset"].get<std::string>()
                                     : "uploaded data set";
}

// What was said of each picture, for a page whose cells open. Not of the site's people: results outlive a
// withdrawal.
Json items_json(const JobSet& set, const std::vector<datasets::Item>& items,
                const std::vector<Prediction>& predictions) {
  Json out = Json::array();
  const std::string folder = set.of_people ? "" : "set/";
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string id = set.of_people ? picture_id(items[i].name) : std::string{};
    if (set.of_people && id.empty()) continue;
    const Prediction& one = predictions[i];
    const bool missed = one.label == datasets::kMissed;
    Json told{
        {"index", i},
        {"item", id.empty() ? Json(nullptr) : Json(id)},
        {"name", items[i].name.starts_with(folder) ? items[i].name.substr(folder.size()) : items[i].name},
        {"label", records::kEmotionNames[static_cast<std::size_t>(items[i].label)]},
        {"predicted",
         missed ? Json(nullptr) : Json(records::kEmotionNames[static_cast<std::size_t>(one.label)])},
        {"p", one.said.known() ? Json(one.said.p) : Json(nullptr)},
        {"missed", missed ? Json(one.missed_because) : Json(nullptr)}};
    out.push_back(std::move(told));
  }
  return out;
}

Json told_of(const JobSet& set) {
  Json told{{"notice", kNotice}};
  if (set.of_people) told.update({{"people", set.people}, {"people_left_out", set.refused}});
  if (set.simulated) told["simulated"] = true;
  return told;
}

}  // namespace

Result<Json> evaluate_job(const jobs::Task& task, const JobBench& bench, const infer::ModelStore& models) {
  const Json options = options_of(task);
  const Result<pipeline::WalkSettings> settings = settings_of(task, bench.settings, models);
  if (!settings) return tl::make_unexpected(settings.error());
  pipeline::WalkSettings rival_settings = *settings;
  const std::string against = options.value("against", "");
  if (!against.empty()) rival_settings.expression_model = against;
  if (models.find(rival_settings.expression_model) == nullptr)
    return bad_input("There is no model \"" + against + "\" to compare with.");
  const Result<JobSet> set = job_set(task, bench.database);
  if (!set) return tl::make_unexpected(set.error());
  JudgedFlags flags;
  flags.dataset = set->where.string();
  flags.cropped = options.value("cropped", false);
  Result<JudgedTask> judged = task_of(flags);
  if (!judged) return tl::make_unexpected(judged.error());
  datasets::Protocol& protocol = judged->protocol;
  protocol.set = set_name(task);
  protocol.head = options.value("head", "product");
  protocol.seed = options.value("seed", std::uint64_t{1});
  protocol.model = models.find(settings->expression_model)->reference();
  const double share = against.empty() ? 0.95 : 0.48;
  const std::vector<datasets::Item>& items = judged->judged.items;
  const auto predictions = predictions_by(models, *settings, protocol.cropped, items,
                                          {[&](double done) { task.progress(share * done); }, task.stop});
  if (!predictions) return tl::make_unexpected(predictions.error());
  datasets::Evaluation evaluation = datasets::evaluation_of(protocol, items, *predictions);
  if (!against.empty()) {
    const auto rivals = predictions_by(models, rival_settings, protocol.cropped, items,
                                       {[&](double done) { task.progress(share * (1 + done)); }, task.stop});
    if (!rivals) return tl::make_unexpected(rivals.error());
    evaluation.rival =
        datasets::rival_of(models.find(against)->reference(), items, *predictions, *rivals, protocol.seed);
  }
  Json figures = datasets::to_json(evaluation);
  figures["items"] = items_json(*set, items, *predictions);
  if (Status kept = write_json(task, "evaluation.json", figures); !kept)
    return tl::make_unexpected(kept.error());
  const html::Page page =
      datasets::evaluation_page(evaluation, items, *predictions, set->of_people ? 0 : kMostPictures);
  if (Status kept = write_report(page, {(task.output / "evaluation.html").string(), ""}); !kept)
    return tl::make_unexpected(kept.error());
  Json told = told_of(*set);
  told["model"] = protocol.model;
  for (const char* key : {"n", "accuracy", "balanced_accuracy", "macro_f1"})
    told[key] = figures.value(key, Json());
  return told;
}

Result<Json> audit_job(const jobs::Task& task, const JobBench& bench, const infer::ModelStore& models) {
  const Json options = options_of(task);
  const Result<pipeline::WalkSettings> settings = settings_of(task, bench.settings, models);
  if (!settings) return tl::make_unexpected(settings.error());
  const Result<JobSet> set = job_set(task, bench.database);
  if (!set) return tl::make_unexpected(set.error());
  const Result<datasets::GroupedSet> grouped = datasets::read_grouped_set(set->where);
  if (!grouped) return tl::make_unexpected(grouped.error());
  const std::vector<datasets::Item>& items = grouped->set.items;
  const auto predictions = predictions_by(models, *settings, false, items,
                                          {[&](double done) { task.progress(0.95 * done); }, task.stop});
  if (!predictions) return tl::make_unexpected(predictions.error());
  const std::string model = models.find(settings->expression_model)->reference();
  const datasets::Audit audit =
      datasets::audit_of({set_name(task), model, options.value("head", "product"), grouped->set.labelled,
                          options.value("seed", std::uint64_t{1})},
                         items, *predictions);
  if (Status kept = write_json(task, "audit.json", datasets::to_json(audit)); !kept)
    return tl::make_unexpected(kept.error());
  if (Status kept = write_report(datasets::audit_page(audit, items, *predictions),
                                 {(task.output / "audit.html").string(), ""});
      !kept)
    return tl::make_unexpected(kept.error());
  Json told = told_of(*set);
  told.update({{"model", model}, {"n", audit.all.pictures}, {"warnings", audit.warnings}});
  return told;
}

}  // namespace pyro::cli

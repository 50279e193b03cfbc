// Models: what there is, which version a name means; and what jobs have fitted, taken into the registry.
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "../office.hpp"
#include "pyro/registry/card.hpp"
#include "pyro/registry/catalogue.hpp"
#include "pyro/registry/edge_bundle.hpp"
#include "pyro/signals/embedding_map.hpp"

namespace pyro::serve {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Problem> refused_model(const Error& error) {
  if (error.code == ErrorCode::failed) return tl::make_unexpected(problem_of(error));
  return problem(422, "model-refused", error.message);
}

Json shown_model(const registry::Catalogue& catalogue, const infer::ModelEntry& entry) {
  Json out = registry::to_json(catalogue, entry);
  out.erase("file");
  out["reference"] = entry.reference();
  return out;
}

Granted<registry::Catalogue> open_catalogue(const Office& office) {
  if (office.models == nullptr) return problem(503, "no-models", "There are no models beside this server.");
  auto catalogue = registry::Catalogue::open(office.models->place);
  if (!catalogue) return tl::make_unexpected(problem_of(catalogue.error()));
  return std::move(*catalogue);
}

Answer list_models(Office& office, Call&) {
  const auto catalogue = open_catalogue(office);
  if (!catalogue) return tl::make_unexpected(catalogue.error());
  Json rows = Json::array(), broken = Json::array();
  for (const infer::ModelEntry& entry : catalogue->store.entries())
    rows.push_back(shown_model(*catalogue, entry));
  for (const registry::Broken& one : catalogue->registry.broken())
    broken.push_back({{"reference", one.reference}, {"error", one.error.message}});
  return json_response(200, {{"rows", rows}, {"broken", broken}, {"next", nullptr}});
}

Answer get_model(Office& office, Call& call) {
  const auto catalogue = open_catalogue(office);
  if (!catalogue) return tl::make_unexpected(catalogue.error());
  const infer::ModelEntry* entry = catalogue->store.find(call.text("model"));
  if (entry == nullptr) return no_such();
  const auto record = registry::record_of(catalogue->place, *entry);
  if (!record) return refused_model(record.error());
  Json out = shown_model(*catalogue, *entry);
  out["record"] = Json::parse(record->dump());
  out["card"] = registry::card_markdown(*record);
  out["history"] = Json::parse(catalogue->history_of(*entry).dump());
  Result<bool> good = false;
  if (const Status whole = catalogue->store.verify(*entry); !whole) {
    good = tl::make_unexpected(whole.error());
  } else {
    good = catalogue->store.self_test(*entry);
  }
  out["self_test"] = !good ? "failed" : *good ? "passed" : "none";
  if (!good) out["fault"] = good.error().message;
  return json_response(200, out);
}

// What a small device needs to run this model, as one archive.
Answer export_edge(Office& office, Call& call) {
  const auto catalogue = open_catalogue(office);
  if (!catalogue) return tl::make_unexpected(catalogue.error());
  const std::string model = call.text("model");
  if (catalogue->store.find(model) == nullptr) return no_such();
  const auto bundle =
      registry::make_edge_bundle(office.models->place, model, signals::map_beside(catalogue->store, model));
  if (!bundle) return refused_model(bundle.error());
  Response out;
  out.file = office.jobs.outgoing(call.request.id);
  // The writer knows an archive by its name.
  const fs::path archive = out.file.string() + ".tar.gz";
  Status written = registry::write_edge_bundle(*bundle, archive);
  std::error_code error;
  if (written) fs::rename(archive, out.file, error);
  if (!written || error) {
    spdlog::error("request {}: {}", call.request.id, written ? error.message() : written.error().text());
    return problem(507, "out-of-space", "The archive could not be made; the disk may be full.");
  }
  if (const Status noted = office.audit.record(audit_entry(call, "allowed", model)); !noted)
    return trouble(noted);
  out.headers = {{"content-type", "application/gzip"},
                 {"content-disposition", "attachment; filename=\"edge.tar.gz\""},
                 {"cache-control", "no-store"}};
  return out;
}

Answer told_change(Office& office, Call& call, const Result<registry::Change>& change) {
  if (!change) return refused_model(change.error());
  const auto name = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  const Status in_use = office.models->reload();
  if (!in_use) spdlog::error("request {}: {}", call.request.id, in_use.error().text());
  return write(
      office, call,
      [&](store::Connection&) -> Answer {
        return json_response(200, {{"name", change->channel},
                                   {"before", name(change->from)},
                                   {"now", name(change->to)},
                                   {"in_use", in_use.has_value()}});
      },
      change->channel + ": " + change->from + " -> " + change->to);
}

bool may_change(const Office& office) {
  return office.models != nullptr && !office.models->place.registry.empty();
}
tl::unexpected<Problem> no_registry() {
  return problem(409, "no-registry",
                 "This server runs on a bundle of models alone: start it with --registry to keep others.");
}

Answer promote_model(Office& office, Call& call) {
  if (!may_change(office)) return no_registry();
  return told_change(
      office, call,
      registry::promote(office.models->place, call.text("model"), call.body.at("as").get<std::string>()));
}

Answer roll_back_model(Office& office, Call& call) {
  if (!may_change(office)) return no_registry();
  return told_change(office, call, registry::rollback(office.models->place, call.text("model")));
}

// A folder for as long as the model is taken out of its sealed files.
class Unsealed {
 public:
  explicit Unsealed(fs::path folder) : folder_(std::move(folder)) {
    made_ = ::mkdir(folder_.c_str(), 0700) == 0;
  }
  ~Unsealed() {
    std::error_code ignored;
    if (made_) fs::remove_all(folder_, ignored);
  }
  Unsealed(const Unsealed&) = delete;
  Unsealed& operator=(const Unsealed&) = delete;
  [[nodiscard]] bool made() const { return made_; }

 private:
  fs::path folder_;
  bool made_ = false;
};

Answer add_model(Office& office, Call& call) {
  if (!may_change(office)) return no_registry();
  const std::string id = call.body.at("job");
  Json job;
  const Status found = office.database.read([&](store::Connection& in) -> Status {
    const auto row = archive::find(in, archive::kJob, id);
    if (!row) return tl::make_unexpected(row.error());
    job = *row ? **row : Json();
    return {};
  });
  if (!found) return tl::make_unexpected(problem_of(found.error()));
  if (!job.is_object() || job["state"] != "done" || (job["kind"] != "train" && job["kind"] != "finetune"))
    return problem(422, "no-such-model", "There is no job of this id that has trained a model.");
  const Json& result = job["result"];
  const fs::path folder = office.jobs.outgoing(call.request.id);
  const Unsealed unsealed(folder);
  if (!unsealed.made()) return problem(507, "out-of-space", "The model cannot be put down here.");
  const security::SealKey key = jobs::job_key(office.secrets);
  for (const Json& file : result["model"]["files"]) {
    const std::string name = file;
    if (const Status opened = security::open_file(
            office.jobs.run(id, result["run"].get<std::int64_t>()) / name, folder / name, std::span{&key, 1});
        !opened) {
      spdlog::error("request {}: {}", call.request.id, opened.error().text());
      return problem(500, "failed", "This model cannot be read; the log has it under this request.");
    }
  }
  registry::Addition addition{folder, call.body.at("name").get<std::string>(), std::nullopt};
  if (call.body.contains("version"))
    addition.version = registry::version_of(call.body["version"].get<std::string>());
  addition.facts["licence"] = call.body.at("licence").get<std::string>();
  addition.facts["source"] = call.body.value("source", "trained on this site");
  if (result.contains("parent")) addition.facts["parent"] = result["parent"].get<std::string>();
  const auto added = registry::add(office.models->place, addition);
  if (!added) return refused_model(added.error());
  const auto catalogue = open_catalogue(office);
  if (!catalogue) return tl::make_unexpected(catalogue.error());
  const infer::ModelEntry* entry = catalogue->store.find(added->entry.reference());
  if (entry == nullptr) return no_such();
  return write(
      office, call,
      [&](store::Connection&) -> Answer { return json_response(201, shown_model(*catalogue, *entry)); },
      added->entry.reference() + " of job " + id);
}

}  // namespace

void add_model_routes(Handlers& handlers) {
  handlers["listModels"] = list_models;
  handlers["getModel"] = get_model;
  handlers["addModel"] = add_model;
  handlers["exportEdge"] = export_edge;
  handlers["promoteModel"] = promote_model;
  handlers["rollbackModel"] = roll_back_model;
}

}  // namespace pyro::serve

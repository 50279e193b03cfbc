// The kinds "train" and "finetune": pyrometer-train as a child process, since libtorch and the engine never
// share one.
#include <csignal>
#include <fstream>

#include "../judging.hpp"
#include "child.hpp"
#include "job_data.hpp"
#include "job_kinds.hpp"
#include "pyro/base/csv_text.hpp"
#include "pyro/base/files.hpp"
#include "pyro/html/pictures.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;
using jobs::Json;
using Words = std::vector<std::string>;

constexpr double kFitted = 0.95;  // of the progress; the rest is the export

// Of each picture its face, as the network will see it. What has no usable face is left out, and counted.
Result<fs::path> faces_cut_out(const jobs::Task& task, const JobBench& bench, const infer::ModelStore& models,
                               const fs::path& where, std::int64_t& without) {
  const Result<datasets::Dataset> set = datasets::read_dataset(where);
  if (!set) return tl::make_unexpected(set.error());
  pipeline::WalkSettings settings = bench.settings;
  settings.expressions = false;
  auto reader = pipeline::StillReader::create(models, settings, false);
  if (!reader) return tl::make_unexpected(reader.error());
  const auto faces = faces_of(*reader, set->items, {{}, task.stop});
  if (!faces) return tl::make_unexpected(faces.error());
  if (faces->size() != set->items.size()) return failed("stopped");
  const fs::path folder = "faces";
  std::error_code error;
  fs::create_directory(folder, error);
  std::string csv = "path,label,person,split\n";
  for (std::size_t i = 0; i < faces->size(); ++i) {
    const auto& face = (*faces)[i].face;
    if (!face) {
      ++without;
      continue;
    }
    const datasets::Item& item = set->items[i];
    const std::string name = std::to_string(i + 1) + ".png";
    const std::string png = html::png({face->pixels, crop::kExpressionSide, crop::kExpressionSide, 1});
    if (Status kept = replace_file(folder / name, png); !kept) return tl::make_unexpected(kept.error());
    csv += name + "," + std::string{records::kEmotionNames[static_cast<std::size_t>(item.label)]} + "," +
           csv_cell(item.person) + "," + csv_cell(item.split) + "\n";
  }
  if (Status kept = replace_file(folder / "labels.csv", csv); !kept) return tl::make_unexpected(kept.error());
  return folder / "labels.csv";
}

// "--learning-rate 0.1" of {"learning_rate": 0.1}; lists by commas.
void add_options(const Json& options, std::initializer_list<const char*> names, Words& words) {
  for (const std::string name : names) {
    if (!options.contains(name)) continue;
    std::string flag = "--" + name;
    std::ranges::replace(flag, '_', '-');
    std::string value;
    const Json& given = options[name];
    for (const Json& one : given.is_array() ? given : Json::array({given})) {
      if (!value.empty()) value += ',';
      value += one.is_string() ? one.get<std::string>() : one.dump();
    }
    words.push_back(flag);
    words.push_back(value);
  }
}

// The curves, as the run itself keeps them: those of earlier attempts too.
Json epochs_of(const fs::path& run) {
  Json out = Json::array();
  std::ifstream in(run / "metrics.jsonl");
  std::string line;
  while (std::getline(in, line)) {
    Json one = Json::parse(line, nullptr, false);
    if (one.is_object()) out.push_back(std::move(one));
  }
  return out;
}

// What the program said of why it ended.
tl::unexpected<Error> why(const ChildEnd& end) {
  if (end.exit == 128 + SIGXCPU || end.exit == 128 + SIGKILL)
    return bad_input(
        "It took more computing or memory than a job may have; use fewer epochs or a smaller network.");
  if (end.exit > 128) return failed("pyrometer-train ended by signal " + std::to_string(end.exit - 128));
  constexpr std::string_view kItself = "pyrometer-train: ";
  const std::string said =
      end.said.starts_with(kItself) ? end.said.substr(kItself.size()) : std::string{"it gave no reason"};
  return bad_input("pyrometer-train: " + said);
}

Status child(const jobs::Task& task, const JobBench& bench, const Words& words,
             const std::function<void(const std::string&)>& heard) {
  Words all{bench.trainer.string()};
  all.insert(all.end(), words.begin(), words.end());
  const auto end = run_child(all, bench.most_cpu, task.stop, heard);
  if (!end) return tl::make_unexpected(end.error());
  if (task.stop.stop_requested()) return failed("stopped");
  if (end->exit != 0) return why(*end);
  return {};
}

// The network from its start, or from where an attempt was broken off.
Status fit(const jobs::Task& task, const JobBench& bench, const fs::path& data, const fs::path& run,
           const fs::path& exported) {
  const Json options = options_of(task);
  Words words{"train", "--data", data.string(), "--out", run.string(), "--json"};
  add_options(options,
              {"epochs", "batch", "learning_rate", "net", "channels", "blocks", "dropout", "optimiser",
               "schedule", "ema_decay", "patience", "balance", "arithmetic", "hold_out", "seed"},
              words);
  const double epochs = options.value("epochs", 100);
  const auto heard = [&](const std::string& line) {
    const Json one = Json::parse(line, nullptr, false);
    if (!one.is_object() || !one.contains("epoch")) return;
    task.progress(kFitted * std::min(1.0, (one["epoch"].get<double>() + 1) / epochs));
    task.so_far({{"epochs", epochs_of(run)}});
    task.keep();
  };
  std::error_code error;
  const bool begun = fs::exists(run / "checkpoint.pt", error);
  Words again = words;
  again.emplace_back("--resume");
  Status fitted = child(task, bench, begun ? again : words, heard);
  if (!fitted && begun && fitted.error().code != ErrorCode::failed) {
    // The data are not those of then, as somebody has withdrawn: what was learned of them does not count.
    fs::remove_all(run, error);
    fitted = child(task, bench, words, heard);
  }
  if (!fitted) return fitted;
  if (Status written = child(task, bench,
                             {"export", "--weights", (run / "best.pt").string(), "--data", data.string(),
                              "--out", exported.string()},
                             [](const std::string&) {});
      !written)
    return written;
  for (const char* name : {"report.html", "metrics.jsonl"}) {
    fs::copy_file(run / name, task.output / name, error);
    if (error) return failed(std::string{"the run has no "} + name, error.message());
  }
  return {};
}

// One head of a model of ours anew; gives its report.
Result<Json> fit_head(const jobs::Task& task, const JobBench& bench, const infer::ModelStore& models,
                      const fs::path& data, const fs::path& exported) {
  const Json options = options_of(task);
  const Result<pipeline::WalkSettings> settings = settings_of(task, bench.settings, models);
  if (!settings) return tl::make_unexpected(settings.error());
  const infer::ModelEntry* parent = models.find(settings->expression_model);
  if (Status whole = models.verify(*parent); !whole) return tl::make_unexpected(whole.error());
  const fs::path file = models.path_of(parent->file, parent->origin);
  if (file.extension() != ".xml")
    return bad_input(parent->reference() + " is no network with heads of its own; name one that is.");
  Words words{"finetune", "--model", file.string(), "--data", data.string(), "--out", exported.string()};
  add_options(options, {"head", "hold_out", "seed"}, words);
  Json report;
  const Status fitted = child(task, bench, words, [&](const std::string& line) {
    Json one = Json::parse(line, nullptr, false);
    if (one.is_object()) report = std::move(one);
  });
  if (!fitted) return tl::make_unexpected(fitted.error());
  report["parent"] = parent->reference();
  return report;
}

}  // namespace

Result<Json> train_job(const jobs::Task& task, const JobBench& bench, const infer::ModelStore& models) {
  if (bench.trainer.empty())
    return bad_input(
        "This server has no pyrometer-train: install it beside pyrometer (./run train builds it), or name it "
        "by "
        "serve --trainer.");
  const Result<JobSet> set = job_set(task, bench.database);
  if (!set) return tl::make_unexpected(set.error());
  fs::path data = set->where;
  std::int64_t without = 0;
  const bool cropped = !set->of_people && options_of(task).value("cropped", true);
  if (!cropped) {
    const auto faces = faces_cut_out(task, bench, models, data, without);
    if (!faces) return tl::make_unexpected(faces.error());
    data = *faces;
  }
  const fs::path exported = "exported";
  Json told{{"pictures_without_a_face", without}};
  if (set->of_people) told.update({{"people", set->people}, {"people_left_out", set->refused}});
  if (set->simulated) told["simulated"] = true;
  if (task.lease.kind == "train") {
    const fs::path run = task.kept.lexically_relative(task.folder) / "run";
    if (Status fitted = fit(task, bench, data, run, exported); !fitted)
      return tl::make_unexpected(fitted.error());
    told["epochs"] = epochs_of(run);
  } else {
    const auto report = fit_head(task, bench, models, data, exported);
    if (!report) return tl::make_unexpected(report.error());
    told.update(*report);
  }
  std::error_code error;
  for (const char* name : {"expression.xml", "expression.bin", "record.json"}) {
    fs::rename(exported / name, task.output / name, error);
    if (error) return failed(std::string{"the exported model has no "} + name, error.message());
  }
  told["model"] = {{"files", {"expression.xml", "expression.bin", "record.json"}}};
  return told;
}

}  // namespace pyro::cli

// map: where faces lie on the map of the expression model's embedding.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "mapping.hpp"
#include "pyro/signals/embedding_map.hpp"
#include "report_pages.hpp"

namespace pyro::cli {
namespace {

constexpr int kNear = datasets::kMapNeighbours;

struct MapFlags {
  JudgedFlags set;
  std::string map = signals::kExpressionMap;
  PageFlags page;
  bool json = false;
  std::uint64_t seed = 1;
  WalkFlags walk;
};

datasets::MapFigures figures_of(const Outcome& outcome, bool labelled) {
  datasets::MapFigures figures;
  std::vector<records::MapPoint> points;
  for (const Placed& face : outcome.faces) {
    points.push_back(face.at);
    if (!labelled) continue;
    const int truth = static_cast<int>(face.item->label);
    figures.on_map.push_back({truth, datasets::label_at(face.at, outcome.fitted, kNear)});
    figures.head.push_back({truth, face.said});
  }
  figures.kept = datasets::neighbourhoods(outcome.embeddings, points, kNear);
  return figures;
}

nlohmann::json json_of(const Outcome& outcome, const datasets::MapFigures& figures, std::uint64_t seed) {
  nlohmann::json line = datasets::to_json(figures, seed);
  line["n"] = outcome.faces.size();
  line["missed"] = outcome.missed;
  line["projection_us"] = outcome.projection_us;
  line["points"] = nlohmann::json::array();
  for (const Placed& face : outcome.faces) line["points"].push_back({face.at.x, face.at.y});
  for (const records::PlacedFace& centre : datasets::centres_of(outcome.fitted))
    line["centres"][std::string(records::kEmotionNames[static_cast<std::size_t>(centre.label)])] = {
        centre.at.x, centre.at.y};
  return line;
}

html::Page page_of(const Outcome& outcome, datasets::MapFigures figures, bool labelled,
                   const std::string& subtitle, std::uint64_t seed) {
  datasets::MapDrawing drawing;
  drawing.subtitle = subtitle;
  drawing.figures = std::move(figures);
  drawing.seed = seed;
  for (const Placed& face : outcome.faces) {
    const std::string said(records::kEmotionNames[static_cast<std::size_t>(face.said)]);
    const int truth = static_cast<int>(face.item->label);
    drawing.faces.push_back(
        {face.at, labelled ? truth : face.said,
         labelled ? std::string(records::kEmotionNames[static_cast<std::size_t>(truth)]) + ", said " + said
                  : "said " + said,
         &face.face});
  }
  drawing.centres = datasets::centres_of(outcome.fitted);
  drawing.remarks = {"Neighbours on the map are the " + std::to_string(kNear) + " nearest of the " +
                     html::grouped(static_cast<long long>(outcome.fitted.size())) +
                     " fitted faces whose places the map keeps."};
  if (!labelled) drawing.remarks.emplace_back("The set tells no classes: colours are what the network says.");
  return datasets::map_page(drawing);
}

void print(const Outcome& outcome, const datasets::MapFigures& figures, std::uint64_t seed) {
  std::printf("%zu faces placed, median %.1f microseconds each\n", outcome.faces.size(),
              outcome.projection_us);
  for (const auto& [why, count] : outcome.missed)
    std::printf("not placed: %lld %s\n", static_cast<long long>(count), why.c_str());
  std::printf("trustworthiness %.4f, continuity %.4f (k %d, n %d)\n", figures.kept.trustworthiness,
              figures.kept.continuity, figures.kept.k, figures.kept.n);
  for (const auto& [name, judged] :
       {std::pair("neighbours on the map", &figures.on_map), std::pair("head", &figures.head)}) {
    if (judged->empty()) continue;
    const datasets::Interval interval = datasets::accuracy_interval(*judged, seed);
    std::printf("right by %-22s %6.2f %% [%.2f, %.2f], n %zu\n", name,
                100 * datasets::figures_of(*judged).accuracy, 100 * interval.low, 100 * interval.high,
                judged->size());
  }
}

int map(const MapFlags& flags) {
  const auto fail = [&](const Error& error) { return report(error, flags.json); };
  const Result<pipeline::WalkSettings> settings = settle(flags.walk);
  if (!settings) return fail(settings.error());
  const Result<JudgedTask> task = task_of(flags.set);
  if (!task) return fail(task.error());
  const Result<infer::ModelStore> models = open_models(flags.walk.place);
  if (!models) return fail(models.error());
  const Result<Outcome> outcome =
      place_all(*models, *settings, flags.map, task->protocol.cropped, task->judged.items);
  if (!outcome) return fail(outcome.error());
  if (interrupted().stop_requested()) return kExitInterrupted;
  if (outcome->faces.empty())
    return fail({ErrorCode::bad_input, "no picture of '" + flags.set.dataset + "' holds a usable face", ""});
  const datasets::MapFigures figures = figures_of(*outcome, task->labelled);
  if (flags.json) {
    std::printf("%s\n", json_of(*outcome, figures, flags.seed).dump().c_str());
  } else {
    print(*outcome, figures, flags.seed);
  }
  if (!flags.page.wanted()) return 0;
  const std::string subtitle = html::grouped(static_cast<long long>(outcome->faces.size())) + " faces of " +
                               task->protocol.set + ", " +
                               models->find(settings->expression_model)->reference() + ", " +
                               models->find(flags.map)->reference();
  const html::Page page = page_of(*outcome, figures, task->labelled, subtitle, flags.seed);
  if (Status written = write_report(page, flags.page); !written) return fail(written.error());
  return 0;
}

}  // namespace

void add_map(CLI::App& app, Chosen& chosen) {
  CLI::App* verb =
      app.add_subcommand("map", "Where faces lie on the map of the expression model's embedding");
  auto flags = std::make_shared<MapFlags>();
  add_judged_flags(*verb, flags->set, "faces,--dataset");
  verb->add_option("--map", flags->map, "The map, fitted with the expression model")->capture_default_str();
  add_page_flags(*verb, flags->page, "the map; it holds the set's faces");
  verb->add_flag("--json", flags->json, "One line of JSON, with every face's place");
  verb->add_option("--seed", flags->seed, "Of the bootstrap intervals")->capture_default_str();
  add_walk_flags(*verb, flags->walk);
  verb->footer("Example: pyrometer map faces/ --cropped --html map.html");
  verb->callback([&chosen, flags] { chosen = [flags] { return map(*flags); }; });
}

}  // namespace pyro::cli

// What one call costs, on one thread: the steps of the walk on the demonstration photograph.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "pyro/capture/source.hpp"
#include "pyro/crop/aligned_crop.hpp"
#include "pyro/face/face_finder.hpp"
#include "pyro/face/quality.hpp"
#include "pyro/face/tracker.hpp"
#include "pyro/report/rows.hpp"
#include "pyro/score/scorer.hpp"
#include "pyro/signals/expression_net.hpp"
#include "pyro/signals/fatigue_meter.hpp"

namespace {

using namespace pyro;
namespace fs = std::filesystem;
const fs::path kRoot = PYRO_SOURCE_DIR;

// The photograph, and the face in it.
struct Scene {
  infer::ModelStore models;
  records::Frame frame;
  records::FaceMesh face;

  static const Scene* get(benchmark::State& state) {
    static const std::optional<Scene> scene = make();
    if (!scene) state.SkipWithError("models or photograph are missing: run setup/fetch");
    return scene ? &*scene : nullptr;
  }

 private:
  static std::optional<Scene> make() {
    auto models = infer::ModelStore::open({kRoot / "models", kRoot / ".pyrometer"});
    auto source = capture::open((kRoot / ".pyrometer" / "demo" / "astronaut.png").string());
    if (!models || !source) return std::nullopt;
    auto frame = (*source)->next();
    auto finder = face::FaceFinder::create(*models, {});
    std::vector<records::FaceMesh> faces;
    if (!frame || !*frame || !finder || !finder->find(**frame, {}, face::Search::thorough(), faces) ||
        faces.empty())
      return std::nullopt;
    return Scene{*models, **frame, faces.front()};
  }
};

// One followed face: crop, mesh, blendshapes, pose, quality.
void follow(benchmark::State& state, face::MeshKind mesh, bool blendshapes, infer::Precision precision) {
  const Scene* scene = Scene::get(state);
  if (scene == nullptr) return;
  face::FaceOptions options;
  options.mesh = mesh;
  options.blendshapes = blendshapes;
  options.precision = precision;
  auto finder = face::FaceFinder::create(scene->models, options);
  if (!finder) return state.SkipWithError(finder.error().message.c_str());
  const records::FaceRegion known[] = {face::region_of(scene->face)};
  std::vector<records::FaceMesh> faces;
  for (auto _ : state) {
    if (!finder->find(scene->frame, known, face::Search::nowhere(), faces))
      return state.SkipWithError("the engine failed");
  }
}
BENCHMARK_CAPTURE(follow, mesh478_blendshapes_f32, face::MeshKind::full, true, infer::Precision::f32)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(follow, mesh478_f32, face::MeshKind::full, false, infer::Precision::f32)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(follow, mesh468_blendshapes_f32, face::MeshKind::fast, true, infer::Precision::f32)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(follow, mesh468_f32, face::MeshKind::fast, false, infer::Precision::f32)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(follow, mesh478_blendshapes_bf16, face::MeshKind::full, true, infer::Precision::bf16)
    ->Unit(benchmark::kMillisecond);

// A network alone: by our own runner where it has one, and by the engine.
void network(benchmark::State& state, const char* name, bool engine_only) {
  const Scene* scene = Scene::get(state);
  if (scene == nullptr) return;
  const auto model = scene->models.compile(name, {.engine_only = engine_only});
  if (!model) return state.SkipWithError(model.error().message.c_str());
  auto net = infer::Network::create(*model);
  if (!net) return state.SkipWithError(net.error().message.c_str());
  std::ranges::fill(net->input(), 0.5F);
  for (auto _ : state) {
    if (!net->run()) return state.SkipWithError("the engine failed");
  }
}
BENCHMARK_CAPTURE(network, mesh478, "face_mesh_478", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, mesh478_engine, "face_mesh_478", true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, mesh468, "face_mesh_468", false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, mesh468_engine, "face_mesh_468", true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(network, blendshapes, "face_blendshapes", false)->Unit(benchmark::kMillisecond);

void detect(benchmark::State& state, face::DetectorKind detector) {
  const Scene* scene = Scene::get(state);
  if (scene == nullptr) return;
  face::FaceOptions options;
  options.detector = detector;
  auto finder = face::FaceFinder::create(scene->models, options);
  if (!finder) return state.SkipWithError(finder.error().message.c_str());
  std::vector<records::FaceMesh> faces;
  for (auto _ : state) {
    if (!finder->find(scene->frame, {}, face::Search::thorough(), faces))
      return state.SkipWithError("the engine failed");
  }
}
BENCHMARK_CAPTURE(detect, blazeface_then_mesh478, face::DetectorKind::blazeface)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect, mtcnn_then_mesh478, face::DetectorKind::mtcnn)->Unit(benchmark::kMillisecond);

void expression(benchmark::State& state, infer::Precision precision) {
  const Scene* scene = Scene::get(state);
  if (scene == nullptr) return;
  auto net = signals::ExpressionNet::create(scene->models, "expression", signals::Head::product, precision);
  if (!net) return state.SkipWithError(net.error().message.c_str());
  const crop::GreyFace face = crop::align(scene->frame, scene->face);
  for (auto _ : state) {
    auto read = net->read(face);
    benchmark::DoNotOptimize(read);
  }
  state.counters["faces/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(expression, f32, infer::Precision::f32)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(expression, bf16, infer::Precision::bf16)->Unit(benchmark::kMillisecond);

void aligned_crop(benchmark::State& state) {
  const Scene* scene = Scene::get(state);
  if (scene == nullptr) return;
  for (auto _ : state) {
    crop::GreyFace face = crop::align(scene->frame, scene->face);
    benchmark::DoNotOptimize(face);
  }
}
BENCHMARK(aligned_crop)->Unit(benchmark::kMicrosecond);

void quality(benchmark::State& state) {
  const Scene* scene = Scene::get(state);
  if (scene == nullptr) return;
  records::FaceMesh face = scene->face;
  for (auto _ : state) {
    face::measure_quality(scene->frame, face);
    benchmark::DoNotOptimize(face);
  }
}
BENCHMARK(quality)->Unit(benchmark::kMicrosecond);

// What has memory: tracker, fatigue meter, score, and the row of the CSV.
void remember_and_write(benchmark::State& state) {
  const Scene* scene = Scene::get(state);
  if (scene == nullptr) return;
  face::Tracker tracker;
  signals::FatigueMeter meter;
  score::Scorer scorer{score::ScoreSettings{}};
  records::Observation seen;
  seen.expression.p = {0.1F, 0.05F, 0.05F, 0.5F, 0.1F, 0.1F, 0.1F};
  std::string text;
  for (auto _ : state) {
    std::vector<records::FaceMesh> faces{scene->face};
    tracker.assign(seen.time, faces);
    seen.face = faces.front();
    seen.valid = true;
    seen.fatigue = meter.update(seen.time, seen.face);
    seen.score = scorer.update(seen.time, true, seen.expression, seen.fatigue);
    text.clear();
    report::append_csv(text, report::frame_columns(), seen);
    benchmark::DoNotOptimize(text);
    ++seen.frame;
    seen.time += Seconds{1.0 / 30};
  }
}
BENCHMARK(remember_and_write)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();

#include "run_folder.hpp"

#include <fstream>
#include <vector>

#include "pyro/base/clock.hpp"
#include "pyro/base/sha256.hpp"
#include "pyro/signals/expression_reader.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;

// Hashing reads the whole file; beyond this it would be felt at the start of a run.
constexpr std::uintmax_t kMostHashed = 256U << 20U;

report::InputFacts input_facts(const capture::SourceInfo& source) {
  report::InputFacts facts;
  facts.name = source.name;
  facts.codec = source.codec;
  facts.container = source.container;
  facts.width = source.width;
  facts.height = source.height;
  facts.nominal_fps = source.nominal_fps;
  facts.duration = source.duration;
  facts.live = source.live;
  std::error_code error;
  if (!fs::is_regular_file(source.name, error)) return facts;
  const std::uintmax_t bytes = fs::file_size(source.name, error);
  if (error) return facts;
  facts.bytes = static_cast<std::int64_t>(bytes);
  if (bytes > kMostHashed) return facts;
  std::vector<std::uint8_t> content(bytes);
  std::ifstream file(source.name, std::ios::binary);
  if (file.read(reinterpret_cast<char*>(content.data()), static_cast<std::streamsize>(bytes)))
    facts.sha256 = sha256_hex(content);
  return facts;
}

std::vector<report::ModelFacts> model_facts(const pipeline::WalkSettings& settings,
                                            const infer::ModelStore& models) {
  std::vector<std::string> used;
  if (settings.faces.detector == face::DetectorKind::mtcnn) {
    used = {"mtcnn_pnet", "mtcnn_rnet", "mtcnn_onet"};
  } else {
    used = {"face_detector"};
  }
  used.emplace_back(settings.faces.mesh == face::MeshKind::fast ? "face_mesh_468" : "face_mesh_478");
  if (settings.faces.blendshapes) used.emplace_back("face_blendshapes");
  used.emplace_back("face_geometry");
  if (settings.expressions) {
    for (const std::string& name : signals::models_behind(models, settings.expression_model))
      used.push_back(name);
  }
  std::vector<report::ModelFacts> facts;
  for (const std::string& name : used) {
    if (const infer::ModelEntry* model = models.find(name)) {
      facts.push_back({model->name, model->version, model->file.sha256, model->licence});
    }
  }
  return facts;
}

report::Provenance provenance(const capture::SourceInfo& source, const pipeline::WalkSettings& settings,
                              const infer::ModelStore& models) {
  report::Provenance about;
  about.software_version = PYRO_VERSION;
  about.started = utc_now();
  about.input = input_facts(source);
  about.models = model_facts(settings, models);
  about.score = settings.score;
  about.settings = {
      {"detector", settings.faces.detector == face::DetectorKind::mtcnn ? "mtcnn" : "blazeface"},
      {"mesh", settings.faces.mesh == face::MeshKind::fast ? "fast" : "full"},
      {"max_faces", std::to_string(settings.faces.max_faces)},
      {"precision", settings.precision == infer::Precision::bf16 ? "bf16" : "f32"},
      {"expressions", settings.expressions ? "yes" : "no"},
      {"head", settings.head == signals::Head::fer2013 ? "fer2013" : "product"}};
  return about;
}

}  // namespace

Result<std::unique_ptr<RunFolder>> RunFolder::open(const fs::path& folder, bool parquet,
                                                   const capture::SourceInfo& source,
                                                   const pipeline::WalkSettings& settings,
                                                   const infer::ModelStore& models) {
  report::RunFilesOptions options;
  options.parquet = parquet;
  Result<report::RunFiles> files =
      report::RunFiles::create(folder, provenance(source, settings, models), options);
  if (!files) return tl::make_unexpected(files.error());
  return std::unique_ptr<RunFolder>(new RunFolder(std::move(*files)));
}

Status RunFolder::take(const records::Frame&, std::span<const records::Observation> faces) {
  return files_.append(faces);
}

Status RunFolder::close(const pipeline::WalkSummary& summary, const Status& ended) {
  files_.note_dropped(summary.dropped);
  if (!ended) return files_.finish(report::RunState::failed, ended.error().text());
  return files_.finish(interrupted().stop_requested() ? report::RunState::interrupted
                                                      : report::RunState::finished);
}

}  // namespace pyro::cli

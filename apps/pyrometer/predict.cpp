// predict: stills. One line of JSON (or of text) for each picture: faces with p[7], 52 blendshapes, quality.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "pyro/capture/source.hpp"
#include "pyro/pipeline/stills.hpp"
#include "pyro/records/notice.hpp"

namespace pyro::cli {
namespace {

struct PredictFlags {
  std::vector<std::string> images;
  bool cropped = false, json = false, landmarks = false;
  WalkFlags walk;
};

nlohmann::json to_json(const pipeline::StillFace& face, bool landmarks) {
  const records::FaceMesh& mesh = face.mesh;
  const records::FaceQuality& quality = mesh.quality;
  nlohmann::json out{{"valid", quality.reason == records::GapReason::none},
                     {"reason", records::name_of(quality.reason)}};
  if (face.expression) {
    out["p"] = face.expression->p;
    out["label"] = records::kEmotionNames[static_cast<std::size_t>(face.expression->label())];
  } else {
    out["p"] = nullptr;
  }
  out["box"] = {mesh.box.x, mesh.box.y, mesh.box.width, mesh.box.height};
  if (mesh.has_blendshapes) out["blendshapes"] = mesh.blendshapes;
  if (mesh.point_count > 0)
    out["pose_deg"] = {
        {"yaw", mesh.pose.yaw_deg}, {"pitch", mesh.pose.pitch_deg}, {"roll", mesh.pose.roll_deg}};
  out["quality"] = {{"size_px", quality.size_px},        {"sharpness", quality.sharpness},
                    {"brightness", quality.brightness},  {"contrast", quality.contrast},
                    {"inside", quality.inside_fraction}, {"presence", quality.presence}};
  if (landmarks) {
    nlohmann::json& points = out["landmarks"] = nlohmann::json::array();
    for (int i = 0; i < mesh.point_count; ++i) {
      const records::Point3& point = mesh.points[static_cast<std::size_t>(i)];
      points.push_back({point.x, point.y, point.z});
    }
  }
  return out;
}

int predict(const PredictFlags& flags) {
  const Result<pipeline::WalkSettings> settings = settle(flags.walk);
  if (!settings) return report(settings.error(), flags.json);
  const Result<infer::ModelStore> models = open_models(flags.walk.place);
  if (!models) return report(models.error(), flags.json);
  Result<pipeline::StillReader> reader = pipeline::StillReader::create(*models, *settings, flags.cropped);
  if (!reader) return report(reader.error(), flags.json);
  int exit = 0;
  for (const std::string& image : flags.images) {
    const Result<std::vector<pipeline::StillFace>> faces = reader->read(image);
    if (!faces) {
      exit = std::max(exit, report(faces.error(), flags.json));
      continue;
    }
    if (flags.json) {
      nlohmann::json line{{"image", image}, {"faces", nlohmann::json::array()}};
      for (const pipeline::StillFace& face : *faces) line["faces"].push_back(to_json(face, flags.landmarks));
      std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
      continue;
    }
    std::printf("%s: %zu face%s\n", image.c_str(), faces->size(), faces->size() == 1 ? "" : "s");
    for (const pipeline::StillFace& face : *faces) {
      if (face.mesh.quality.reason == records::GapReason::none && !face.expression) {
        std::printf("  usable; no expression is computed\n");
        continue;
      }
      if (!face.expression) {
        std::printf("  not usable: %s\n", std::string{records::name_of(face.mesh.quality.reason)}.c_str());
        continue;
      }
      for (std::size_t i = 0; i < records::kEmotionNames.size(); ++i) {
        std::printf("  %s %.1f %%", std::string{records::kEmotionNames[i]}.c_str(),
                    100.0 * static_cast<double>(face.expression->p[i]));
      }
      std::printf("\n");
    }
  }
  if (!flags.json) std::printf("%s\n", records::kNotice);
  return exit;
}

}  // namespace

void add_predict(CLI::App& app, Chosen& chosen) {
  CLI::App* verb =
      app.add_subcommand("predict", "Reads stills: faces, expression probabilities, facial actions, quality");
  auto flags = std::make_shared<PredictFlags>();
  verb->add_option("images", flags->images, "Pictures (jpeg, png, webp, bmp)")->required();
  verb->add_flag("--cropped", flags->cropped,
                 "Each picture is one cropped face already; nothing is detected");
  verb->add_flag("--landmarks", flags->landmarks, "With --json: the mesh's points in pixels");
  verb->add_flag("--json", flags->json, "One line of JSON a picture");
  flags->walk.settings.faces.max_faces = 16;  // a group photograph; nobody waits for the next frame
  add_walk_flags(*verb, flags->walk);
  verb->footer("Example: pyrometer predict photo.jpg --json");
  verb->callback([&chosen, flags] { chosen = [flags] { return predict(*flags); }; });
}

}  // namespace pyro::cli

// explain: where in a face the network sees a class; `explain session` what moved a score.
#include <algorithm>
#include <cstdio>

#include "explain/explain.hpp"
#include "explain/explain_face.hpp"
#include "pyro/pipeline/stills.hpp"
#include "pyro/records/notice.hpp"
#include "settings_words.hpp"

namespace pyro::cli {

Result<explain::FaceExplanation> explain_face(Explainer& by, const std::string& image, int number,
                                              const crop::GreyFace& picture) {
  explain::FaceExplanation out;
  out.image = image;
  out.face = number;
  out.picture = picture;
  out.model = by.model;
  out.head = by.head;
  out.method = "cam";
  explain::FacePixels input{};
  crop::normalise(picture, input);
  Result<signals::ClassMaps> maps = by.net.read(input);
  if (!maps) return tl::make_unexpected(maps.error());
  out.expression = maps->expression;
  const auto named = std::ranges::find(records::kEmotionNames, by.target);
  out.target = named != records::kEmotionNames.end()
                   ? static_cast<std::size_t>(named - records::kEmotionNames.begin())
                   : static_cast<std::size_t>(out.expression.label());
  out.map = {maps->height, maps->width, std::move(maps->maps[out.target])};
  const explain::Judge judge =
      [&](std::span<const explain::FacePixels> faces) -> Result<std::vector<double>> {
    std::vector<double> heights;
    for (const explain::FacePixels& face : faces) {
      const Result<signals::ClassMaps> seen = by.net.read(face);
      if (!seen) return tl::make_unexpected(seen.error());
      heights.push_back(seen->expression.p[out.target]);
    }
    return heights;
  };
  Result<explain::Faithfulness> faithful = explain::faithfulness(input, out.map, judge, by.options);
  if (!faithful) return tl::make_unexpected(faithful.error());
  out.faithfulness = std::move(*faithful);
  return out;
}

namespace {

struct ExplainFlags {
  std::vector<std::string> images;
  std::string target, out;
  double at_s = 0;
  explain::FaithfulnessOptions faithfulness;
  bool cropped = false, json = false;
  WalkFlags walk;
};

int explain_pictures(const ExplainFlags& flags) {
  if (flags.images.empty())
    return report(Error{ErrorCode::wrong_use,
                        "explain: give pictures, or the verb session; see pyrometer explain --help", ""},
                  flags.json);
  Result<pipeline::WalkSettings> settings = settle(flags.walk);
  if (!settings) return report(settings.error(), flags.json);
  settings->expressions = false;  // the class maps' network says them too
  const Result<infer::ModelStore> models = open_models(flags.walk.place);
  if (!models) return report(models.error(), flags.json);
  Result<pipeline::StillReader> reader = pipeline::StillReader::create(*models, *settings, flags.cropped);
  if (!reader) return report(reader.error(), flags.json);
  Result<signals::ClassMapNet> net =
      signals::ClassMapNet::create(*models, settings->expression_model, settings->head, settings->precision);
  if (!net) return report(net.error(), flags.json);
  Explainer by{std::move(*net), models->find(settings->expression_model)->reference(), flags.walk.head,
               flags.target, flags.faithfulness};
  int exit = 0;
  std::vector<explain::FaceExplanation> all;
  for (const std::string& image : flags.images) {
    const Result<std::vector<pipeline::StillFace>> faces = reader->read(image, Seconds{flags.at_s});
    if (!faces) {
      exit = std::max(exit, report(faces.error(), flags.json));
      continue;
    }
    int number = 0;
    for (const pipeline::StillFace& face : *faces) {
      ++number;
      if (!face.crop) {
        std::fprintf(stderr, "pyrometer: %s, face %d is not usable: %s\n", image.c_str(), number,
                     std::string{records::name_of(face.mesh.quality.reason)}.c_str());
        continue;
      }
      Result<explain::FaceExplanation> explained = explain_face(by, image, number, *face.crop);
      if (!explained) return report(explained.error(), flags.json);
      if (flags.json) {
        std::printf("%s\n", explain::to_json(*explained)
                                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                                .c_str());
      } else {
        std::printf("%s\n", explain::text_of(*explained).c_str());
      }
      all.push_back(std::move(*explained));
    }
    if (number == 0) std::fprintf(stderr, "pyrometer: %s: no face found\n", image.c_str());
  }
  if (!flags.out.empty()) {
    if (const Status written = explain::write_pictures(all, flags.out); !written)
      return report(written.error(), flags.json);
  }
  if (!flags.json) std::printf("%s\n", records::kNotice);
  return exit;
}

}  // namespace

void add_explain(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "explain", "Where in a face the network sees a class, and whether that map says the truth");
  verb->require_subcommand(0, 1);
  auto flags = std::make_shared<ExplainFlags>();
  verb->add_option("images", flags->images, "Pictures, or videos with --at");
  verb->add_option("--class", flags->target, "The class to explain; else each face's most probable")
      ->check(CLI::IsMember(
          std::vector<std::string>(records::kEmotionNames.begin(), records::kEmotionNames.end())));
  verb->add_option("--at", flags->at_s, "Of a video: the first frame from this second on")
      ->check(CLI::NonNegativeNumber);
  verb->add_option("--out", flags->out, "Write explanation.html and a PNG for each face")
      ->type_name("FOLDER");
  verb->add_option("--random", flags->faithfulness.random, "Random maps that the map is compared with")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb->add_option("--seed", flags->faithfulness.seed, "Of the random maps")->capture_default_str();
  verb->add_flag("--cropped", flags->cropped,
                 "Each picture is one cropped face already; nothing is detected");
  verb->add_flag("--json", flags->json, "One line of JSON a face");
  flags->walk.settings.faces.max_faces = 16;  // as predict
  add_walk_flags(*verb, flags->walk);
  verb->footer(
      "Examples: pyrometer explain photo.jpg --class sad --out explained\n"
      "          pyrometer explain session results/ --html session.html");
  verb->callback([&chosen, flags, verb] {
    if (verb->get_subcommands().empty()) chosen = [flags] { return explain_pictures(*flags); };
  });
  add_explain_session(*verb, chosen);
}

}  // namespace pyro::cli
